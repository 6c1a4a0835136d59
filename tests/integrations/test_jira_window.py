"""Which stretch of time a run asks for, and how an instant becomes a literal that Jira reads in the account's zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from remit_integrations.jira.window import Part, Window, jql, minute, resumed, stored
from remit_integrations.standins.jira.jql import parse
from support.desks import NOW
from support.jira_site import at

ZONES = sorted(available_timezones())
HOUR = timedelta(hours=1)


def instants(since: int, until: int) -> st.SearchStrategy[datetime]:
    """Any second from the beginning of a year to that of another."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (since, until))
    return st.integers(int(first), int(last)).map(lambda second: datetime.fromtimestamp(second, UTC))


def transitions(zone: ZoneInfo, since: int, until: int) -> Iterator[datetime]:
    """Every moment at which a zone's clocks are set, to the second."""
    last, end = datetime(since, 1, 1, tzinfo=UTC), datetime(until, 1, 1, tzinfo=UTC)
    while last < end:
        coming = last + timedelta(days=5)
        before, after = last, coming
        while before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            if after - before <= timedelta(seconds=1):
                yield after.replace(microsecond=0)
                break
            middle = before + (after - before) / 2
            same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
            before, after = (middle, after) if same else (before, middle)
        last = coming


def readings(literal: str, zone: ZoneInfo) -> list[datetime]:
    """What an account's Jira may read: where clocks go back, either of two instants."""
    local = datetime.strptime(literal, "%Y/%m/%d %H:%M").replace(tzinfo=zone)
    return [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]


@pytest.mark.parametrize(
    ("instant", "zone", "literal"),
    [
        (at("2026-07-01 12:00"), "UTC", "2026/07/01 12:00"),
        (at("2026-07-01 12:00") + timedelta(seconds=59.999), "UTC", "2026/07/01 12:00"),
        (at("2026-07-01 12:00"), "America/Los_Angeles", "2026/07/01 05:00"),
        (at("2026-07-01 12:00"), "Asia/Kathmandu", "2026/07/01 17:45"),
        (at("2026-07-01 20:00"), "Pacific/Kiritimati", "2026/07/02 10:00"),
        # Berlin, 2026-10-25: the hour from 02:00 on happens twice, at 00:00 and at 01:00 UTC.
        (at("2026-10-25 00:30"), "Europe/Berlin", "2026/10/25 01:30"),
        (at("2026-10-25 01:30"), "Europe/Berlin", "2026/10/25 02:30"),
        (at("2026-10-25 02:00"), "Europe/Berlin", "2026/10/25 03:00"),
        # Berlin, 2026-03-29: after 01:59 comes 03:00.
        (at("2026-03-29 00:59"), "Europe/Berlin", "2026/03/29 01:59"),
        (at("2026-03-29 01:00"), "Europe/Berlin", "2026/03/29 03:00"),
        # Lord Howe, 2026-04-05: only half an hour happens twice.
        (at("2026-04-04 14:45"), "Australia/Lord_Howe", "2026/04/05 00:45"),
        (at("2026-04-04 15:15"), "Australia/Lord_Howe", "2026/04/05 01:45"),
    ],
)
def test_an_instant_is_written_to_the_minute_in_the_zone_of_the_account(
    instant: datetime, zone: str, literal: str
) -> None:
    assert minute(instant, ZoneInfo(zone)) == literal


