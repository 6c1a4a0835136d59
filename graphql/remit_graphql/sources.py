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
    parked: int = strawberry.field(description="Records and deliveries that could not be read and wait for a person.")
    waiting_deliveries: int = strawberry.field(description="Deliveries that are stored and still to be applied.")
    trouble: str | None = strawberry.field(description="What went wrong last, and what to do about it.")
    state: str = strawberry.field(description="How it stands, in words.")
    failures: int = strawberry.field(description="How many runs have ended badly since the last that ended well.")
    retry_at: datetime | None = strawberry.field(description="Before this instant no worker asks it again.")


def source(report: SourceReport) -> Source:
    return Source(
        name=report.age.name,
        kind=report.age.kind,
        enabled=report.age.enabled,
        last_success_at=report.age.last_success_at,
        lag_seconds=report.age.lag_s,
        records=report.records,
        parked=report.parked,
        waiting_deliveries=report.waiting,
        trouble=report.age.trouble,
        state=report.age.state,
        failures=report.age.failures,
        retry_at=report.age.retry_at,
    )
