"""What is said of advice over plain HTTP: accept a proposal, dismiss it for a time, list what is, propose it again."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import orjson
import structlog
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from remit.domain.viewer import STRANGER, Viewer
from remit.rest import advice_shapes
from remit.rest.gap_shapes import connection
from remit.rest.moments import instant
from remit.usecases.decide_advice import accept_advice, dismiss_advice, dismissed_advice, restore_advice
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Moment, snapshot

log = structlog.get_logger()

Id = Annotated[str, Path(description="The `id` of a proposal as it was told.")]
DryRun = Annotated[bool, Query(description="Only tell what would change.")]
IdempotencyKey = Annotated[
    str | None, Header(description="Sent again with this key, it is answered again and not done again.")
]
First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


class Dismissing(BaseModel):
    """Until when a move is not to be proposed, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)
    until: str = Field(description="RFC 3339 with an offset.", json_schema_extra={"format": "date-time"})
    reason: str = Field("", description="Why, for the record.")


def advice_decision_routes(desk: Callable[[], Desk]) -> APIRouter:
    """Below `/advice`: `/{id}/accept`, `dismiss` and `restore`, which take a viewer who may write, and `/dismissed`."""
    routes = APIRouter(prefix="/advice")

    @routes.post("/{id}/accept", summary="Make a proposal so, or tell what that would change")
    async def accept(
        request: Request, id: Id, dry_run: DryRun = False, idempotency_key: IdempotencyKey = None
    ) -> Response:
        viewer = _viewer(request)
        if not dry_run:
            viewer.require_write()
        done = await accept_advice(desk(), id, actor=viewer.name, idempotency_key=idempotency_key, dry_run=dry_run)
        if not dry_run:
            log.info("model.changed", actor=viewer.name, rows=len(done.rows), repeated=done.is_repeated)
        return _json(advice_shapes.accepted(done, dry_run), {"ETag": f'"{done.version}"'})

    @routes.post("/{id}/dismiss", summary="Do not propose this move until then")
    async def dismiss(request: Request, id: Id, said: Dismissing, idempotency_key: IdempotencyKey = None) -> Response:
        viewer = _viewer(request)
        viewer.require_write()
        until = instant("until", said.until, in_address=False)
        done = await dismiss_advice(
            desk(), id, until=until, reason=said.reason, actor=viewer.name, idempotency_key=idempotency_key
        )
        log.info("advice.dismissed", actor=viewer.name, move=done.dismissal.key, repeated=done.is_repeated)
        snap = await snapshot(desk(), Moment())
        return _json({**advice_shapes.dismissed(snap.model, done.dismissal), "repeated": done.is_repeated})

    @routes.post("/{id}/restore", summary="Let a dismissed move be proposed again")
    async def restore(request: Request, id: Id) -> Response:
        viewer = _viewer(request)
        viewer.require_write()
        restored = await restore_advice(desk(), id)
        log.info("advice.restored", actor=viewer.name, move=restored.key)
        return _json({"id": restored.key, "restored": True})

    @routes.get("/dismissed", summary="Moves that are not proposed for now, as somebody dismissed them")
    async def dismissed(first: First = USUAL, after: After = None) -> Response:
        snap = await snapshot(desk(), Moment())
        told = await dismissed_advice(desk())
        return _json(connection(told, partial(advice_shapes.dismissed, snap.model), first, after))

    return routes


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = getattr(request.state, "viewer", STRANGER)
    return viewer


def _json(told: advice_shapes.Json, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(told), media_type="application/json", headers=headers)
