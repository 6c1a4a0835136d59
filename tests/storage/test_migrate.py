"""The schema is made once, whoever asks and how often, and is the one that queries expect."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.domain.facts import FactKind
from remit.domain.history import Excerpt, Node
from remit.domain.ids import SourceName
from remit.ports import Recording, SourceState
from remit.storage.engine import connect, reading, writing
from remit.storage.migrate import newest, require_current, upgrade
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.storage.tables import METADATA
from support.desks import NOW
from support.models import a_function, a_lens, an_area, an_assignment

HOUR = timedelta(hours=1)
AN_ITEM = """
INSERT INTO backlog_item (source, id, key, project, type, summary, status, category, created, updated, components,
  labels, team, raw, first_seen)
VALUES ('jira', '1', 'SHOP-1', 'SHOP', 'Bug', '', '', 'new', :at, :at, '{}', '{}', '{}', '', :at)
"""
AN_EVENT = """
INSERT INTO backlog_event (source, item_id, change_id, position, at, field)
VALUES ('jira', :item, :change, 0, :at, 'status')
"""
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
    assert caught.value.message == f"the database schema is at nothing, this needs {newest()}; run `remit migrate`"


async def test_a_database_of_a_later_version_is_refused(engine: AsyncEngine) -> None:
    async with writing(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Broken, match=f"the database schema is at 9999, this needs {newest()}"):
        await require_current(engine)


async def test_changes_there_before_count_as_read_with_their_issue_yet_never_before_they_happened(
    postgres_url: str,
) -> None:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    events = {"old": at - HOUR, "new": at + HOUR}
    async with scratch_database(postgres_url) as url:
        await upgrade(url, to="0001")
        engine = connect(url)
        async with writing(engine) as connection:
            await connection.execute(text(AN_ITEM), {"at": at})
            for change, happened in events.items():
                await connection.execute(text(AN_EVENT), {"item": "1", "change": change, "at": happened})
            await connection.execute(text(AN_EVENT), {"item": "2", "change": "lost", "at": at})
        await upgrade(url)
        async with reading(engine) as connection:
            found = (await connection.execute(text("SELECT change_id, seen_at FROM backlog_event"))).all()
        await engine.dispose()
    assert {row.change_id: row.seen_at for row in found} == {"old": at, "new": at + HOUR, "lost": at}


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


async def test_every_kind_of_fact_has_a_place_of_its_own(engine: AsyncEngine) -> None:
    places = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'fact'::regclass"
    async with reading(engine) as connection:
        found = (await connection.execute(text(places))).scalars().all()
    assert sorted(found) == sorted(f"fact_{kind}" for kind in FactKind)


async def test_what_was_declared_before_lenses_and_minutes_is_read_and_found_as_before(postgres_url: str) -> None:
    shop, held = (an_area("shop"), an_assignment("shop", "ana"))
    async with scratch_database(postgres_url) as url:
        await upgrade(url, to="0005")
        engine = connect(url)
        models = PostgresModels(engine)
        head = await models.record(Recording("ana", "", (shop, held), (), "digest", await models.head()))
        excerpt = Excerpt(Node(FactKind.AREA, "shop"), 9)
        before = await models.facts(head), await models.pasts([excerpt])
        await upgrade(url)
        assert (await models.facts(head), await models.pasts([excerpt])) == before
        assert [entry.key for entry in before[1][excerpt].entries] == [shop.key, held.key]
        await engine.dispose()


async def test_what_was_declared_before_lenses_had_a_history_is_found_by_its_lens(postgres_url: str) -> None:
    told = (a_lens("rhythm"), a_function("design", rhythm="weekly"), an_area("shop"))
    lens, shop = Excerpt(Node(FactKind.LENS, "rhythm"), 9), Excerpt(Node(FactKind.AREA, "shop"), 9)
    async with scratch_database(postgres_url) as url:
        await upgrade(url, to="0011")
        engine = connect(url)
        models = PostgresModels(engine)
        await models.record(Recording("ana", "", told, (), "digest", await models.head()))
        before = await models.pasts([lens, shop])
        await upgrade(url)
        after = await models.pasts([lens, shop])
        await engine.dispose()
    assert (before[lens].total, [entry.key for entry in after[lens].entries]) == (0, ["design", "rhythm"])
    assert after[shop] == before[shop]


async def test_the_last_success_of_each_source_begins_the_record_of_them(postgres_url: str) -> None:
    state = "INSERT INTO source_state (name, last_success_at, failures) VALUES ('jira', :at, 0), ('mail', NULL, 0)"
    async with scratch_database(postgres_url) as url:
        await upgrade(url, to="0011")
        engine = connect(url)
        async with writing(engine) as connection:
            await connection.execute(text(state), {"at": NOW})
        await upgrade(url)
        known = await PostgresMirror(engine).sources(NOW)
        await engine.dispose()
    assert known == (SourceState(SourceName("jira"), last_success_at=NOW), SourceState(SourceName("mail")))


def columns(metadata: MetaData, table: str) -> list[tuple[str, str, bool, bool]]:
    """Of each column: name, type, whether it may be null, whether it is part of the primary key."""
    found = metadata.tables[table].columns
    return sorted((c.name, c.type.compile(DIALECT), bool(c.nullable), c.primary_key) for c in found)
