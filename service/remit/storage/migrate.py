"""Brings a database to the schema this version needs; safe to run from many processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from remit.domain.errors import Broken
from remit.storage.engine import database_url, reading, writing

MIGRATING = 0x52656D69  # "Remi": the advisory lock that lets one process migrate at a time


async def upgrade(url: str) -> None:
    """Apply every missing step in one transaction; raises Broken when the database cannot be reached."""
    engine = create_async_engine(database_url(url), poolclass=NullPool)
    async with writing(engine) as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        await connection.run_sync(_upgrade)


async def require_current(engine: AsyncEngine) -> None:
    """Raises Broken, saying what to do, unless the schema is the one this version needs."""
    async with reading(engine) as connection:
        present = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    needed = ScriptDirectory.from_config(_config()).get_current_head()
    if present != needed:
        raise Broken(f"the database schema is at {present or 'nothing'}, this needs {needed}; run `remit migrate`")


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
