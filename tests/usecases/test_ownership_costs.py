"""What a question costs does not depend on how much is asked: SQL statements and Redis commands, counted exactly."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.redis import RedisAnswers
from remit.domain.ids import AreaKey
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_ownership import area_ownership, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_commands, count_statements
from support.desks import NOW, a_desk, a_move, a_page, an_issue

LATER = NOW + timedelta(days=365)
NUMBER = 200
AREAS = [f"team-{index}" for index in range(NUMBER)]
KEYS = [f"SHOP-{index}" for index in range(NUMBER)]
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
""" + "".join(
    f"  - {{key: {area}, name: {area}, kind: team, parent: acme, jira: [{{project: SHOP, component: {area}}}]}}\n"
    for area in AREAS
)


@dataclass(frozen=True)
class Counted:
    desk: Desk
    engine: AsyncEngine
    redis: Redis


@pytest.fixture
async def counted(engine: AsyncEngine, redis: Redis) -> Counted:
    """A desk over PostgreSQL and Redis, with 200 areas and an issue in each."""
    items = [
        an_issue(key, components=(area,), parent=f"SHOP-{index + 1}")
        for index, (key, area) in enumerate(zip(KEYS, AREAS, strict=True))
    ]
    models, mirror = PostgresModels(engine), PostgresMirror(engine)
    desk = await a_desk(model=MODEL, items=items, models=models, mirror=mirror, kept=RedisAnswers(redis))
    await snapshot(desk, Moment())
    return Counted(desk, engine, redis)


@pytest.mark.parametrize("number", [1, NUMBER])
async def test_issues_cost_four_statements_and_one_read_of_the_cache(counted: Counted, number: int) -> None:
    for written in ({"set": number}, {}):
        with count_statements(counted.engine) as statements:
            async with count_commands(counted.redis) as commands:
                snap = await snapshot(counted.desk, Moment())
                answers = await issue_ownership(counted.desk, snap, KEYS[:number])
        assert [answers[key].area for key in KEYS[:number]] == AREAS[:number]
        assert len(statements) == 4, "the model's head, the sources, the issues, the watermarks"
        assert commands == {"mget": 1} | written


@pytest.mark.parametrize("number", [1, NUMBER])
async def test_issues_of_another_moment_cost_one_statement_more(counted: Counted, number: int) -> None:
    moved = tuple(a_move(an_issue(key).id, f"OLD-{index}", key, at=NOW) for index, key in enumerate(KEYS))
    await counted.desk.mirror.take(a_page(events=moved))
    for moment in (Moment(as_of=NOW), Moment(known_at=LATER), Moment(NOW, LATER)):
        snap = await snapshot(counted.desk, moment)
        with count_statements(counted.engine) as statements:
            answers = await issue_ownership(counted.desk, snap, KEYS[:number])
        assert [answers[key].area for key in KEYS[:number]] == AREAS[:number]
        assert ["backlog_event" in statement for statement in statements] == [False, True, False]


@pytest.mark.parametrize("number", [1, NUMBER])
async def test_areas_cost_one_statement_and_one_read_of_the_cache(counted: Counted, number: int) -> None:
    snap = await snapshot(counted.desk, Moment())
    asked = [AreaKey(area) for area in AREAS[:number]]
    for written in ({"set": number}, {}):
        with count_statements(counted.engine) as statements:
            async with count_commands(counted.redis) as commands:
                assert list(await area_ownership(counted.desk, snap, asked)) == asked
        assert len(statements) == 1, "the watermarks"
        assert commands == {"mget": 1} | written


async def test_a_snapshot_costs_two_statements_and_a_third_when_the_model_is_new_here(counted: Counted) -> None:
    fresh = Desk(
        counted.desk.catalogue,
        counted.desk.models,
        counted.desk.mirror,
        counted.desk.kept,
        counted.desk.clock,
        evidence=counted.desk.evidence,
    )
    for expected in (3, 2):
        with count_statements(counted.engine) as statements:
            await snapshot(fresh, Moment())
        assert len(statements) == expected
