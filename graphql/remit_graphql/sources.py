"""Sources in the graph: how fresh each is, and what is in the way."""

from datetime import datetime

import strawberry

from remit.usecases.ask_sources import SourceReport


@strawberry.type(description="Something records are pulled from.")
class Source:
    name: str
    kind: str
    enabled: bool
    last_success_at: datetime | None
    lag_seconds: int | None
    records: int
    parked: int = strawberry.field(description="Records that could not be read and wait for a person.")
    trouble: str | None


def source(report: SourceReport) -> Source:
    return Source(
        name=report.age.name,
        kind=report.age.kind,
        enabled=report.age.enabled,
        last_success_at=report.age.last_success_at,
        lag_seconds=report.age.lag_s,
        records=report.records,
        parked=report.parked,
        trouble=report.age.trouble,
    )
