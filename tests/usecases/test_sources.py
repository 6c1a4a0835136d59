"""How the sources are doing, and which answers suffer from it."""

from datetime import timedelta

import pytest

from remit.domain.answers import Freshness
from remit.domain.ids import SourceName
from remit.domain.records import Parked
from remit.usecases.ask_sources import SourceAge, SourceReport, source_ages, source_reports
from remit.usecases.snapshot import Moment, model_freshness, snapshot, source_freshness
from support.desks import JIRA, NOW, AClock, a_desk, a_page, an_issue

FORUM = SourceName("forum")


async def test_a_source_that_was_read_tells_when_and_how_much() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1"), an_issue("SHOP-2")])
    await desk.mirror.take(a_page(parked=(Parked(JIRA, "9", "it has no key", b"{}"),)))
    clock.goes_on(seconds=90)
    assert await source_reports(desk) == (SourceReport(SourceAge(JIRA, "jira", True, NOW, 90, None), 2, 1),)


async def test_a_source_that_was_never_read_says_what_to_do() -> None:
    desk = await a_desk(synchronised=False)
    expected = SourceReport(SourceAge(JIRA, "jira", True, None, None, "it was never read; run `remit sync`"), 0, 0)
    assert await source_reports(desk) == (expected,)


async def test_a_source_in_trouble_tells_it_beside_its_last_success() -> None:
    desk = await a_desk()
    await desk.mirror.attempted(JIRA, NOW, "the token is dead; make a new one")
    expected = SourceReport(SourceAge(JIRA, "jira", True, NOW, 0, "the token is dead; make a new one", 1), 0, 0)
    assert await source_reports(desk) == (expected,)


async def test_a_source_that_is_left_alone_tells_until_when_and_then_no_more() -> None:
    clock = AClock()
    desk, until = await a_desk(clock=clock), NOW + timedelta(minutes=10)
    await desk.mirror.attempted(JIRA, NOW, "it is down", failures=3, retry_at=until)
    (before,) = await source_ages(desk)
    clock.now = until
    (then,) = await source_ages(desk)
    assert before == SourceAge(JIRA, "jira", True, NOW, 0, "it is down", 3, until)
    assert then == SourceAge(JIRA, "jira", True, NOW, 600, "it is down", 3, None)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (SourceAge(JIRA, "jira", True, NOW, 0, None), "in order"),
        (SourceAge(JIRA, "jira", True, NOW, 0, "it is down", 1), "in trouble"),
        (SourceAge(JIRA, "jira", True, None, None, "it was never read; run `remit sync`"), "not read yet"),
        (SourceAge(JIRA, "jira", False, NOW, 0, None), "not configured here"),
        (
            SourceAge(JIRA, "jira", True, NOW, 0, "it is down", 1, NOW),
            "in trouble, left alone until 2026-11-23T12:00:00Z",
        ),
    ],
)
def test_how_a_source_stands_is_told_in_words(age: SourceAge, state: str) -> None:
    assert age.state == state


async def test_a_source_that_is_configured_no_more_is_told_as_not_enabled() -> None:
    desk = await a_desk(sources=((FORUM, "discourse"),))
    told = [(age.name, age.kind, age.enabled) for age in await source_ages(desk)]
    assert told == [("forum", "discourse", True), ("jira", "jira", False)]


@pytest.mark.parametrize(
    ("later", "degraded"), [(timedelta(minutes=15), ()), (timedelta(minutes=15, seconds=1), ("jira",))]
)
async def test_a_source_not_read_for_longer_than_its_target_degrades_answers(
    later: timedelta, degraded: tuple[str, ...]
) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.now += later
    assert (await snapshot(desk, Moment())).degraded == degraded


async def test_sources_in_trouble_or_never_read_degrade_answers() -> None:
    desk = await a_desk(sources=((FORUM, "discourse"), (JIRA, "jira")))
    assert (await snapshot(desk, Moment())).degraded == ("forum",)
    await desk.mirror.attempted(JIRA, NOW, "it is down")
    assert (await snapshot(desk, Moment())).degraded == ("forum", "jira")


async def test_an_answer_from_a_source_is_as_old_as_its_last_complete_reading() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(minutes=2)
    snap = await snapshot(desk, Moment())
    assert source_freshness(snap, snap.states[0]) == Freshness(NOW, 120, (), snap.model.version)


async def test_that_something_is_in_no_source_is_as_old_as_the_one_read_longest_ago() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    snap = await snapshot(desk, Moment())
    assert source_freshness(snap, None) == Freshness(NOW, 0, (), snap.model.version)
    await desk.mirror.succeeded(FORUM, clock.goes_on(minutes=2), None)
    snap = await snapshot(desk, Moment())
    assert source_freshness(snap, None) == Freshness(NOW, 120, (), snap.model.version)


async def test_where_no_source_was_ever_read_an_answer_has_no_age() -> None:
    snap = await snapshot(await a_desk(synchronised=False), Moment())
    assert source_freshness(snap, None) == Freshness(None, None, ("jira",), snap.model.version)


async def test_an_answer_from_the_model_is_of_the_moment_whose_belief_was_asked_for() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(minutes=2)
    now, then = await snapshot(desk, Moment()), await snapshot(desk, Moment(known_at=NOW))
    assert model_freshness(now) == Freshness(clock.now, 0, (), now.model.version)
    assert model_freshness(then) == Freshness(NOW, 120, (), then.model.version)
