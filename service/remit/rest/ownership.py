"""Who is responsible for an issue or in an area, over plain HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.rest import shapes
from remit.usecases.ask_ownership import area_ownership, cell, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, model_freshness, snapshot

Wanted = Annotated[list[str] | None, Query(alias="responsibility", description="May be repeated; all without it.")]
AsOf = Annotated[datetime | None, Query(alias="asOf", description="What was true then: RFC 3339 with an offset.")]
KnownAt = Annotated[datetime | None, Query(alias="knownAt", description="What was believed then.")]


def ownership_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/issues/{key}/ownership` and `/v1/areas/{key}/ownership`."""
    routes = APIRouter(prefix="/v1", tags=["ownership"])

    @routes.get("/issues/{key}/ownership", summary="Who is responsible for an issue, and why")
    async def issue(
        key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None
    ) -> dict[str, Any]:
        snap = await snapshot(desk(), _moment(as_of, known_at))
        answers = await issue_ownership(desk(), snap, [key], _keys(responsibility))
        return shapes.issue_ownership(snap.model, answers[key])

    @routes.get("/areas/{key}/ownership", summary="Who is responsible in an area, and why")
    async def area(
        key: str, responsibility: Wanted = None, as_of: AsOf = None, known_at: KnownAt = None
    ) -> dict[str, Any]:
        snap = await snapshot(desk(), _moment(as_of, known_at))
        asked = AreaKey(key)
        answers = await area_ownership(desk(), snap, [asked])
        cells = [cell(snap, answers, asked, one) for one in _keys(responsibility) or snap.model.responsibilities]
        return shapes.area_ownership(snap.model, asked, cells, model_freshness(snap))

    return routes


def _keys(responsibilities: list[str] | None) -> tuple[ResponsibilityKey, ...] | None:
    if responsibilities is None:
        return None
    return tuple(ResponsibilityKey(key) for key in dict.fromkeys(responsibilities))


def _moment(as_of: datetime | None, known_at: datetime | None) -> Moment:
    for name, instant in (("asOf", as_of), ("knownAt", known_at)):
        if instant is not None and instant.tzinfo is None:
            raise Invalid(f"{name} needs an offset; write for example 2026-11-23T12:00:00Z")
    return Moment(as_of, known_at)
