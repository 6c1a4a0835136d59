"""Brings a database to the schema this version needs; safe to run from many processes at once."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from remit.domain.errors import Broken
from remit.storage.engine import database_url, reading, writing

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATING = 0x52656D69  # "Remi": the advisory lock that lets one process migrate at a time


async def upgrade(url: str, to: str = "head") -> None:
    """Apply every missing step, as far as `to`, in one transaction; raises Broken when the database is out of reach."""
    engine = create_async_engine(database_url(url), poolclass=NullPool)
    async with writing(engine, within_s=None) as connection:  # an index on years of records takes its time
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        await connection.run_sync(_upgrade, to)


async def require_current(engine: AsyncEngine) -> None:
    """Raises Broken, saying what to do, unless the schema is the one this version needs."""
    async with reading(engine) as connection:
        there = (await connection.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL"))).scalar_one()
        asked = text("SELECT version_num FROM alembic_version")
        present = (await connection.execute(asked)).scalar_one_or_none() if there else None
    needed = newest()
    if present != needed:
        raise Broken(f"the database schema is at {present or 'nothing'}, this needs {needed}; run `remit migrate`")


def newest() -> str:
    """The revision this version needs: that of the last file in `versions`, named after it (`v0001_...`)."""
    return max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # costs a quarter of a second, which only those who migrate should pay
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
