"""Which stretches of time are measured: the window asked about and the six before it, in the organisation's days."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from remit.domain.load import Window

DAYS = 28
BEFORE = 6
"""Windows that make the baseline."""


def windows(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The window that ends at `at` and begins with the first of `days` days, that of `at` the last; then those before,
    nearest first, each of so many whole days. A day on which clocks change is a day.
    """
    today = at.astimezone(zone).date()
    starts = [midnight(today - timedelta(days=days * back - 1), zone) for back in range(1, BEFORE + 2)]
    return tuple(Window(start, end) for start, end in zip(starts, [at, *starts], strict=False))


def ending_with_the_minute(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The same, but the first ends with the minute that is running, so that it can be kept meanwhile.

    A minute never reaches into another day: offsets of time zones are whole minutes.
    """
    first, *before = windows(at, zone, days)
    begun = at.replace(second=0, microsecond=0)
    return (Window(first.start, at if at == begun else begun + timedelta(minutes=1)), *before)


def ending_with_the_day(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[Window, ...]:
    """The same, but the first ends with the day of `at`: whatever has happened by now is in it, whenever one looks."""
    first, *before = windows(at, zone, days)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return (Window(first.start, midnight(tomorrow, zone)), *before)


def length_days(window: Window) -> float:
    """How many days of 24 hours a window lasts."""
    return (window.end - window.start) / timedelta(days=1)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
