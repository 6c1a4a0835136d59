"""What could move to the other function, over plain HTTP."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.ids import AreaKey, OwnerKey
from remit.rest import advice_shapes, shapes
from remit.rest.advice_decisions import advice_decision_routes
from remit.rest.gap_shapes import connection
from remit.usecases.ask_advice import advice
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Moment, snapshot, source_freshness

Under = Annotated[str | None, Query(description="To relieve those with a part in this area or below it.")]
Whom = Annotated[str | None, Query(alias="person", description="To relieve this person alone.")]
First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def advice_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/advice`, and what is said of it."""
    routes = APIRouter(prefix="/v1", tags=["advice"])

    @routes.get("/advice", summary="What could move to the other function, and what that would come to")
    async def advised(under: Under = None, person: Whom = None, first: First = USUAL, after: After = None) -> Response:
        snap = await snapshot(desk(), Moment())
        area, whom = AreaKey(under) if under is not None else None, OwnerKey(person) if person is not None else None
        told = await advice(desk(), snap, area, whom)
        page = connection(told.proposals, partial(advice_shapes.proposal, snap.model), first, after)
        fresh = shapes.freshness(source_freshness(snap, None))
        return Response(orjson.dumps({**page, "doubt": told.doubt, "freshness": fresh}), media_type="application/json")

    routes.include_router(advice_decision_routes(desk))
    return routes
