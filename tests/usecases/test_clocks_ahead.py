"""A success that is still to come, as a worker whose clock was ahead leaves it, is never taken for a fresh one."""

from datetime import timedelta

from remit.domain.answers import Freshness, Outcome
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey, SourceName
from remit.domain.load import Verdict
from remit.ports import SourceState
from remit.usecases.ask_load import loads
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.ask_signals import area_signals
from remit.usecases.ask_sources import source_ages
from remit.usecases.believed_states import AHEAD_AT_MOST, believed_states
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot, source_freshness
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue, pulled

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA = OwnerKey("ana")
STILL_TO_COME = (
    "it is said to be read completely at 2026-11-23T15:00:00Z, which is still to come: the clock of a worker and the "
    "clock here differ; set both by the same time server, and run `remit sync`"
)
IDLE = A_MODEL.replace("function: product_management}", "function: product_management, capacity_hours: 100}")


async def read_ahead(clock: AClock) -> Desk:
    """Read completely an hour ago, and then by a worker whose clock is three hours ahead."""
    desk = await a_desk(clock=clock, model=IDLE, synchronised=False)
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-1")),)))
    await desk.mirror.succeeded(JIRA, NOW - HOUR, b"a cursor")
    await desk.mirror.succeeded(JIRA, NOW + 3 * HOUR, b"a cursor")
    return desk


async def test_it_is_trouble_that_tells_of_the_clocks_and_the_source_is_as_old_as_before() -> None:
    desk = await read_ahead(AClock())
    (age,) = await source_ages(desk)
    assert (age.last_success_at, age.lag_s, age.trouble, age.state) == (NOW - HOUR, 3600, STILL_TO_COME, "in trouble")


async def test_answers_are_degraded_and_as_old_as_the_last_success_before_now() -> None:
    desk = await read_ahead(AClock())
    snap = await snapshot(desk, Moment())
    assert source_freshness(snap, None) == Freshness(NOW - HOUR, 3600, ("jira",), snap.model.version)


async def test_nothing_is_ok_until_it_was_read_by_a_clock_that_is_right() -> None:
    clock = AClock()
    desk = await read_ahead(clock)
    question = Question(AreaKey("shop"))
    snap = await snapshot(desk, Moment())
    load = (await loads(desk, snap, [ANA]))[ANA]
    signals = (await area_signals(desk, snap, [question]))[question]
    assert {load.verdict, *(one.verdict for one in signals)} == {Verdict.UNKNOWN}
    await desk.mirror.succeeded(JIRA, clock.goes_on(minutes=1), b"a cursor")
    snap = await snapshot(desk, Moment())
    assert (snap.degraded, (await loads(desk, snap, [ANA]))[ANA].verdict) == ((), Verdict.OK)


async def test_whose_an_issue_is_is_unknown_when_no_success_before_now_is_young_enough() -> None:
    clock = AClock()
    desk = await read_ahead(clock)
    await desk.mirror.succeeded(JIRA, NOW + 30 * DAY, b"a cursor")
    told = []
    for days in (1, 10):
        clock.now = NOW + days * DAY
        snap = await snapshot(desk, Moment())
        asked = [ResponsibilityKey("innovation")]
        answer = (await issue_ownership(desk, snap, ["SHOP-1"], asked))["SHOP-1"]
        told.append((answer.ownership[0].outcome, answer.freshness.degraded))
    assert told == [(Outcome.OWNED, ("jira",)), (Outcome.UNKNOWN, ("jira",))]


async def test_with_no_success_before_now_it_was_never_read() -> None:
    desk = await a_desk(synchronised=False)
    await desk.mirror.succeeded(JIRA, NOW + 3 * HOUR, b"a cursor")
    snap = await snapshot(desk, Moment())
    assert (snap.states[0].last_success_at, snap.states[0].trouble) == (None, STILL_TO_COME)


async def test_old_trouble_is_told_beside_it() -> None:
    desk = await read_ahead(AClock())
    await desk.mirror.attempted(JIRA, NOW, "it is down")
    (age,) = await source_ages(desk)
    assert age.trouble == f"it is down; and {STILL_TO_COME}"


async def test_clocks_may_differ_a_little_and_a_source_that_is_in_order_stays_as_it_is() -> None:
    desk, forum = await read_ahead(AClock()), SourceName("forum")
    await desk.mirror.succeeded(JIRA, NOW + AHEAD_AT_MOST, b"a cursor")
    await desk.mirror.succeeded(forum, NOW + AHEAD_AT_MOST + timedelta(seconds=1), b"a cursor")
    told = {state.name: state for state in await believed_states(desk.mirror, NOW)}
    assert told[JIRA] == SourceState(JIRA, b"a cursor", NOW + AHEAD_AT_MOST, NOW + AHEAD_AT_MOST)
    assert (told[forum].last_success_at, told[forum].trouble is not None) == (None, True)
