"""Who is responsible for an issue or in an area, over plain HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.intervals import NoOffset, instant_of
from remit.rest import shapes
from remit.rest.keys import know_keys
from remit.usecases.ask_ownership import area_ownership, cell, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, model_freshness, snapshot

_INSTANT = {"format": "date-time"}
Wanted = Annotated[list[str] | None, Query(alias="responsibility", description="May be repeated; all without it.")]
AsOf = Annotated[
    str | None,
    Query(alias="asOf", description="What was true then: RFC 3339 with an offset.", json_schema_extra=_INSTANT),
]
KnownAt = Annotated[
    str | None, Query(alias="knownAt", description="What was believed then.", json_schema_extra=_INSTANT)
]


def ownership_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/issues/{key}/ownership` and `/v1/areas/{key}/ownership`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["ownership"])

    @routes.get("/issues/{key:key}/ownership", summary="Who is responsible for an issue, and why")
    async def issue(key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        snap = await snapshot(desk(), _moment(as_of, known_at))
        answers = await issue_ownership(desk(), snap, [key], _keys(responsibility))
        return _json(shapes.issue_ownership(snap.model, answers[key]))

    @routes.get("/areas/{key:key}/ownership", summary="Who is responsible in an area, and why")
    async def area(key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        snap = await snapshot(desk(), _moment(as_of, known_at))
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


def _moment(as_of: str | None, known_at: str | None) -> Moment:
    return Moment(_instant("asOf", as_of), _instant("knownAt", known_at))


def _instant(name: str, told: str | None) -> datetime | None:
    """In UTC; read here and not by the framework, which also takes numbers and bare dates for instants."""
    try:
        return instant_of(told) if told is not None else None
    except NoOffset:
        raise Invalid(f"{name} needs an offset; write for example 2026-11-23T12:00:00Z") from None
    except ValueError:
        raise Invalid(f"{name} is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B") from None
