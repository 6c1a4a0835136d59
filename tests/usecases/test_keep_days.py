"""What is kept of days: measured once each, with their holes, and in doubt where a source was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from remit.domain.days import PersonDay, SignalPoint
from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, OwnerKey, SourceName
from remit.domain.load import Reading, Verdict
from remit.domain.records import Reference, StatusCategory
from remit.resolution.day_values import NAMES
from remit.usecases.apply_model import apply
from remit.usecases.ask_days import Days, days_back, days_between, load_histories, signal_histories
from remit.usecases.ask_load import loads
from remit.usecases.desk import Desk
from remit.usecases.keep_days import due_days, forget_days, keep_day
from remit.usecases.measurements import Question
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue, pulled

DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 22)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
ANA, PAT = OwnerKey("ana"), OwnerKey("pat")
WITH_HOURS = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 1}")
ISSUES = (
    an_issue("SHOP-1", created=NOW - 3 * DAY),
    *(an_issue(f"SHOP-{number}", created=NOW - 2 * DAY, components=("Checkout",)) for number in range(2, 32)),
    an_issue("SHOP-99", created=NOW - timedelta(hours=1)),
)
"""One in the shop and thirty in its checkout on the 20th and 21st, and one on the day that has not ended."""


async def a_read_desk(model: str = WITH_HOURS, clock: AClock | None = None, **said: object) -> Desk:
    desk = await a_desk(model=model, clock=clock, **said)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    return desk


async def point(desk: Desk, area: AreaKey, name: str, *, below: bool = False, day: date = YESTERDAY) -> SignalPoint:
    question = Question(area, below)
    return (await signal_histories(desk, [question], [name], Days(day, day)))[question][0].points[0]


async def test_a_day_is_measured_over_the_records_there_were_by_its_end() -> None:
    desk = await a_read_desk()
    told = await keep_day(desk, YESTERDAY)
    assert told is not None
    kept = told.kept
    assert (kept.day, kept.ended_at) == (YESTERDAY, datetime(2026, 11, 23, tzinfo=UTC))
    assert (kept.measured_at, kept.data_as_of, kept.degraded) == (NOW, NOW, ())
    assert (told.areas, told.people) == (5, 2)  # three areas alone, and two of them with what is below
    assert await point(desk, SHOP, "arrivals") == SignalPoint(YESTERDAY, Reading(1, 1), kept)
    assert await point(desk, SHOP, "arrivals", below=True) == SignalPoint(YESTERDAY, Reading(31, 31), kept)
    assert await point(desk, CHECKOUT, "open_items", below=True) == SignalPoint(YESTERDAY, Reading(30, 30), kept)
    assert (await point(desk, CHECKOUT, "cycle_time_p85")).reading == Reading(None, 0)


async def test_each_signal_of_an_area_is_told_by_its_name() -> None:
    desk = await a_read_desk()
    await keep_day(desk, YESTERDAY)
    question = Question(CHECKOUT)
    found = (await signal_histories(desk, [question], NAMES, Days(YESTERDAY, YESTERDAY)))[question]
    told = {one.name: one.points[0].reading for one in found}
    assert tuple(told) == NAMES
    assert told["throughput"] == Reading(0.0, 0)
    assert (told["arrivals"], told["net_growth"]) == (Reading(30, 30), Reading(30, 30))
    assert told["stale_items"] == Reading(None, 30)  # only the last update of an issue is told


async def test_of_each_active_person_the_load_is_kept() -> None:
    desk = await a_read_desk()
    told = await keep_day(desk, YESTERDAY)
    found = await load_histories(desk, [ANA, PAT], Days(YESTERDAY, YESTERDAY))
    (pat,), (ana,) = found[PAT], found[ANA]
    assert told is not None
    assert pat.kept == told.kept == ana.kept
    assert pat.load is not None
    assert ana.load is not None
    assert (pat.load.verdict, pat.load.capacity_hours) == (Verdict.OVERLOADED, 1.0)
    assert pat.load.utilisation == pat.load.demand_hours > 1
    assert pat.load.breadth == 6
    assert (ana.load.utilisation, ana.load.verdict) == (None, Verdict.UNKNOWN)  # of whom no capacity is told


async def test_the_load_of_a_day_is_what_was_told_in_its_last_instant() -> None:
    desk = await a_read_desk()
    await keep_day(desk, YESTERDAY)
    last_instant = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(microseconds=1)
    told = await loads(desk, await snapshot(desk, Moment(last_instant)), [ANA, PAT])
    found = await load_histories(desk, [ANA, PAT], Days(YESTERDAY, YESTERDAY))
    assert {person: [point.load for point in points] for person, points in found.items()} == {
        person: [
            PersonDay(
                person,
                load.demand_hours or 0,
                load.capacity_hours,
                load.utilisation,
                load.operational_share,
                load.verdict,
                sum(int(one.value or 0) for one in load.signals if one.name == "breadth"),
            )
        ]
        for person, load in told.items()
    }


async def test_whoever_has_left_is_not_measured() -> None:
    desk = await a_read_desk(WITH_HOURS.replace("key: ana, name: Ana,", "key: ana, name: Ana, active: false,"))
    await keep_day(desk, YESTERDAY)
    found = await load_histories(desk, [ANA, PAT], Days(YESTERDAY, YESTERDAY))
    assert [found[person][0].kept is None for person in (ANA, PAT)] == [True, False]


async def test_a_day_that_was_never_measured_is_a_hole() -> None:
    desk = await a_read_desk()
    await keep_day(desk, YESTERDAY)
    await keep_day(desk, YESTERDAY - 2 * DAY)
    question, days = Question(SHOP), Days(YESTERDAY - 3 * DAY, YESTERDAY)
    (told,) = (await signal_histories(desk, [question], ["open_items"], days))[question]
    assert (told.name, told.unit) == ("open_items", "items")
    assert [one.reading for one in told.points] == [None, Reading(1, 1), None, Reading(1, 1)]
    assert [one.kept is None for one in told.points] == [True, False, True, False]
    people = (await load_histories(desk, [PAT], days))[PAT]
    assert [(one.day, one.load is None) for one in people] == list(zip(days, [True, False, True, False], strict=True))


async def test_measured_again_a_day_comes_to_the_same() -> None:
    desk = await a_read_desk()
    first = await keep_day(desk, YESTERDAY)
    before = await everything(desk)
    assert await keep_day(desk, YESTERDAY) == first
    assert await everything(desk) == before


async def test_the_model_of_a_day_is_that_of_its_last_instant_and_not_of_midnight() -> None:
    clock = AClock()
    until = "{area: checkout, responsibility: all, function: product_operations, owner: pat, to: 2026-11-24}"
    handed_over = until.replace("pat, to", "ana, from")
    desk = await a_read_desk(
        WITH_HOURS.partition("  - {area: checkout, resp")[0] + f"  - {until}\n  - {handed_over}\n", clock
    )
    clock.goes_on(days=2)
    for back in (0, 1):
        assert await keep_day(desk, YESTERDAY + DAY * (2 - back))
    found = (await load_histories(desk, [PAT], Days(YESTERDAY + DAY, YESTERDAY + 2 * DAY)))[PAT]
    assert [point.load.breadth for point in found if point.load is not None] == [6, 0]


async def test_days_are_due_by_the_clocks_of_the_organisation() -> None:
    clock = AClock(
        datetime(2026, 10, 25, 21, 30, tzinfo=UTC)
    )  # in Helsinki clocks went back, and it is half past eleven
    desk = await a_read_desk(WITH_HOURS.replace("timezone: UTC", "timezone: Europe/Helsinki"), clock)
    assert (await due_days(desk))[0] == date(2026, 10, 24)
    clock.goes_on(hours=1)
    await desk.mirror.succeeded(JIRA, clock(), b"a cursor")
    told = await keep_day(desk, (await due_days(desk))[0])
    assert told is not None
    assert (told.kept.day, told.kept.ended_at) == (date(2026, 10, 25), datetime(2026, 10, 25, 22, tzinfo=UTC))


async def test_all_that_is_due_is_written_and_then_nothing_is() -> None:
    desk = await a_read_desk()
    due = await due_days(desk)
    assert (due[0], len(due)) == (YESTERDAY, 28)
    for day in due:
        assert await keep_day(desk, day)
    assert await due_days(desk) == ()


async def test_a_day_in_doubt_says_so_and_is_replaced_once_it_is_not() -> None:
    clock = AClock()
    desk = await a_read_desk(clock=clock)
    for day in await due_days(desk):
        await keep_day(desk, day)
    clock.goes_on(days=1)  # nothing was read since noon of the day that has ended
    assert await due_days(desk) == (YESTERDAY + DAY,)
    doubtful = await keep_day(desk, YESTERDAY + DAY)
    assert doubtful is not None
    assert (doubtful.kept.degraded, doubtful.kept.data_as_of) == (("jira",), NOW)
    found = await load_histories(desk, [PAT], Days(YESTERDAY + DAY, YESTERDAY + DAY))
    assert found[PAT][0].load is not None
    assert found[PAT][0].load.verdict is Verdict.UNKNOWN
    assert await due_days(desk) == ()
    await desk.mirror.succeeded(JIRA, clock(), b"a cursor")
    assert await due_days(desk) == (YESTERDAY + DAY,)
    anew = await keep_day(desk, YESTERDAY + DAY)
    assert anew is not None
    assert anew.kept == replace(doubtful.kept, degraded=(), data_as_of=clock())
    assert await due_days(desk) == ()


async def test_a_source_read_too_early_leaves_a_day_in_doubt_even_if_it_is_fresh() -> None:
    clock = AClock(datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    desk = await a_read_desk(clock=clock, stale_after=2 * DAY, synchronised=False)
    await desk.mirror.succeeded(JIRA, clock() - 2 * timedelta(hours=1), b"a cursor")
    told = await keep_day(desk, YESTERDAY)
    assert told is not None
    assert told.kept.degraded == ("jira",)
    found = await load_histories(desk, [PAT], Days(YESTERDAY, YESTERDAY))
    assert found[PAT][0].load is not None
    assert found[PAT][0].load.verdict is Verdict.UNKNOWN


async def test_one_source_that_was_never_read_does_not_hold_up_the_others_for_ever() -> None:
    desk = await a_read_desk(sources=((JIRA, "jira"), (SourceName("zendesk"), "zendesk")))
    told = await keep_day(desk, (await due_days(desk))[0])
    assert told is not None
    assert told.kept.degraded == ("zendesk",)


async def test_nothing_is_due_without_a_source_or_a_model() -> None:
    assert await due_days(await a_desk(synchronised=False)) == ()
    assert await due_days(await a_desk(model=None)) == ()


async def test_nothing_is_written_while_it_is_not_worked_out_how_records_went() -> None:
    desk = await a_desk(items=ISSUES)
    assert await keep_day(desk, YESTERDAY) is None
    assert await desk.evidence.days.latest() is None
    await settle_evidence(desk, (await snapshot(desk, Moment())).model)
    assert await keep_day(desk, YESTERDAY)


async def test_nothing_is_written_while_statuses_have_changed_and_it_is_not_worked_out_anew() -> None:
    desk = await a_read_desk()
    await desk.mirror.refer(JIRA, [Reference(JIRA, "status", "1", "Open", b"{}", category=StatusCategory.DONE)])
    assert await keep_day(desk, YESTERDAY) is None
    assert await desk.evidence.days.latest() is None


async def test_records_are_placed_by_new_selectors_before_a_day_is_measured() -> None:
    desk = await a_read_desk()
    await apply(desk, WITH_HOURS.replace("component: Checkout", "component: Cart"), actor="test", reason="another")
    await keep_day(desk, YESTERDAY)
    readings = [(await point(desk, area, "arrivals")).reading for area in (SHOP, CHECKOUT)]
    assert readings == [Reading(31, 31), Reading(0, 0)]


async def test_days_leave_when_they_have_been_kept_long_enough() -> None:
    clock = AClock()
    desk = await a_read_desk(clock=clock)
    for back in range(4):
        await keep_day(desk, YESTERDAY - back * DAY)
    assert await forget_days(desk, 4 * DAY) == 0
    assert await forget_days(desk, 2 * DAY) == 2
    assert set(await desk.evidence.days.kept(YESTERDAY - 9 * DAY)) == {YESTERDAY, YESTERDAY - DAY}
    assert await forget_days(desk, timedelta(0)) == 2
    assert await desk.evidence.days.latest() is None


async def test_the_days_asked_for_end_with_the_last_that_has_ended() -> None:
    snap = await snapshot(await a_read_desk(), Moment())
    assert days_between(snap, None, None) == Days(YESTERDAY - 89 * DAY, YESTERDAY) == days_back(snap, 90)
    assert days_between(snap, YESTERDAY - DAY, YESTERDAY + 9 * DAY) == Days(YESTERDAY - DAY, YESTERDAY)
    assert days_between(snap, None, date(1, 1, 2)) == Days(date.min, date(1, 1, 2))
    assert days_back(snap, 1) == Days(YESTERDAY, YESTERDAY)
    assert len(days_back(snap, 732)) == 732


@pytest.mark.parametrize(
    ("first", "last"),
    [(YESTERDAY + DAY, None), (YESTERDAY, YESTERDAY - DAY), (YESTERDAY - 732 * DAY, YESTERDAY)],
)
async def test_no_days_and_too_many_are_refused(first: date, last: date | None) -> None:
    snap = await snapshot(await a_read_desk(), Moment())
    with pytest.raises(Invalid):
        days_between(snap, first, last)


@pytest.mark.parametrize("days", [0, -1, 733])
async def test_so_many_days_back_are_refused(days: int) -> None:
    snap = await snapshot(await a_read_desk(), Moment())
    with pytest.raises(Invalid, match="1 to 732 days"):
        days_back(snap, days)


async def everything(desk: Desk) -> object:
    """All that is kept of the day before."""
    asked = [Question(area, below) for area in (SHOP, CHECKOUT) for below in (False, True)]
    days = Days(YESTERDAY, YESTERDAY)
    return await signal_histories(desk, asked, NAMES, days), await load_histories(desk, [ANA, PAT], days)
