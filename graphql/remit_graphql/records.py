"""The records behind a number in the graph: what each counts as, and what it adds."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from remit.domain import tracing as domain
from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.usecases.trace_signals import TracedPage, TraceQuestion
from remit_graphql.areas import Area, area
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import PageInfo, page_info
from remit_graphql.kit.world import World

RECORDS = (
    "The records behind the number, those that count first. Null where none are counted: for hours, shares and areas "
    "of people, which `contributions` tell, for the driver `areas`, and for what a person, a team or a function is "
    "accountable for as a whole: ask its areas."
)

strawberry.enum(RecordKind, name="RecordKind", description="Which records a signal counts.")
strawberry.enum(
    domain.CountsAs, name="CountsAs", description="What a record counts as; SAMPLE is looked at and adds nothing."
)


@strawberry.type(description="A record behind a number. One that counts in two ways is there twice.")
class TracedRecord:
    source: str
    id: str = strawberry.field(description="The source's own.")
    kind: RecordKind
    area: Area
    key: str = strawberry.field(description="What people call it: of an issue its key, of feedback its id.")
    title: str | None = strawberry.field(
        description="What it is about, without addresses; of what customers wrote as much as the settings keep. Null "
        "where nothing may be told."
    )
    is_gone: bool = strawberry.field(description="Its source no longer shows it; it did at the end of the window.")
    counts_as: domain.CountsAs
    value: float | None = strawberry.field(
        description="What it adds to the number, in its unit; of numbers in days its own. Null where the number is."
    )
    days: float | None = strawberry.field(description="The stretch of time that is looked at, where there is one.")
    decides: bool = strawberry.field(description="The percentile, or the largest, is this record's.")
    is_sample: bool = strawberry.field(description="It is one of `sampleSize`.")
    created: datetime
    started: datetime | None = strawberry.field(description="When it was first in progress; of feedback, triaged.")
    touched: datetime | None = strawberry.field(description="When anybody but its reporter first did something.")
    done: datetime | None = strawberry.field(description="Since when it is done; null where it is not, or unknown.")


@strawberry.type
class TracedRecordEdge:
    node: TracedRecord
    cursor: str


@strawberry.type
class TracedRecordConnection:
    edges: list[TracedRecordEdge]
    page_info: PageInfo
    total_count: int
    limit_days: float | None = strawberry.field(
        description="What `days` are held against, where there is such a thing."
    )
    doubt: str | None = strawberry.field(description="Why none can be told yet; null where nothing is in doubt.")


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the records of a signal are to be looked for."""

    areas: tuple[AreaKey, ...]
    window: Window


async def records_of(
    info: Asking, world: World, behind: Behind, name: str, first: int | None, after: str | None
) -> TracedRecordConnection:
    """A page of them; those of many signals are read together."""
    question = TraceQuestion(behind.areas, name, behind.window, first, after)
    return _connection(world, await info.context.traces.records.load((world.snap.moment, question)))


def _connection(world: World, found: TracedPage) -> TracedRecordConnection:
    edges = [
        TracedRecordEdge(node=_record(world, one), cursor=at)
        for one, at in zip(found.records, found.page.cursors, strict=True)
    ]
    return TracedRecordConnection(
        edges=edges,
        page_info=page_info(found.page),
        total_count=found.page.total,
        limit_days=found.limit_days,
        doubt=found.doubt,
    )


def _record(world: World, told: domain.TracedRecord) -> TracedRecord:
    return TracedRecord(
        source=told.source,
        id=told.id,
        kind=told.kind,
        area=area(world, told.area),
        key=told.key,
        title=told.title,
        is_gone=told.is_gone,
        counts_as=told.part.counts_as,
        value=told.part.value,
        days=told.part.days,
        decides=told.part.decides,
        is_sample=told.part.is_sample,
        created=told.part.created,
        started=told.part.started,
        touched=told.part.touched,
        done=told.part.done,
    )
