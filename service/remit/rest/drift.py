"""Where the work is done by another function than declared, over plain HTTP."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.ids import AreaKey
from remit.rest import drift_shapes, shapes
from remit.rest.gap_shapes import connection
from remit.rest.moments import AsOf, moment_of
from remit.usecases.ask_drift import area_drifts
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import snapshot, source_freshness

Under = Annotated[str | None, Query(description="This area and everything below it; everywhere without it.")]
Days = Annotated[int, Query(alias="windowDays", description="Days of the window, today the last of them.")]
First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def drift_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/drift`."""
    routes = APIRouter(prefix="/v1", tags=["drift"])

    @routes.get("/drift", summary="Where the work is done by another function than declared")
    async def drift(
        under: Under = None,
        first: First = USUAL,
        after: After = None,
        window_days: Days = USUAL_DAYS,
        as_of: AsOf = None,
    ) -> Response:
        snap = await snapshot(desk(), moment_of(as_of, None))
        area = AreaKey(under) if under is not None else None
        told = (await area_drifts(desk(), snap, [area], days=window_days))[area]
        page = connection(told.found, partial(drift_shapes.drift, snap.model), first, after)
        fresh = shapes.freshness(source_freshness(snap, None))
        return Response(orjson.dumps({**page, "doubt": told.doubt, "freshness": fresh}), media_type="application/json")

    return routes
