"""Where the model does not hold, over plain HTTP."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.gaps import GapKind
from remit.domain.ids import AreaKey
from remit.rest.gap_shapes import Json, connection, coverage, finding, gap
from remit.rest.moments import AsOf, KnownAt, moment_of
from remit.usecases.ask_gaps import GapQuestion, area_coverage, gaps, selector_lint
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Moment, snapshot

Kinds = Annotated[list[GapKind] | None, Query(alias="kind", description="May be repeated; all without it.")]
Under = Annotated[str | None, Query(description="This area and everything below it; everywhere without it.")]
First = Annotated[int, Query(description=f"How many, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the page before.")]


def gap_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/gaps`, `/v1/coverage` and `/v1/selectors/lint`."""
    routes = APIRouter(prefix="/v1", tags=["gaps"])

    @routes.get("/gaps", summary="Where the model does not hold, and what to do about it")
    async def open_gaps(
        kind: Kinds = None,
        under: Under = None,
        first: First = USUAL,
        after: After = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Response:
        question = GapQuestion(frozenset(GapKind if kind is None else kind), _area(under))
        snap = await snapshot(desk(), moment_of(as_of, known_at))
        found = (await gaps(desk(), snap, [question]))[question]
        page = connection(found.found, partial(gap, snap.model), first, after)
        return _json({**page, "notTold": [one.value for one in found.not_told], "doubt": found.doubt})

    @routes.get("/coverage", summary="How much of an area, and of each right below it, has somebody accountable")
    async def covered(under: Under = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        snap = await snapshot(desk(), moment_of(as_of, known_at))
        found = await area_coverage(desk(), snap, [_area(under)])
        return _json([coverage(snap.model, one) for one in found[_area(under)]])

    @routes.get(
        "/selectors/lint", summary="Selectors that never match or that another one beats, and names nearly right"
    )
    async def faults(first: First = USUAL, after: After = None) -> Response:
        snap = await snapshot(desk(), Moment())
        return _json(connection(await selector_lint(desk(), snap), partial(finding, snap.model), first, after))

    return routes


def _json(told: Json | list[Json]) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")


def _area(under: str | None) -> AreaKey | None:
    return AreaKey(under) if under is not None else None
