"""How are the sources doing: when were they last read, how much is there, what is in the way?"""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import SourceName
from remit.ports import Counts, SourceState
from remit.usecases.desk import Desk
from remit.usecases.snapshot import lag_s


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source: `enabled` when it is configured here; `lag_s` since its last complete synchronisation."""

    name: SourceName
    kind: str
    enabled: bool
    last_success_at: datetime | None
    lag_s: int | None
    records: int
    parked: int
    trouble: str | None


async def source_reports(desk: Desk) -> tuple[SourceReport, ...]:
    """Every source that is configured or was ever read, by name."""
    now = desk.clock()
    states = {state.name: state for state in await desk.mirror.sources()}
    counts = await desk.mirror.counts()
    kinds = dict(desk.sources)
    return tuple(
        _report(name, kinds.get(name), states.get(name), counts.get(name, Counts()), now)
        for name in sorted({*kinds, *states})
    )


def _report(
    name: SourceName, kind: str | None, state: SourceState | None, counts: Counts, now: datetime
) -> SourceReport:
    success = state.last_success_at if state is not None else None
    trouble = state.trouble if state is not None else "it was never read; run `remit sync`"
    return SourceReport(
        name, kind or name, kind is not None, success, lag_s(success, now), counts.records, counts.parked, trouble
    )
