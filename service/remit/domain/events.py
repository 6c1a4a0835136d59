"""What is told of a recorded change: its rows, which cells turned out otherwise, and how each telling went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.differences import CellState
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.history import SINCE_EVER
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.intervals import Interval
from remit.domain.people import OwnerRef


@dataclass(frozen=True, slots=True)
class Touched:
    """One row of the model: the windows that ceased to be believed, and those that began to be."""

    kind: FactKind
    key: str
    closed: tuple[Interval, ...]
    opened: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """A change of the model as it was recorded."""

    change: int
    recorded_at: datetime
    actor: str
    reason: str
    rows: tuple[Touched, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """One cell that a change made another, where it is, and who is informed of that.

    `within` are the areas the cell is in, its own first, then upwards, before the change or after it. None stands where
    there was no such cell, or is none any more. `informed` are whoever held it as informed, and whoever was and is
    accountable for it.
    """

    area: AreaKey
    responsibility: ResponsibilityKey
    within: tuple[AreaKey, ...]
    before: CellState | None
    after: CellState | None
    informed: tuple[OwnerRef, ...] = ()

    @property
    def lost(self) -> OwnerRef | None:
        """Who is no longer accountable."""
        return _other_than(self.before, self.after)

    @property
    def gained(self) -> OwnerRef | None:
        """Who is accountable now and was not."""
        return _other_than(self.after, self.before)


class Telling(StrEnum):
    """What came of one try to tell a subscriber of a change."""

    DELIVERED = "delivered"
    """The subscriber accepted it."""
    AGAIN = "again"
    """It did not; another try follows."""
    PARKED = "parked"
    """It did not, and that was the last try; `remit webhook replay` begins anew."""
    STOPPED = "stopped"
    """The subscriber wants no more events (410)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a try went; `wait_s` until the next one where one follows, `trouble` says what was wrong."""

    telling: Telling
    trouble: str | None = None
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Where events go: all of them, or those about an area and below it. `secret` signs them."""

    name: str
    url: str
    secret: str
    area: AreaKey | None = None

    def __repr__(self) -> str:
        return f"Subscriber({self.name!r})"  # neither the secret, nor the address, which may hold one


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one subscriber; `message` is the same in every try, `tries` were made before this one."""

    subscriber: Subscriber
    message: str
    tries: int
    event: ChangeEvent
    shifts: tuple[Shift, ...]


def rows_touched(closes: Iterable[Fact[Body]], opens: Iterable[Fact[Body]]) -> tuple[Touched, ...]:
    """The rows of a change by kind and key, each with its windows by start."""
    windows: dict[tuple[FactKind, str], tuple[list[Interval], list[Interval]]] = {}
    for side, facts in enumerate((closes, opens)):
        for fact in facts:
            windows.setdefault((fact.kind, fact.key), ([], []))[side].append(fact.valid)
    return tuple(
        Touched(kind, key, _in_order(closed), _in_order(opened))
        for (kind, key), (closed, opened) in sorted(windows.items())
    )


def _in_order(windows: list[Interval]) -> tuple[Interval, ...]:
    return tuple(sorted(windows, key=lambda window: window.start or SINCE_EVER))


def _other_than(one: CellState | None, other: CellState | None) -> OwnerRef | None:
    owner = one.accountable if one is not None else None
    return owner if other is None or other.accountable != owner else None
