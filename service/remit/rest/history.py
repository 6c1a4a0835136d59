"""What happened to a node, and to the rows about it, over plain HTTP."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.rest.history_shapes import connection
from remit.rest.keys import know_keys
from remit.usecases.ask_history import MOST, USUAL, excerpt, history, node_of
from remit.usecases.desk import Desk

First = Annotated[int, Query(description=f"How many changes, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def history_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/history/{kind}/{key}`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["history"])

    @routes.get(
        "/history/{kind}/{key:key}", summary="What happened to an area, person, team, function, responsibility or lens"
    )
    async def node(kind: str, key: str, first: First = USUAL, after: After = None) -> Response:
        found = await history(desk(), excerpt(node_of(kind, key), first, after))
        return Response(orjson.dumps(connection(found, after)), media_type="application/json")

    return routes
