"""What users say and what became of it, over plain HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import Invalid
from remit.domain.feedback import FeedbackState
from remit.domain.ids import AreaKey, SourceName
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.rest import shapes
from remit.rest.moments import instant
from remit.usecases.ask_feedback import FeedbackWanted, Heard, HeardPage, feedback
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Moment, snapshot

_INSTANT = {"format": "date-time"}
Area = Annotated[str | None, Query(description="What belongs to this area alone.")]
Under = Annotated[str | None, Query(description="What belongs to this area or one below it.")]
Unplaced = Annotated[bool, Query(description="What belongs to no area, since none or several alike ask for it.")]
OfSource = Annotated[str | None, Query(alias="source", description="What this source told.")]
State = Annotated[str | None, Query(description=f"One of {', '.join(one.name for one in FeedbackState)}.")]
Since = Annotated[
    str | None, Query(alias="createdAfter", description="What came then or later.", json_schema_extra=_INSTANT)
]
Until = Annotated[
    str | None, Query(alias="createdBefore", description="What came earlier.", json_schema_extra=_INSTANT)
]
First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def feedback_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/feedback`."""
    routes = APIRouter(prefix="/v1", tags=["load"])

    @routes.get("/feedback", summary="What users say, the newest first, what became of it and where it belongs")
    async def listed(
        area: Area = None,
        under: Under = None,
        unplaced: Unplaced = False,
        source: OfSource = None,
        state: State = None,
        created_after: Since = None,
        created_before: Until = None,
        first: First = USUAL,
        after: After = None,
    ) -> Response:
        wanted = FeedbackWanted(
            area=AreaKey(area) if area is not None else None,
            under=AreaKey(under) if under is not None else None,
            unplaced=unplaced,
            source=SourceName(source) if source is not None else None,
            state=_state(state) if state is not None else None,
            created_after=instant("createdAfter", created_after) if created_after is not None else None,
            created_before=instant("createdBefore", created_before) if created_before is not None else None,
            first=first,
            after=after,
        )
        snap = await snapshot(desk(), Moment())
        found = (await feedback(desk(), snap, [wanted]))[wanted]
        return Response(orjson.dumps(_connection(snap.model, wanted, found)), media_type="application/json")

    return routes


def _state(told: str) -> FeedbackState:
    try:
        return FeedbackState[told]
    except KeyError:
        raise Invalid(f"`state` is one of {', '.join(one.name for one in FeedbackState)}") from None


def _connection(model: Model, wanted: FeedbackWanted, found: HeardPage) -> dict[str, Any]:
    """`FeedbackConnection`."""
    edges = [{"cursor": one.cursor, "node": _item(model, one)} for one in found.items]
    return {
        "edges": edges,
        "pageInfo": {
            "hasNextPage": found.more,
            "hasPreviousPage": wanted.after is not None,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
        "totalCount": found.total,
    }


def _item(model: Model, told: Heard) -> dict[str, Any]:
    """`FeedbackItem`."""
    item = told.item
    times = {"triagedAt": item.triaged_at, "answeredAt": item.answered_at, "closedAt": item.closed_at}
    return {
        "id": item.id,
        "source": item.source,
        "segment": item.segment,
        "created": instant_text(item.created),
        "updated": instant_text(item.updated),
        "state": item.state.name,
        **{name: instant_text(at) if at is not None else None for name, at in times.items()},
        "hoursToTriage": told.hours_to_triage,
        "hoursToFirstResponse": told.hours_to_answer,
        "linkedIssues": list(item.linked),
        "placement": told.placement.value,
        "areas": [shapes.area(model, key) for key in told.areas],
        "excerpt": item.excerpt or None,
        "freshness": shapes.freshness(told.fresh),
    }
