"""Who is responsible for an issue or in an area, over plain HTTP."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.rest import shapes
from remit.rest.keys import know_keys
from remit.rest.moments import AsOf, KnownAt, moment_of
from remit.usecases.ask_ownership import area_ownership, cell, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import model_freshness, snapshot

Wanted = Annotated[list[str] | None, Query(alias="responsibility", description="May be repeated; all without it.")]


def ownership_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/issues/{key}/ownership` and `/v1/areas/{key}/ownership`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["ownership"])

    @routes.get("/issues/{key:key}/ownership", summary="Who is responsible for an issue, and why")
    async def issue(key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        snap = await snapshot(desk(), moment_of(as_of, known_at))
        answers = await issue_ownership(desk(), snap, [key], _keys(responsibility))
        return _json(shapes.issue_ownership(snap.model, answers[key]))

    @routes.get("/areas/{key:key}/ownership", summary="Who is responsible in an area, and why")
    async def area(key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        snap = await snapshot(desk(), moment_of(as_of, known_at))
        asked = AreaKey(key)
        answers = await area_ownership(desk(), snap, [asked])
        cells = [cell(snap, answers, asked, one) for one in _keys(responsibility) or snap.model.responsibilities]
        return _json(shapes.area_ownership(snap.model, asked, cells, model_freshness(snap)))

    return routes


def _json(told: shapes.Json) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")


def _keys(responsibilities: list[str] | None) -> tuple[ResponsibilityKey, ...] | None:
    if responsibilities is None:
        return None
    return tuple(ResponsibilityKey(key) for key in dict.fromkeys(responsibilities))
