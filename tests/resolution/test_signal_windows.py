"""Windows are whole days of the organisation, the last of them as far as it has gone."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from remit.domain.errors import Invalid
from remit.domain.load import Window
from remit.resolution.signals.windows import ending_with_the_day, ending_with_the_minute, length_days, windows

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_the_window_ends_now_and_today_is_its_last_day() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    first, second, *_, last = windows(now, UTC)
    assert first == Window(datetime(2026, 10, 27, tzinfo=UTC), now)
    assert second == Window(datetime(2026, 9, 29, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))
    assert last == Window(datetime(2026, 5, 12, tzinfo=UTC), datetime(2026, 6, 9, tzinfo=UTC))
    assert (length_days(first), length_days(second)) == (27.5, 28)


def test_they_follow_each_other_without_a_gap() -> None:
    spans = windows(datetime(2026, 11, 23, 23, 59, tzinfo=UTC), HELSINKI, days=7)
    assert [span.start for span in spans[:-1]] == [span.end for span in spans[1:]]
    assert len(spans) == 7


def test_days_are_those_of_the_organisation() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # the 24th in Helsinki
    assert windows(late, HELSINKI, days=1)[0].start == datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert windows(late, UTC, days=1)[0].start == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), ZoneInfo("America/New_York")),
        (datetime(1, 6, 1, tzinfo=UTC), UTC),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), HELSINKI),
    ],
    ids=str,
)
def test_windows_beyond_the_calendar_are_refused(at: datetime, zone: tzinfo) -> None:
    with pytest.raises(Invalid, match="too close to an end of the calendar"):
        windows(at, zone)


def test_a_day_on_which_clocks_change_is_a_day() -> None:
    spans = windows(datetime(2026, 10, 26, 12, tzinfo=UTC), HELSINKI, days=1)
    assert [span.end - span.start for span in spans[1:3]] == [timedelta(hours=25), timedelta(hours=24)]


def test_the_first_window_may_end_with_the_minute_or_with_the_day_of_the_organisation() -> None:
    at, zone = datetime(2026, 11, 23, 22, 59, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    usual, minute, day = (ending(at, zone) for ending in (windows, ending_with_the_minute, ending_with_the_day))
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert (usual[0].end, minute[0].end, day[0].end) == (at, midnight, midnight)
    assert usual[1:] == minute[1:] == day[1:]
    assert ending_with_the_minute(midnight, zone)[0].end == midnight
    assert ending_with_the_day(midnight, zone)[0].end == midnight


def test_what_ends_at_midnight_has_whole_days_and_is_never_empty() -> None:
    midnight = datetime(2026, 11, 23, 22, tzinfo=UTC)  # the 24th begins in Helsinki
    spans = windows(midnight, HELSINKI, days=1)
    assert spans[0] == Window(datetime(2026, 11, 22, 22, tzinfo=UTC), midnight)
    assert spans[1].end == spans[0].start
    assert length_days(windows(midnight, HELSINKI)[0]) == 28
