"""Half-open stretches of time `[start, end)`; None is unbounded (R4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` (included; None: since ever) to `end` (excluded; None: open). Instants carry an offset."""

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"an interval's end must be later than its start: {self}")

    def __str__(self) -> str:
        start = instant_text(self.start) if self.start is not None else "…"
        end = instant_text(self.end) if self.end is not None else "…"
        return f"[{start}, {end})"

    def contains(self, instant: datetime) -> bool:
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)

    def overlaps(self, other: "Interval") -> bool:
        return _before(self.start, other.end) and _before(other.start, self.end)

    def minus(self, other: "Interval") -> tuple["Interval", ...]:
        """What is left of this interval without `other`: none, one or two pieces, in order."""
        if not self.overlaps(other):
            return (self,)
        left = clipped(self.start, other.start) if other.start is not None else None
        right = clipped(other.end, self.end) if other.end is not None else None
        return tuple(piece for piece in (left, right) if piece is not None)

    def common(self, other: "Interval") -> "Interval | None":
        """The part of this interval that is also part of `other`, or None when there is none."""
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        return clipped(max(starts, default=None), min(ends, default=None))

    def until(self, instant: datetime) -> "Interval | None":
        """The part before `instant`, or None when there is none."""
        if self.end is not None and self.end <= instant:
            return self
        return clipped(self.start, instant)


ALWAYS = Interval()


def clipped(start: datetime | None, end: datetime | None) -> Interval | None:
    """The interval between two bounds, or None when it would be empty."""
    return Interval(start, end) if start is None or end is None or start < end else None


def minus_all(interval: Interval, others: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is left of `interval` when every one of `others` is taken out."""
    pieces: tuple[Interval, ...] = (interval,)
    for other in others:
        pieces = tuple(rest for piece in pieces for rest in piece.minus(other))
    return pieces


def instant_text(instant: datetime) -> str:
    """An instant as RFC 3339 in UTC, the one spelling used in digests, keys and answers."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


class NoOffset(ValueError):
    """A date or time that does not say how far it is from UTC, and so names no instant (R3)."""


def instant_of(text: str) -> datetime:
    """The instant that RFC 3339 text names, in UTC; raises NoOffset, or ValueError for what is no date or time."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError(f"{text!r} is beyond the calendar") from beyond
    raise NoOffset(text)


EARLIEST, LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


def is_at_the_edge(instant: datetime) -> bool:
    """Whether an instant is too near the calendar's first or last one to be kept as a bound.

    The database's driver writes those two as "for ever", and any other offset than UTC would leave the calendar.
    """
    try:
        return not EARLIEST <= instant.astimezone(UTC) <= LATEST
    except OverflowError:
        return True


def _before(start: datetime | None, end: datetime | None) -> bool:
    return start is None or end is None or start < end
