"""Which stretches of time are measured: the window asked about and the six before it, in the organisation's days."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from remit.domain.errors import Invalid
from remit.domain.load import Window

DAYS = 28
BEFORE = 6
"""Windows that make the baseline."""
INSTANT = timedelta.resolution
"""The shortest there is."""
BEYOND = "that instant is too close to an end of the calendar; ask for a later or an earlier one"


def windows(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The window that ends at `at` and begins with the first of `days` days; then those before, nearest first, each of
    so many whole days. The last day is that of the last instant before `at`: what ends at midnight has whole days, and
    no window is empty. A day on which clocks change is a day. Raises Invalid where the calendar does not have them all.
    """
    try:
        today = day_of(at - INSTANT, zone)
        starts = [midnight(today - timedelta(days=days * back - 1), zone) for back in range(1, BEFORE + 2)]
    except OverflowError:
        raise Invalid(BEYOND) from None
    return tuple(Window(start, end) for start, end in zip(starts, [at, *starts], strict=False))


def ending_with_the_minute(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The same, but the first ends with the minute that is running, so that it can be kept meanwhile.

    A minute never reaches into another day: offsets of time zones are whole minutes.
    """
    first, *before = windows(at, zone, days)
    begun = at.replace(second=0, microsecond=0)
    return (Window(first.start, at if at == begun else begun + timedelta(minutes=1)), *before)


def ending_with_the_day(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The same, but the first ends with its last day: whatever has happened by now is in it, whenever one looks."""
    first, *before = windows(at, zone, days)
    return (Window(first.start, midnight(day_of(at - INSTANT, zone) + timedelta(days=1), zone)), *before)


def day_of(at: datetime, zone: tzinfo) -> date:
    """On which day that is. Raises Invalid where the calendar does not have it."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        raise Invalid(BEYOND) from None


def length_days(window: Window) -> float:
    """How many days of 24 hours a window lasts."""
    return (window.end - window.start) / timedelta(days=1)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
