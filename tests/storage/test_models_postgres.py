"""What PostgreSQL itself makes sure of: no fact changed by hand, no overlap, and a change of any size at once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.areas import Area
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey
from remit.domain.intervals import ALWAYS
from remit.ports import Head, Recording
from remit.storage.engine import writing
from remit.storage.models import PostgresModels
from support.counting import count_statements
from support.desks import NOW

FACTS = "SELECT kind, key, valid, recorded, body, opened_by, closed_by FROM fact ORDER BY kind, key, recorded"
CHANGES = "SELECT id, recorded_at, actor, reason, digest FROM change ORDER BY id"
ANOTHER_FACT = """
INSERT INTO fact (kind, key, valid, recorded, body, opened_by)
SELECT kind, {key}, {valid}, {recorded}, body, opened_by FROM fact
"""
TWO_ACCOUNTABLES = """
INSERT INTO fact (kind, key, valid, recorded, body, opened_by)
SELECT 'assignment', owner, tstzrange(NULL, NULL), tstzrange(recorded_at, NULL),
  jsonb_build_object('area', 'shop', 'responsibility', 'all', 'function', 'product_management', 'inherit', 'inherit',
    'letter', 'accountable', 'owner', owner), id
FROM change, (VALUES ('ana'), ('pat')) AS owners (owner)
"""
REOPENED = "UPDATE fact SET recorded = tstzrange(lower(recorded), NULL), closed_by = NULL"
A_CHANGE = "INSERT INTO change (recorded_at, actor, reason, digest) VALUES ('{at}', 'ana', '', 'one')"


def areas(number: int, name: str) -> tuple[Fact[Body], ...]:
    keys = (f"area-{index}" for index in range(number))
    return tuple(Fact(key, Area(AreaKey(key), name, "team", AreaKey("acme"))) for key in keys)


async def recorded(engine: AsyncEngine, number: int = 1) -> Head:
    models = PostgresModels(engine)
    return await models.record(Recording("ana", "because", areas(number, "Old"), (), "one", await models.head()))


async def rows(engine: AsyncEngine) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for query in (FACTS, CHANGES) for row in await connection.execute(text(query))]


async def by_hand(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fact SET body = '{}'",
        "UPDATE fact SET key = 'another'",
        "UPDATE fact SET valid = tstzrange(now(), NULL)",
        "UPDATE fact SET opened_by = opened_by + 1",
        "UPDATE fact SET recorded = tstzrange('-infinity', now()), closed_by = opened_by",
        "UPDATE fact SET recorded = tstzrange(lower(recorded), NULL)",
        "DELETE FROM fact",
        "UPDATE change SET reason = 'another'",
        "DELETE FROM change",
    ],
)
async def test_nothing_declared_is_changed_or_deleted_by_hand(engine: AsyncEngine, statement: str) -> None:
    await recorded(engine)
    before = await rows(engine)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        await by_hand(engine, statement)
    assert await rows(engine) == before


async def test_a_closed_fact_is_not_opened_again_by_hand(engine: AsyncEngine) -> None:
    models = PostgresModels(engine)
    head = await recorded(engine)
    await models.record(Recording("ana", "no more", (), areas(1, "Old"), "two", head))
    before = await rows(engine)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        await by_hand(engine, REOPENED)
    assert await rows(engine) == before


@pytest.mark.parametrize(
    ("what", "constraint"),
    [
        pytest.param({}, "fact_area_pkey", id="the same window twice"),
        pytest.param(
            {"valid": "tstzrange(now(), NULL)"}, "fact_area_kind_key_valid_recorded_excl", id="overlapping windows"
        ),
        pytest.param({"recorded": "'empty'"}, "recorded", id="a belief of no time"),
        pytest.param({"key": "'other'", "valid": "'empty'"}, "valid", id="a window of no time"),
        pytest.param({"key": "''"}, "key", id="no key"),
    ],
)
async def test_the_database_itself_refuses(engine: AsyncEngine, what: dict[str, str], constraint: str) -> None:
    await recorded(engine)
    before = await rows(engine)
    like = {"key": "key", "valid": "valid", "recorded": "recorded"}
    with pytest.raises(IntegrityError, match=constraint):
        await by_hand(engine, ANOTHER_FACT.format(**like | what))
    assert await rows(engine) == before


async def test_the_database_itself_refuses_two_explicit_accountables(engine: AsyncEngine) -> None:
    await recorded(engine)
    with pytest.raises(IntegrityError, match="one_explicit_accountable"):
        await by_hand(engine, TWO_ACCOUNTABLES)
    assert len(await rows(engine)) == 2


@pytest.mark.parametrize("number", [1, 1_000])
async def test_a_change_of_any_size_is_six_statements_and_read_by_one(engine: AsyncEngine, number: int) -> None:
    models = PostgresModels(engine)
    head = await recorded(engine, number)
    change = Recording("ana", "renamed", areas(number, "New"), areas(number, "Old"), "two", head)
    with count_statements(engine) as statements:
        new = await models.record(change)
    assert len(statements) == 6, "the lock, the head, the change, what ends, what begins, its event"
    with count_statements(engine) as statements:
        found = await models.facts(new)
    assert len(statements) == 1
    assert {fact.body for fact in found} == {fact.body for fact in areas(number, "New")}


async def test_a_clock_set_back_does_not_put_a_change_before_an_earlier_one(engine: AsyncEngine) -> None:
    ahead = NOW.replace(year=2999)
    await by_hand(engine, A_CHANGE.format(at=ahead))
    head = await recorded(engine)
    assert head.recorded_at == ahead + timedelta(microseconds=1)


async def test_an_infinite_bound_written_by_another_hand_is_read_as_none(engine: AsyncEngine) -> None:
    """The driver reads it as an instant without an offset, which nothing could be compared with."""
    async with writing(engine) as connection:
        await connection.execute(text(
            "INSERT INTO change (recorded_at, actor, reason, digest) VALUES ('2026-01-01Z', 'a hand', '', 'd')"
        ))  # fmt: skip
        await connection.execute(text(
            "INSERT INTO fact (kind, key, valid, recorded, body, opened_by) SELECT 'function', 'x', "
            "'[-infinity,infinity)', '[2026-01-01Z,)', jsonb_build_object('key', 'x', 'name', 'X'), id FROM change"
        ))  # fmt: skip
    store = PostgresModels(engine)
    (fact,) = await store.facts(await store.head())
    assert fact.valid == ALWAYS
