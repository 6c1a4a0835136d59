"""How loaded a person is, and what is measured in an area, over plain HTTP."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey, OwnerKey
from remit.rest import load_shapes, shapes
from remit.rest.keys import know_keys
from remit.rest.moments import AsOf, moment_of
from remit.usecases.ask_load import survey
from remit.usecases.ask_signals import USUAL_DAYS, area_signals, require_names
from remit.usecases.ask_touched import with_touched
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import signal_freshness, snapshot, source_freshness

Days = Annotated[int, Query(alias="windowDays", description="Days of the window, today the last of them.")]
Names = Annotated[list[str] | None, Query(alias="name", description="May be repeated; all without it.")]
Below = Annotated[bool, Query(description="With the records of every area below it.")]


def load_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/people/{key}/load` and `/v1/areas/{key}/signals`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["load"])

    @routes.get("/people/{key:key}/load", summary="What is asked of a person against what there is, and by what")
    async def load(key: str, window_days: Days = USUAL_DAYS, as_of: AsOf = None) -> Response:
        snap = await snapshot(desk(), moment_of(as_of, None))
        person = OwnerKey(key)
        if person not in snap.model.people:
            raise NotFound(f"there is no person {key!r} at this instant")
        found = await survey(desk(), snap, days=window_days)
        (told,) = await with_touched(desk(), snap, [found.load(person)], found.grounds.window)
        return _json(load_shapes.load(snap.model, told, source_freshness(snap, None)))

    @routes.get("/areas/{key:key}/signals", summary="What is measured in an area, and what the numbers say")
    async def signals(
        key: str, name: Names = None, window_days: Days = USUAL_DAYS, below: Below = False, as_of: AsOf = None
    ) -> Response:
        require_names(name or ())
        snap = await snapshot(desk(), moment_of(as_of, None))
        question = Question(AreaKey(key), below)
        if question.area not in snap.model.areas:
            raise NotFound(f"there is no area {key!r} at this instant")
        found = (await area_signals(desk(), snap, [question], days=window_days))[question]
        by_name = {one.name: one for one in found}
        asked = [by_name[one] for one in (by_name if name is None else name)]
        told = [load_shapes.signal(one, signal_freshness(snap, one)) for one in asked]
        return _json({"area": shapes.area(snap.model, question.area), "signals": told})

    return routes


def _json(told: shapes.Json) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")
