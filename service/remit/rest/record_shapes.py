"""The records behind a number as JSON, shaped like the GraphQL types with all their scalar fields."""

from typing import Any

from remit.domain.ids import AreaKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.tracing import TracedRecord
from remit.rest import shapes
from remit.usecases.pages import Page
from remit.usecases.trace_signals import TracedPage, TraceQuestion

Json = dict[str, Any]


def traced(model: Model, area: AreaKey, asked: TraceQuestion, told: TracedPage) -> Json:
    """`TracedRecordConnection`, and of the signal what the records come to."""
    return {
        "area": shapes.area(model, area),
        "name": asked.signal,
        "value": told.reading.value,
        "sampleSize": told.reading.sample,
        "windowStart": instant_text(asked.window.start),
        "windowEnd": instant_text(asked.window.end),
        "edges": [
            {"cursor": at, "node": record(model, one)} for one, at in zip(told.records, told.page.cursors, strict=True)
        ],
        "pageInfo": page_info(told.page),
        "totalCount": told.page.total,
        "limitDays": told.limit_days,
        "doubt": told.doubt,
    }


def record(model: Model, told: TracedRecord) -> Json:
    """`TracedRecord`."""
    part = told.part
    return {
        "source": told.source,
        "id": told.id,
        "kind": told.kind.name,
        "area": shapes.area(model, told.area),
        "key": told.key,
        "title": told.title,
        "isGone": told.is_gone,
        "countsAs": part.counts_as.value,
        "value": part.value,
        "days": part.days,
        "decides": part.decides,
        "isSample": part.is_sample,
        "created": instant_text(part.created),
        "started": instant_text(part.started) if part.started is not None else None,
        "touched": instant_text(part.touched) if part.touched is not None else None,
        "done": instant_text(part.done) if part.done is not None else None,
    }


def page_info(page: Page) -> Json:
    """`PageInfo`."""
    return {
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
        "startCursor": page.cursors[0] if page.cursors else None,
        "endCursor": page.cursors[-1] if page.cursors else None,
    }
