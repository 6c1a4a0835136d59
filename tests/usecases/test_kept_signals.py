"""What is kept of signals: the same as measured anew, and of one changed record only its area is read again."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.codec import decode_figures, encode_figures
from remit.cache.redis import RedisSignals, name_of_signals
from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.records import Gone, StatusCategory
from remit.ports import Figures, SignalKey
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.boards import Boards
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas
from remit.usecases.measurements import Measurement, Question
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.counting import count_commands, count_statements
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.memory_evidence import MemoryEvidence

EVERYTHING = tuple(
    Question(AreaKey(area), with_below) for area in ("acme", "shop", "checkout") for with_below in (False, True)
)
SHOP_BELOW, CHECKOUT = Question(AreaKey("shop"), with_below=True), Question(AreaKey("checkout"))
A_PAGE = Page(
    (pulled(an_issue("SHOP-1", created=NOW - timedelta(days=1))), pulled(an_issue("SHOP-2", components=("Checkout",))))
)


class Bytes:
    """A cache like Redis: bytes under names."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, keys: Sequence[SignalKey]) -> Mapping[SignalKey, Figures]:
        found = {key: decode_figures(self.kept.get(name_of_signals(key), b"")) for key in keys}
        return {key: figures for key, figures in found.items() if figures is not None}

    async def put(self, figures: Mapping[SignalKey, Figures]) -> None:
        self.kept |= {name_of_signals(key): encode_figures(told) for key, told in figures.items()}


class SlowEvidence(MemoryEvidence):
    """Takes its time to read courses, and counts how often and of how many areas."""

    def __init__(self, beside: MemoryEvidence) -> None:
        self.__dict__ |= beside.__dict__
        self.read: list[tuple[AreaKey, ...]] = []

    async def courses(self, areas: Sequence[AreaKey]) -> Courses:
        self.read.append(tuple(areas))
        await asyncio.sleep(0)
        return await super().courses(areas)


async def told(desk: Desk, *asked: Question) -> Mapping[Question, tuple[Measurement, ...]]:
    found = await measure_areas(desk, await snapshot(desk, Moment()), asked)
    assert found is not None
    return found


def elsewhere(desk: Desk) -> Desk:
    """The same in another process, which has only what is shared."""
    return replace(desk, boards=Boards())


def alone(desk: Desk) -> Desk:
    return replace(desk, boards=Boards(), signals=None)


numbers = st.integers(min_value=1, max_value=6)
events = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), numbers, st.booleans()),
        st.tuples(st.just("is done"), numbers, st.booleans()),
        st.tuples(st.just("goes"), numbers, st.booleans()),
        st.tuples(st.just("hours"), st.integers(min_value=1, max_value=60), st.booleans()),
        st.tuples(st.just("seconds"), st.integers(min_value=1, max_value=100), st.booleans()),
        st.tuples(st.just("selectors"), numbers, st.booleans()),
    ),
    max_size=8,
)


async def happens(desk: Desk, clock: AClock, kind: str, number: int, in_checkout: bool) -> None:
    issue = an_issue(
        f"SHOP-{number}",
        components=("Checkout",) if in_checkout else (),
        created=NOW - timedelta(days=number * 7),
        updated=clock.now if number % 2 else NOW - timedelta(days=number * 7),
    )
    match kind:
        case "comes":
            await take_records(desk, JIRA, Page((pulled(issue),)))
        case "is done":
            done = replace(issue, category=StatusCategory.DONE, resolved=clock.now)
            await take_records(desk, JIRA, Page((pulled(done),)))
        case "goes":
            await take_records(desk, JIRA, Page(gone=(Gone(JIRA, issue.id, clock.now),)))
        case "selectors":
            component = "Checkout" if in_checkout else "Cart"
            await apply(desk, A_MODEL.replace("component: Checkout", f"component: {component}"), actor="t", reason="t")


