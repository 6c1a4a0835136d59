"""What is kept of areas for loads: the same as counted anew, and only what changed is counted again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.codec import decode_counts, encode_counts
from remit.cache.redis import RedisCounts, name_of_counts
from remit.domain.changes import Change, SetAssignment, SetMinutes
from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.records import Gone
from remit.ports import CountKey, CountRows
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_load import Wanted, listed, survey
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.shelf import Shelf
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.counting import count_commands, count_statements
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled

A_PAGE = Page(
    (pulled(an_issue("SHOP-1", created=NOW - timedelta(days=1))), pulled(an_issue("SHOP-2", components=("Checkout",))))
)


class Bytes:
    """A cache like Redis: bytes under names."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, keys: Sequence[CountKey]) -> Mapping[CountKey, CountRows]:
        found = {key: decode_counts(self.kept.get(name_of_counts(key), b"")) for key in keys}
        return {key: rows for key, rows in found.items() if rows is not None}

    async def put(self, counts: Mapping[CountKey, CountRows]) -> None:
        self.kept |= {name_of_counts(key): encode_counts(rows) for key, rows in counts.items()}


numbers = st.integers(min_value=1, max_value=6)
events = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), numbers, st.booleans()),
        st.tuples(st.just("goes"), numbers, st.booleans()),
        st.tuples(st.just("hours"), st.integers(min_value=1, max_value=60), st.booleans()),
        st.tuples(st.just("owner"), numbers, st.booleans()),
        st.tuples(st.just("minutes"), numbers, st.booleans()),
    ),
    max_size=8,
)


def change(kind: str, number: int, in_checkout: bool) -> Change:
    """Another owner of the shop or the checkout, or another assumption of how long something takes."""
    if kind == "minutes":
        return SetMinutes(responsibility="backlog_management", driver="arrivals", minutes=float(number))
    return SetAssignment(
        area="checkout" if in_checkout else "shop",
        responsibility="all",
        function="product_management",
        owner=("ana", "pat")[number % 2],
    )


async def told(desk: Desk) -> object:
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    return [found.load(person) for person in listed(snap, found, Wanted())]


@given(events)
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
async def test_what_is_kept_is_what_would_be_counted_anew(happened: list[tuple[str, int, bool]]) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, counts=Bytes())
    for kind, number, in_checkout in happened:
        if kind == "comes":
            components = ("Checkout",) if in_checkout else ()
            issue = an_issue(
                f"SHOP-{number}", components=components, created=NOW - timedelta(days=3), updated=clock.now
            )
            await take_records(desk, JIRA, Page((pulled(issue),)))
        elif kind == "goes":
            gone = Gone(JIRA, an_issue(f"SHOP-{number}").id, clock.now)
            await take_records(desk, JIRA, Page(gone=(gone,)))
        elif kind in ("owner", "minutes"):
            await change_model(desk, [change(kind, number, in_checkout)], actor="ana", reason="as things went")
        clock.goes_on(hours=number if kind == "hours" else 1)
        anew = await told(replace(desk, shelf=Shelf(), counts=None))
        assert await told(desk) == anew
        assert await told(replace(desk, shelf=Shelf())) == anew  # another process, which has nothing but the bytes


class Noting(PostgresEvidence):
    """Notes of which areas it is asked."""

    asked: list[Collection[AreaKey]]

    async def courses(self, areas: Collection[AreaKey]) -> Courses:
        self.asked.append(areas)
        return await super().courses(areas)


async def test_of_one_changed_record_only_its_area_is_counted_again(engine: AsyncEngine) -> None:
    evidence = Noting(engine)
    evidence.asked = []
    desk = await a_desk(clock=AClock(), models=PostgresModels(engine), mirror=PostgresMirror(engine))
    desk = replace(desk, evidence=evidence)
    issues = [an_issue("SHOP-1", created=NOW - timedelta(days=1)), an_issue("SHOP-2", components=("Checkout",))]
    await take_records(desk, JIRA, Page(tuple(map(pulled, issues))))
    await told(desk)
    await told(desk)
    assert evidence.asked == [("acme", "checkout", "shop")]
    newer = an_issue("SHOP-3", components=("Checkout",), created=NOW - timedelta(days=1))
    await take_records(desk, JIRA, Page((pulled(newer),)))
    await told(desk)
    assert evidence.asked[1:] == [("checkout",)]


async def test_another_process_reads_what_was_counted_in_one_round_trip_and_counts_nothing(
    engine: AsyncEngine, redis: Redis
) -> None:
    desk = await a_desk(
        models=PostgresModels(engine),
        mirror=PostgresMirror(engine),
        counts=RedisCounts(redis),
    )
    await take_records(desk, JIRA, A_PAGE)
    before = await told(desk)
    other = replace(desk, shelf=Shelf())
    async with count_commands(redis) as commands:
        with count_statements(engine) as statements:
            assert await told(other) == before
    assert commands == {"mget": 1}
    assert not any("FROM evidence WHERE" in one for one in statements)


async def test_counts_of_another_shape_are_counted_anew(redis: Redis) -> None:
    kept = RedisCounts(redis)
    desk = await a_desk(counts=kept)
    await take_records(desk, JIRA, A_PAGE)
    before = await told(desk)
    names = await redis.keys("remit:counts:*")
    assert len(names) == 3
    for name in names:
        await redis.set(name, encode_counts(((1, 2), (3,))))
    assert await told(replace(desk, shelf=Shelf())) == before


async def test_without_redis_everything_is_counted_here() -> None:
    gone = Redis.from_url("redis://127.0.0.1:1/0")
    desk = await a_desk(counts=RedisCounts(gone))
    await take_records(desk, JIRA, A_PAGE)
    assert await told(desk) == await told(replace(desk, shelf=Shelf(), counts=None))
    await gone.aclose()


async def test_a_record_that_comes_between_a_question_and_its_counting_is_not_left_out_for_good() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    early = await snapshot(desk, Moment())
    clock.goes_on(hours=1)
    issue = an_issue("SHOP-1", created=clock.now - timedelta(minutes=1), updated=clock.now)
    await take_records(desk, JIRA, Page((pulled(issue),)))
    await survey(desk, early)
    found = await survey(desk, await snapshot(desk, Moment()))
    assert found.grounds.drivers[0].issues.sum() == 1
