"""The schema is made once, whoever asks and how often, and is the one that queries expect."""

import asyncio
import sys

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.storage.engine import connect, reading, writing
from remit.storage.migrate import require_current, upgrade
from remit.storage.scratch import scratch_database
from remit.storage.tables import METADATA

DIALECT = postgresql.dialect()
UPGRADE = "import asyncio, sys; from remit.storage.migrate import upgrade; asyncio.run(upgrade(sys.argv[1]))"


async def test_upgrading_again_changes_nothing(postgres_url: str) -> None:
    async with scratch_database(postgres_url) as url:
        await upgrade(url)
        engine = connect(url)
        async with writing(engine) as connection:
            await connection.execute(text("INSERT INTO source_state (name) VALUES ('jira')"))
        await upgrade(url)
        await require_current(engine)
        async with reading(engine) as connection:
            assert (await connection.execute(text("SELECT name FROM source_state"))).scalars().all() == ["jira"]
        await engine.dispose()


async def test_two_processes_may_upgrade_at_once(postgres_url: str) -> None:
    async with scratch_database(postgres_url) as url:
        both = [await asyncio.create_subprocess_exec(sys.executable, "-c", UPGRADE, url) for _ in range(2)]
        assert [await process.wait() for process in both] == [0, 0]
        engine = connect(url)
        await require_current(engine)
        await engine.dispose()


async def test_a_database_without_the_schema_is_refused(postgres_url: str) -> None:
    async with scratch_database(postgres_url) as url:
        engine = connect(url)
        with pytest.raises(Broken) as caught:
            await require_current(engine)
        await engine.dispose()
    assert caught.value.message == "the database schema is at nothing, this needs 0001; run `remit migrate`"


async def test_a_database_of_a_later_version_is_refused(engine: AsyncEngine) -> None:
    async with writing(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Broken, match="the database schema is at 9999, this needs 0001"):
        await require_current(engine)


async def test_an_absent_database_is_one_sentence() -> None:
    with pytest.raises(Broken, match="cannot be reached"):
        await upgrade("postgresql://127.0.0.1:1/remit")


async def test_the_tables_are_those_that_queries_expect(engine: AsyncEngine) -> None:
    made = MetaData()
    async with reading(engine) as connection:
        await connection.run_sync(lambda sync: made.reflect(sync, only=list(METADATA.tables)))
        tables = await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync))
    assert {name: columns(made, name) for name in METADATA.tables} == {
        name: columns(METADATA, name) for name in METADATA.tables
    }
    unknown = {name for name in tables if name not in METADATA.tables and not name.startswith("fact_")}
    assert unknown == {"alembic_version"}


def columns(metadata: MetaData, table: str) -> list[tuple[str, str, bool, bool]]:
    """Of each column: name, type, whether it may be null, whether it is part of the primary key."""
    found = metadata.tables[table].columns
    return sorted((c.name, c.type.compile(DIALECT), bool(c.nullable), c.primary_key) for c in found)
