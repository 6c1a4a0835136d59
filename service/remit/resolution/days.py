"""Which days are to be measured: those that have ended, once their sources were read, or have been waited for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from remit.domain.days import KeptDay
from remit.domain.load import Window
from remit.resolution.signals.windows import DAYS, midnight

BACK = 28
"""So many days back are made up for with what is known today, as in a new installation; older ones stay holes."""
PATIENCE = timedelta(hours=1)
"""How long after its end a day waits for sources in trouble, before it is measured with what there is, and says so."""
A_DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Footing:
    """How sources stand: when each was last read completely, and which cannot be relied on now."""

    read_at: Mapping[str, datetime | None]
    degraded: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        """Whether anything was ever read completely: without it there is nothing to measure."""
        return any(at is not None for at in self.read_at.values())

    def doubted(self, ended_at: datetime) -> tuple[str, ...]:
        """Sources that cannot be relied on for a day that ended then: in trouble, late, or not read since."""
        late = (name for name, at in self.read_at.items() if at is None or at < ended_at)
        return tuple(sorted({*self.degraded, *late}))


def last_ended(now: datetime, zone: tzinfo) -> date:
    """The day that has ended last, by the organisation's clocks."""
    return now.astimezone(zone).date() - A_DAY


def end_of(day: date, zone: tzinfo) -> datetime:
    """The instant at which a day is over. One on which clocks change is as long as it is."""
    return midnight(day + A_DAY, zone)


def last_instant_of(day: date, zone: tzinfo) -> datetime:
    """As of when a day is measured: with the model as it was to the end, and not as it was to become at midnight."""
    return end_of(day, zone) - INSTANT


def span_of(day: date, zone: tzinfo, days: int = DAYS) -> Window:
    """The window of so many whole days that ends with a day."""
    return Window(midnight(day - (days - 1) * A_DAY, zone), midnight(day + A_DAY, zone))


def due(
    now: datetime, zone: tzinfo, kept: Mapping[date, KeptDay], footing: Footing, kept_for: timedelta
) -> tuple[date, ...]:
    """The days to be measured now, the last one first.

    A day that is there is measured anew only if its sources were in doubt then and are not any more.
    """
    if not footing.is_there:
        return ()
    last = last_ended(now, zone)
    days = (last - timedelta(days=back) for back in range(min(BACK, kept_for.days)))
    return tuple(day for day in days if _is_due(now, end_of(day, zone), kept.get(day), footing))


def _is_due(now: datetime, ended_at: datetime, kept: KeptDay | None, footing: Footing) -> bool:
    is_certain = not footing.doubted(ended_at)
    if kept is not None:
        return is_certain and bool(kept.degraded)
    return is_certain or now >= ended_at + PATIENCE
