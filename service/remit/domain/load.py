"""Measured numbers and what they say: signals of areas and people, and how loaded a person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey


class Verdict(StrEnum):
    """What a number says; UNKNOWN whenever data is missing or too old, never a false OK."""

    OK = "OK"
    WATCH = "WATCH"
    OVERLOADED = "OVERLOADED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time `[start, end)` that is looked at."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A number over one window, and over how many records it was taken. None: those records say nothing."""

    value: float | None
    sample: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """From where on a number is to be watched, and is too much; `source` tells who says so."""

    watch: float | None
    overloaded: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One measured number with everything needed to judge it.

    `baseline` is the median of the six windows before, `spread` their median absolute deviation. `threshold` is the one
    that decides the verdict, in the signal's own unit.
    """

    name: str
    unit: str
    value: float | None
    sample_size: int
    window: Window
    baseline: float | None
    spread: float | None
    threshold: float | None
    threshold_source: str
    verdict: Verdict
    explanation: str
    data_as_of: datetime | None
    degraded: tuple[str, ...] | None = None
    """Those in doubt of the sources it rests on; None where it may rest on any."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one responsibility in one area asks of a person, in hours a week, and the numbers it comes from."""

    area: AreaKey
    responsibility: ResponsibilityKey
    demand_hours: float
    drivers: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """How loaded a person is. `utilisation` is demand over capacity; `operational_share` that part of the demand which
    the catalogue would have product operations lead. The contributions add up to the demand exactly.
    """

    person: OwnerKey
    verdict: Verdict
    demand_hours: float | None
    capacity_hours: float | None
    utilisation: float | None
    operational_share: float | None
    contributions: Sequence[Contribution]
    signals: tuple[Signal, ...]
    data_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class LoadBrief:
    """The numbers of a load alone."""

    verdict: Verdict
    demand_hours: float | None
    capacity_hours: float | None
    utilisation: float | None
    operational_share: float | None


@dataclass(frozen=True, slots=True)
class LoadShift:
    """Somebody whose load is another than it was; None where the model of that moment has no such person."""

    person: OwnerKey
    before: LoadBrief | None
    after: LoadBrief | None
