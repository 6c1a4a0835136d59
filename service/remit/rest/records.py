"""The records behind a number of an area, over plain HTTP."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey
from remit.rest import record_shapes, shapes
from remit.rest.keys import know_keys
from remit.rest.load import Below, Days
from remit.rest.moments import AsOf, moment_of
from remit.usecases.ask_signals import USUAL_DAYS, require_days
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import spans_of
from remit.usecases.measurements import Question
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import snapshot, source_freshness
from remit.usecases.trace_signals import TraceQuestion, trace_signals

First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def record_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/areas/{key}/signals/{name}/records`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["load"])

    @routes.get("/areas/{key:key}/signals/{name}/records", summary="Which records are behind a number of an area")
    async def records(
        key: str,
        name: str,
        first: First = USUAL,
        after: After = None,
        below: Below = False,
        window_days: Days = USUAL_DAYS,
        as_of: AsOf = None,
    ) -> Response:
        require_days(window_days)
        snap = await snapshot(desk(), moment_of(as_of, None))
        area = Question(AreaKey(key), below)
        if area.area not in snap.model.areas:
            raise NotFound(f"there is no area {key!r} at this instant")
        asked = TraceQuestion(area.areas(snap.model), name, spans_of(snap, window_days)[0], first, after)
        found = (await trace_signals(desk(), snap, [asked]))[asked]
        told = record_shapes.traced(snap.model, area.area, asked, found)
        told["freshness"] = shapes.freshness(source_freshness(snap, None))
        return Response(orjson.dumps(told), media_type="application/json")

    return routes
