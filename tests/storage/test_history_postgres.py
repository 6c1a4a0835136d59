"""The history of nodes in PostgreSQL: one statement, by an index, of exactly the rows that name a node."""

import msgspec
import pytest
from hypothesis import given, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.facts import Body, FactKind, Facts
from remit.domain.history import Excerpt, Node
from remit.ports import Head, Recording
from remit.storage import history
from remit.storage.engine import connect, reading
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from support.counting import count_statements
from support.memory_history import names
from support.model_strategies import models
from support.models import an_area, an_assignment

NAMES = text("""
SELECT fact_names(kind, body::jsonb) FROM unnest(CAST(:kinds AS text[]), CAST(:bodies AS text[])) AS told (kind, body)
""")
A_THOUSAND = tuple(an_area(f"a{number}") for number in range(1000))


@settings(max_examples=30)
@given(models())
async def test_the_database_and_the_domain_name_the_same_nodes(postgres_url: str, migrated: str, facts: Facts) -> None:
    bodies: list[Body] = [fact.body for fact in facts.declared]
    told = [msgspec.json.encode(body).decode() for body in bodies]
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        async with reading(engine) as connection:
            found = await connection.scalars(NAMES, {"kinds": [f.kind for f in facts.declared], "bodies": told})
            assert [frozenset(one) for one in found] == [names(body) for body in bodies]
        await engine.dispose()


@pytest.mark.parametrize("count", [1, 200])
async def test_any_number_of_nodes_costs_one_statement(engine: AsyncEngine, count: int) -> None:
    store = PostgresModels(engine)
    await store.record(Recording("ana", "", A_THOUSAND, (), "digest", Head(0, "", None)))
    asked = [Excerpt(Node(FactKind.AREA, f"a{number}"), 5) for number in range(count)]
    with count_statements(engine) as statements:
        found = await store.pasts(asked)
    assert [found[one].total for one in asked] == [1] * count
    assert len(statements) == 1


async def test_no_table_is_read_whole(engine: AsyncEngine) -> None:
    """Rows of any kind are found by the index on names and by their key, however many there are."""
    rows = tuple(an_assignment(f"a{number}", "ana") for number in range(1000))
    store = PostgresModels(engine)
    await store.record(Recording("ana", "", (*A_THOUSAND, *rows), (), "digest", Head(0, "", None)))
    async with reading(engine) as connection:
        await connection.execute(text("ANALYZE"))
        await connection.execute(text("SET enable_seqscan = off"))  # most of these tables are empty, and so read whole
        explained = text(f"EXPLAIN (COSTS OFF) {history.PAGES}").bindparams(*history.PAGES._bindparams.values())
        told = await connection.scalars(explained, history.columns([Excerpt(Node(FactKind.AREA, "a7"), 5)]))
        plan = list(told)
        await connection.execute(text("RESET enable_seqscan"))
    assert [line for line in plan if "Seq Scan" in line] == []
    for kind in FactKind:
        assert any(f"fact_{kind}_fact_names_idx" in line for line in plan), kind
