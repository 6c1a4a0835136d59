"""The history of nodes in PostgreSQL: one statement, by an index, of exactly the rows that name a node."""

import msgspec
import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.facts import Body, FactKind, Facts
from remit.domain.history import Excerpt, Node
from remit.domain.ids import OwnerKey
from remit.domain.policy import Confirmation
from remit.ports import Head, Recording
from remit.storage import history
from remit.storage.engine import connect, reading, writing
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from support.counting import count_statements
from support.memory_history import names
from support.model_strategies import models
from support.models import a_fact, an_area, an_assignment

NAMES = text("""
SELECT fact_names(kind, body::jsonb) FROM unnest(CAST(:kinds AS text[]), CAST(:bodies AS text[])) AS told (kind, body)
""")
A_THOUSAND = tuple(an_area(f"a{number}") for number in range(1000))


@settings(max_examples=30, phases=[Phase.explicit, Phase.generate])  # to shrink would ask the database for minutes
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


async def plan(engine: AsyncEngine, asked: list[Excerpt], *settings: str) -> list[str]:
    """How PostgreSQL goes about these, once it knows how large its tables are."""
    explain = text(f"EXPLAIN (COSTS OFF) {history.PAGES}").bindparams(*history.PAGES._bindparams.values())
    async with writing(engine) as connection:
        for statement in ("ANALYZE", *settings):
            await connection.execute(text(statement))
        return list(await connection.scalars(explain, history.columns(asked)))


@pytest.fixture
async def crowded(engine: AsyncEngine) -> AsyncEngine:
    """A thousand areas, each with an assignment that was confirmed."""
    held = [an_assignment(f"a{number}", "ana") for number in range(1000)]
    confirmed = [a_fact(Confirmation(fact.key, OwnerKey("ana"), "eva")) for fact in held]
    change = Recording("ana", "", (*A_THOUSAND, *held, *confirmed), (), "digest", Head(0, "", None))
    await PostgresModels(engine).record(change)
    return engine


async def test_no_table_that_is_full_is_read_whole_however_many_nodes_are_asked_for(crowded: AsyncEngine) -> None:
    asked = [Excerpt(Node(FactKind.AREA, f"a{number}"), 50) for number in range(200)]
    full = ("fact_area", "fact_assignment", "fact_confirmation")
    told = await plan(crowded, asked)
    assert [line for line in told if "Seq Scan" in line and line.split(" on ")[1].startswith(full)] == []


async def test_every_table_has_an_index_from_a_node_to_its_rows(crowded: AsyncEngine) -> None:
    """Tables that are empty would be read whole, which costs nothing, if that were not forbidden here."""
    told = await plan(crowded, [Excerpt(Node(FactKind.AREA, "a7"), 5)], "SET LOCAL enable_seqscan = off")
    assert [line for line in told if "Seq Scan" in line] == []
    assert [kind for kind in FactKind if not any(f"fact_{kind}_fact_names_idx" in line for line in told)] == []
