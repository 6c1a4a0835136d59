"""How are the sources doing: when were they last read, how much is there, what is in the way?"""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import SourceName
from remit.domain.intervals import instant_text
from remit.ports import Counts, SourceState
from remit.usecases.believed_states import believed_states
from remit.usecases.desk import Desk
from remit.usecases.snapshot import lag_s


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One source: `enabled` when it is configured here; `lag_s` since its last complete synchronisation.

    `failures` counts the runs that ended badly since then; before `retry_at` no worker asks it again.
    """

    name: SourceName
    kind: str
    enabled: bool
    last_success_at: datetime | None
    lag_s: int | None
    trouble: str | None
    failures: int = 0
    retry_at: datetime | None = None

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if not self.enabled:
            return "not configured here"
        if self.retry_at is not None:
            return f"in trouble, left alone until {instant_text(self.retry_at.replace(microsecond=0))}"
        if self.last_success_at is None:
            return "not read yet"
        return "in trouble" if self.trouble is not None else "in order"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The same, with how many records the mirror holds of it; how many records and deliveries wait for a person
    because they could not be read, and how many deliveries wait to be applied.
    """

    age: SourceAge
    records: int
    parked: int
    waiting: int = 0


async def source_ages(desk: Desk) -> tuple[SourceAge, ...]:
    """Every source that is configured or was ever read, by name. One small statement, whatever the mirror holds."""
    now = desk.clock()
    states = {state.name: state for state in await believed_states(desk.mirror, now)}
    kinds = dict(desk.sources)
    return tuple(_age(name, kinds.get(name), states.get(name), now) for name in sorted({*kinds, *states}))


async def source_reports(desk: Desk) -> tuple[SourceReport, ...]:
    """The same, counted, which scans the mirror."""
    ages, counts = await source_ages(desk), await desk.mirror.counts()
    none = Counts()
    return tuple(_report(age, counts.get(age.name, none)) for age in ages)


def _report(age: SourceAge, counts: Counts) -> SourceReport:
    return SourceReport(age, counts.records, counts.parked + counts.aside, counts.waiting)


def _age(name: SourceName, kind: str | None, state: SourceState | None, now: datetime) -> SourceAge:
    success = state.last_success_at if state is not None else None
    lag, kept = lag_s(success, now), kind or name
    if state is None:
        return SourceAge(name, kept, kind is not None, success, lag, "it was never read; run `remit sync`")
    wait = state.retry_at if state.retry_at is not None and state.retry_at > now else None
    return SourceAge(name, kept, kind is not None, success, lag, state.trouble, state.failures, wait)