@given(instants(1990, 2040), st.sampled_from(ZONES))
@example(datetime(2026, 10, 25, 0, 30, 7, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "Antarctica/Troll")
@example(datetime(2026, 4, 4, 14, 59, 59, tzinfo=UTC), "Australia/Lord_Howe")
def test_no_zone_makes_jira_read_a_later_instant_than_was_meant(instant: datetime, zone: str) -> None:
    read = readings(minute(instant, ZoneInfo(zone)), ZoneInfo(zone))
    assert max(read) <= instant
    assert instant - max(read) < 8 * HOUR


def test_nor_does_any_around_any_setting_of_clocks() -> None:
    met = 0
    for zone in map(ZoneInfo, ZONES):
        for transition in transitions(zone, 2024, 2028):
            met += 1
            for minutes in range(-150, 151, 15):
                instant = transition + timedelta(minutes=minutes, seconds=7)
                read = readings(minute(instant, zone), zone)
                assert timedelta(0) <= instant - max(read) < 3 * HOUR, (zone, instant)
    assert met > 1000


@given(
    instants(2012, 2040),
    st.sampled_from(ZONES),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_what_changed_since_fits_the_search_in_every_zone(since: datetime, zone: str, later: timedelta) -> None:
    search = parse(jql(Window(since + HOUR, since), ZoneInfo(zone)), ZoneInfo(zone), since)
    assert search.fits({"updated": since + later, "key": "A-1"})


def test_the_search_has_no_upper_bound_and_sorts_by_what_does_not_change() -> None:
    window = Window(NOW, NOW - HOUR)
    assert jql(window, ZoneInfo("UTC")) == 'updated >= "2026/11/23 11:00" ORDER BY key ASC'


def test_what_is_mirrored_is_restricted_before_the_time_is() -> None:
    restricted = jql(Window(NOW, NOW), ZoneInfo("UTC"), "project = A OR project = B")
    assert restricted == '(project = A OR project = B) AND updated >= "2026/11/23 12:00" ORDER BY key ASC'


def test_a_whole_run_is_a_bounded_search_too() -> None:
    assert jql(Window(NOW), ZoneInfo("UTC")) == 'updated >= "1970/01/02 00:00" ORDER BY key ASC'


def test_the_next_window_begins_a_quarter_of_an_hour_before_this_one_did() -> None:
    window = resumed(None, NOW, "scope")
    again = resumed(stored(window.next()), NOW + timedelta(minutes=5), "scope")
    assert again == Window(
        started_at=NOW + timedelta(minutes=5),
        since=NOW - timedelta(minutes=15),
        trailed_at=NOW,
        scope="scope",
    )


def test_about_once_an_hour_the_window_reaches_twelve_hours_back() -> None:
    cursor, reach = stored(resumed(None, NOW).next()), []
    for turn in range(1, 30):
        now = NOW + turn * timedelta(minutes=5)
        window = resumed(cursor, now)
        assert window.since is not None
        reach.append((turn * 5, now - timedelta(minutes=5) - window.since))
        cursor = stored(window.next())
    trailing = [minutes for minutes, back in reach if back == timedelta(hours=12)]
    assert trailing == [60, 120]
    assert {back for minutes, back in reach if minutes not in trailing} == {timedelta(minutes=15)}


def test_after_a_pause_the_trailing_window_reaches_back_from_the_last_run_not_from_now() -> None:
    window = resumed(stored(resumed(None, NOW).next()), NOW + timedelta(days=3))
    assert window.since == NOW - timedelta(hours=12)


def test_a_clock_that_went_back_leaves_no_gap() -> None:
    ahead = NOW + timedelta(days=2)
    window = resumed(stored(Window(ahead, trailed_at=ahead).next()), NOW)
    assert window.since is not None
    assert window.since <= NOW - timedelta(minutes=15)


def test_a_window_under_way_goes_on_at_its_page_as_it_began() -> None:
    under_way = Window(NOW, NOW - HOUR, (Part(token="token"),), NOW, NOW, "scope")
    assert resumed(stored(under_way), NOW + timedelta(hours=3), "scope") == under_way


def test_a_cursor_from_before_the_trailing_pass_is_read_and_trails_at_once() -> None:
    old = msgspec.json.encode({"started_at": NOW, "since": NOW - timedelta(minutes=15), "token": None})
    window = resumed(old, NOW + timedelta(minutes=5))
    assert window == Window(
        started_at=NOW + timedelta(minutes=5),
        since=NOW - timedelta(hours=12),
        trailed_at=NOW + timedelta(minutes=5),
    )


def test_another_scope_begins_from_the_beginning() -> None:
    cursor = stored(Window(NOW, NOW - HOUR, (Part(token="token"),), NOW, NOW, "before"))
    assert resumed(cursor, NOW, "after") == Window(NOW, trailed_at=NOW, scope="after")


def test_a_window_without_parts_is_one_part() -> None:
    told = msgspec.json.encode({"started_at": NOW, "since": NOW, "parts": []})
    assert resumed(told, NOW).parts == (Part(),)


@pytest.mark.parametrize(
    "cursor",
    [
        b"",
        b"a cursor",
        b"\xff",
        b"null",
        b"{}",
        b'{"started_at": 7}',
        b'{"started_at": "2026-11-23T12:00:00"}',
        b'{"started_at": "0001-01-01T00:00:00Z", "since": "0001-01-01T00:00:00Z"}',
    ],
)
def test_a_cursor_that_cannot_be_read_is_a_whole_run_and_a_warning(cursor: bytes) -> None:
    with capture_logs() as logs:
        assert resumed(cursor, NOW, "scope") == Window(NOW, trailed_at=NOW, scope="scope")
    assert [(log["event"], log["log_level"]) for log in logs] == [("jira.cursor_unreadable", "warning")]
