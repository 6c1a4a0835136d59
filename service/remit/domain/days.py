"""What was told of a day that has ended: how its sources stood, what signals came to, how loaded people were."""

from dataclasses import dataclass
from datetime import date, datetime

from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Reading, Verdict


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day of the organisation, `ended_at` that instant, as it was measured at `measured_at`.

    `degraded` are the sources that were in trouble then, or had not been read since the day ended: where there are any,
    the numbers are no more than what was known.
    """

    day: date
    ended_at: datetime
    measured_at: datetime
    data_as_of: datetime | None
    degraded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaDay:
    """What signals came to in an area by the end of a day, alone or with everything below it, in an order told apart.

    One without anything below it is told once, alone.
    """

    area: AreaKey
    with_below: bool
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class PersonDay:
    """How loaded a person was by the end of a day."""

    person: OwnerKey
    demand_hours: float
    capacity_hours: float | None
    utilisation: float | None
    operational_share: float | None
    verdict: Verdict
    breadth: int


@dataclass(frozen=True, slots=True)
class SignalPoint:
    """What a signal came to by the end of a day. Without `kept` it was never measured: a hole, and no 0."""

    day: date
    reading: Reading | None = None
    kept: KeptDay | None = None


@dataclass(frozen=True, slots=True)
class SignalHistory:
    """A signal over days, a point for each."""

    name: str
    unit: str
    points: tuple[SignalPoint, ...]


@dataclass(frozen=True, slots=True)
class LoadPoint:
    """How loaded somebody was by the end of a day. Without `kept` that was never measured."""

    day: date
    load: PersonDay | None = None
    kept: KeptDay | None = None