@given(events)
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
async def test_what_is_kept_is_what_would_be_measured_anew(happened: list[tuple[str, int, bool]]) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, signals=Bytes())
    for kind, number, in_checkout in happened:
        await happens(desk, clock, kind, number, in_checkout)
        clock.goes_on(**({kind: number} if kind in ("hours", "seconds") else {"seconds": 1}))
        anew = await told(alone(desk), *EVERYTHING)
        assert await told(desk, SHOP_BELOW, CHECKOUT) == {one: anew[one] for one in (SHOP_BELOW, CHECKOUT)}
        assert await told(desk, *EVERYTHING) == anew
        assert await told(elsewhere(desk), *EVERYTHING) == anew


async def test_the_window_of_the_present_ends_with_the_minute_and_what_comes_within_it_counts() -> None:
    clock = AClock(datetime(2026, 11, 23, 23, 59, 20, tzinfo=UTC))
    desk = await a_desk(clock=clock)
    before = (await told(desk, SHOP_BELOW))[SHOP_BELOW]
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-1", created=clock.now, updated=clock.now)),)))
    after = (await told(desk, SHOP_BELOW))[SHOP_BELOW]
    assert {one.window.end for one in (*before, *after)} == {datetime(2026, 11, 24, tzinfo=UTC)}
    assert {one.window.start for one in after} == {datetime(2026, 10, 27, tzinfo=UTC)}
    assert [one.reading.value for one in (before[2], after[2])] == [0, 1]


async def test_of_one_changed_record_only_its_area_is_read_again() -> None:
    desk = await a_desk()
    await take_records(desk, JIRA, A_PAGE)
    slow = SlowEvidence(desk.evidence)  # type: ignore[arg-type]  # desks of tests have it in memory
    desk = replace(desk, evidence=slow)
    await told(desk, *EVERYTHING)
    newer = an_issue("SHOP-3", components=("Checkout",), created=NOW - timedelta(days=1))
    await take_records(desk, JIRA, Page((pulled(newer),)))
    await told(desk, *EVERYTHING)
    await told(desk, *EVERYTHING)
    assert [len(areas) for areas in slow.read] == [3, 1]
    assert slow.read[1] == (AreaKey("checkout"),)


async def test_who_asks_the_same_at_once_waits_for_whoever_builds_it() -> None:
    desk = await a_desk()
    await take_records(desk, JIRA, A_PAGE)
    slow = SlowEvidence(desk.evidence)  # type: ignore[arg-type]  # as above
    desk = replace(desk, evidence=slow)
    found = await asyncio.gather(*(told(desk, SHOP_BELOW) for _ in range(5)))
    assert len(slow.read) == 1
    assert all(one == found[0] for one in found)


async def test_another_process_is_told_in_one_round_trip_and_reads_no_course(engine: AsyncEngine, redis: Redis) -> None:
    desk = await a_desk(mirror=PostgresMirror(engine), signals=RedisSignals(redis))
    await take_records(desk, JIRA, A_PAGE)
    before = await told(desk, *EVERYTHING)
    other = elsewhere(desk)
    async with count_commands(redis) as commands:
        with count_statements(engine) as statements:
            assert await told(other, *EVERYTHING) == before
    assert commands == {"mget": 1}
    assert not any("FROM evidence WHERE" in one for one in statements)


async def test_figures_of_other_signals_are_measured_anew(redis: Redis) -> None:
    desk = await a_desk(signals=RedisSignals(redis))
    await take_records(desk, JIRA, A_PAGE)
    before = await told(desk, SHOP_BELOW)
    (name,) = await redis.keys("remit:signals:*")
    await redis.set(name, encode_figures((("mood", 1.0, 1, None, None, None),)))
    assert await told(elsewhere(desk), SHOP_BELOW) == before


async def test_without_redis_everything_is_measured_here() -> None:
    gone = Redis.from_url("redis://127.0.0.1:1/0")
    desk = await a_desk(signals=RedisSignals(gone))
    await take_records(desk, JIRA, A_PAGE)
    assert await told(desk, *EVERYTHING) == await told(alone(desk), *EVERYTHING)
    await gone.aclose()
