"""Which days are measured, by the organisation's clocks: what has ended, is not there, and can be relied on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.days import KeptDay
from remit.domain.load import Window
from remit.resolution.days import BACK, PATIENCE, Footing, due, end_of, last_ended, last_instant_of, span_of

HELSINKI, SANTIAGO = ZoneInfo("Europe/Helsinki"), ZoneInfo("America/Santiago")
A_DAY, YEARS = timedelta(days=1), timedelta(days=730)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
LAST = date(2026, 11, 23)


def read(at: datetime | None = MIDNIGHT, *degraded: str) -> Footing:
    return Footing({"jira": at}, degraded)


def kept(day: date, *degraded: str) -> KeptDay:
    ended_at = end_of(day, UTC)
    return KeptDay(day, ended_at, ended_at + PATIENCE, ended_at, degraded)


ALL = {LAST - back * A_DAY: kept(LAST - back * A_DAY) for back in range(BACK)}


def test_a_new_installation_makes_up_for_four_weeks_the_last_day_first() -> None:
    found = due(MIDNIGHT, UTC, {}, read(), YEARS)
    assert (found[0], found[-1], len(found)) == (LAST, LAST - 27 * A_DAY, 28)


def test_days_that_are_there_are_not_due() -> None:
    assert due(MIDNIGHT, UTC, ALL, read(), YEARS) == ()
    missing = LAST - 5 * A_DAY
    assert due(MIDNIGHT, UTC, {day: one for day, one in ALL.items() if day != missing}, read(), YEARS) == (missing,)


def test_no_more_days_are_measured_than_are_kept() -> None:
    assert due(MIDNIGHT, UTC, {}, read(), timedelta(days=2)) == (LAST, LAST - A_DAY)
    assert due(MIDNIGHT, UTC, {}, read(), timedelta(0)) == ()


def test_nothing_is_measured_before_anything_was_read() -> None:
    assert due(MIDNIGHT + A_DAY, UTC, {}, read(None), YEARS) == ()
    assert due(MIDNIGHT + A_DAY, UTC, {}, Footing({}, ("jira",)), YEARS) == ()


@pytest.mark.parametrize(
    ("footing", "why"),
    [
        (read(MIDNIGHT - timedelta(seconds=1)), "not read since the day ended"),
        (read(MIDNIGHT, "jira"), "in trouble"),
        (Footing({"jira": MIDNIGHT, "zendesk": None}, ()), "one of two was never read"),
        (Footing({"jira": MIDNIGHT}, ("zendesk",)), "one of two was never tried"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_the_day_that_has_just_ended_waits_for_its_sources_and_not_for_ever(footing: Footing, why: str) -> None:
    there = {day: one for day, one in ALL.items() if day != LAST}
    assert due(MIDNIGHT + PATIENCE - timedelta(seconds=1), UTC, there, footing, YEARS) == (), why
    assert due(MIDNIGHT + PATIENCE, UTC, there, footing, YEARS) == (LAST,), why


def test_a_day_measured_in_doubt_is_measured_anew_once_there_is_none_and_never_in_doubt_again() -> None:
    doubtful = ALL | {LAST: kept(LAST, "jira")}
    assert due(MIDNIGHT + A_DAY / 2, UTC, doubtful, read(MIDNIGHT, "jira"), YEARS) == ()
    assert due(MIDNIGHT + A_DAY / 2, UTC, doubtful, read(MIDNIGHT + PATIENCE), YEARS) == (LAST,)


def test_doubted_are_those_in_trouble_and_those_not_read_since() -> None:
    footing = Footing({"jira": MIDNIGHT, "zendesk": MIDNIGHT - A_DAY, "forum": None}, ("drop",))
    assert footing.doubted(MIDNIGHT) == ("drop", "forum", "zendesk")


def test_the_day_ends_by_the_clocks_of_the_organisation() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half past midnight in Helsinki
    assert last_ended(late, HELSINKI) == date(2026, 11, 23)
    assert last_ended(late, UTC) == date(2026, 11, 22)
    assert end_of(date(2026, 11, 23), HELSINKI) == datetime(2026, 11, 23, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 10, 25), HELSINKI, 25),
        (date(2026, 3, 29), HELSINKI, 23),
        (date(2026, 9, 6), SANTIAGO, 23),  # clocks go from midnight to one: that day has no midnight
        (date(2026, 4, 4), SANTIAGO, 25),  # and from midnight back to eleven
        (date(2026, 11, 23), HELSINKI, 24),
    ],
)
def test_a_day_on_which_clocks_change_is_a_day(day: date, zone: ZoneInfo, hours: int) -> None:
    span = span_of(day, zone, 1)
    assert (span.end - span.start, span.end) == (timedelta(hours=hours), end_of(day, zone))


def test_a_day_is_measured_over_the_weeks_that_end_with_it_as_of_its_last_instant() -> None:
    assert span_of(LAST, UTC) == Window(datetime(2026, 10, 27, tzinfo=UTC), MIDNIGHT)
    assert last_instant_of(LAST, UTC) == MIDNIGHT - timedelta(microseconds=1)


@given(st.integers(0, 4 * 366 * 24 * 60), st.sampled_from([HELSINKI, SANTIAGO, ZoneInfo("UTC")]))
def test_whatever_the_time_days_follow_each_other_and_none_is_due_before_it_has_ended(
    minutes: int, zone: ZoneInfo
) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = due(now, zone, {}, read(now), YEARS)
    assert list(found) == [found[0] - back * A_DAY for back in range(BACK)]
    assert end_of(found[0], zone) <= now < end_of(found[0] + A_DAY, zone)
    assert [span_of(day, zone, 1).start for day in found[:-1]] == [end_of(day, zone) for day in found[1:]]
