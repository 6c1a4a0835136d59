"""How are the sources doing: when were they last read, how much is there, what is in the way?"""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import SourceName
from remit.ports import Counts, SourceState
from remit.usecases.desk import Desk
from remit.usecases.snapshot import lag_s


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One source: `enabled` when it is configured here; `lag_s` since its last complete synchronisation."""

    name: SourceName
    kind: str
    enabled: bool
    last_success_at: datetime | None
    lag_s: int | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The same, with how many records the mirror holds of it and how many are parked."""

    age: SourceAge
    records: int
    parked: int


async def source_ages(desk: Desk) -> tuple[SourceAge, ...]:
    """Every source that is configured or was ever read, by name. One small statement, whatever the mirror holds."""
    now = desk.clock()
    states = {state.name: state for state in await desk.mirror.sources()}
    kinds = dict(desk.sources)
    return tuple(_age(name, kinds.get(name), states.get(name), now) for name in sorted({*kinds, *states}))


async def source_reports(desk: Desk) -> tuple[SourceReport, ...]:
    """The same, counted, which scans the mirror."""
    ages, counts = await source_ages(desk), await desk.mirror.counts()
    none = Counts()
    return tuple(
        SourceReport(age, counts.get(age.name, none).records, counts.get(age.name, none).parked) for age in ages
    )


def _age(name: SourceName, kind: str | None, state: SourceState | None, now: datetime) -> SourceAge:
    success = state.last_success_at if state is not None else None
    trouble = state.trouble if state is not None else "it was never read; run `remit sync`"
    return SourceAge(name, kind or name, kind is not None, success, lag_s(success, now), trouble)
