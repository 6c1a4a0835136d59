"""What it costs to tell how loaded everybody is, at once, from Redis, and after one record or the model has changed."""

import gc
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from remit.cache.redis import RedisCounts
from remit.domain.changes import SetAssignment
from remit.domain.load import Load
from remit.domain.records import Pulled, StatusCategory
from remit.resolution.signals.windows import DAYS
from remit.usecases.ask_load import Wanted, listed, survey
from remit.usecases.change_model import change_model
from remit.usecases.count_areas import count_areas
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.shelf import Shelf
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.budgets import Section, Stopwatch, resident_mb
from support.databases import Databases
from support.desks import JIRA
from support.large_records import NOW, filled

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
ABOUT = """The generated organisation of section 6 with half as many people as areas and ten issues an area. Count:
what makes work in every area over seven windows, as a process does that has just begun, or read from Redis as another
has counted it. The first page of `loads`: the numbers and signals of fifty people, the most loaded of all, for which
everybody is reckoned. Nothing kept: model, holders and counts are found anew; again: nothing has changed, the median of
twenty; with every contribution: the same, and each thing that is asked of these people with what makes it; one record:
an issue is done and the page is told anew, the median of twenty, each in another area; another owner: a team has
another one. The limit reads the courses of all issues into columns. Wall clock. Growth is for ten times as many areas,
issues and people: 10 is linear, 1 does not depend on the size."""
PER_AREA, PAGE = 10, 50
SMALL, LARGE = 1_000, 10_000
TRIES = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, and megabytes."""

    read_s: float
    nothing_kept_s: float
    count_s: float
    redis_s: float
    again_s: float
    contributions_s: float
    contributions: int
    record_s: float
    owner_s: float
    memory_mb: float


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    with Stopwatch() as watch:
        await work()
    return watch.spent.wall_s


async def first_page(desk: Desk) -> list[Load]:
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    told = [found.load(person) for person in listed(snap, found, Wanted())[:PAGE]]
    assert len(told) == PAGE
    assert told[0].contributions
    return told


async def cost(databases: Databases, redis: Redis, areas: int) -> Cost:
    await redis.flushall()
    async with filled(databases, areas, PER_AREA) as (_, bare):
        model = (await snapshot(bare, Moment())).model
        await settle_evidence(bare, model)
        read_s = await timed(lambda: bare.evidence.courses(tuple(model.areas)))
        gc.collect()
        before_mb = resident_mb()
        desk = replace(bare, shelf=Shelf(), counts=RedisCounts(redis))
        nothing_kept_s = await timed(lambda: first_page(desk))
        memory_mb = resident_mb() - before_mb
        snap = await snapshot(desk, Moment())
        areas = tuple(sorted(model.areas))
        count_s = await timed(lambda: count_areas(replace(desk, shelf=Shelf(), counts=None), snap, areas, DAYS))
        redis_s = await timed(lambda: count_areas(replace(desk, shelf=Shelf()), snap, areas, DAYS))
        again_s = statistics.median([await timed(lambda: first_page(desk)) for _ in range(TRIES)])
        with Stopwatch() as watch:
            contributions = sum(len(list(one.contributions)) for one in await first_page(desk))
        records = [await one_record(desk, str(number + 1)) for number in range(TRIES)]
        owner_s = await another_owner(desk)
        record_s = statistics.median(records)
        return Cost(
            read_s,
            nothing_kept_s,
            count_s,
            redis_s,
            again_s,
            watch.spent.wall_s,
            contributions,
            record_s,
            owner_s,
            memory_mb,
        )


async def one_record(desk: Desk, id_: str) -> float:
    """Seconds from the page with an issue that is done to the loads."""
    item = (await desk.mirror.by_ids(JIRA, [id_]))[id_].item
    done = replace(
        item, status="Closed", category=StatusCategory.DONE, resolved=NOW, updated=NOW + timedelta(seconds=1)
    )
    with Stopwatch() as watch:
        await take_records(desk, JIRA, Page((Pulled(done, b"{}"),)))
        await first_page(desk)
    return watch.spent.wall_s


async def another_owner(desk: Desk) -> float:
    """Seconds to the loads after a change."""
    change = SetAssignment(area="team-1", responsibility="all", function="product_management", owner="p0")
    done = await change_model(desk, [change], actor="bench", reason="bench")
    assert done.is_recorded
    return await timed(lambda: first_page(desk))


async def test_telling_how_loaded_everybody_is(
    databases: Databases, one_redis_url: str, section: Callable[[str, str], Section]
) -> None:
    shown = section("9. How loaded everybody is", ABOUT)
    async with Redis.from_url(one_redis_url, protocol=2) as redis:
        small, large = await cost(databases, redis, SMALL), await cost(databases, redis, LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):
        what = f"{size:,} areas, {size // 2:,} people"
        shown.add(f"{what}: read (limit)", f"{told.read_s:.2f} s", "1.00")
        for name, spent_s in (
            ("count every area", told.count_s),
            ("every area's counts from Redis", told.redis_s),
            ("first page, nothing kept", told.nothing_kept_s),
            ("first page, again", told.again_s),
            (f"first page, with every contribution ({told.contributions:,})", told.contributions_s),
            ("first page, one record", told.record_s),
            ("first page, another owner", told.owner_s),
        ):
            shown.add(f"{what}: {name}", f"{spent_s * 1000:,.0f} ms", f"{spent_s / told.read_s:.2f}")
        shown.add(f"{what}: what it holds in memory", f"{told.memory_mb:.0f} MB")
    for name, growth in (
        ("nothing kept", large.nothing_kept_s / small.nothing_kept_s),
        ("again", large.again_s / small.again_s),
        ("one record", large.record_s / small.record_s),
    ):
        shown.add(f"growth for ten times as much: {name}", f"{growth:.2f}", f"{growth:.2f}")
