"""The days before over plain HTTP: signals of an area and the load of a person, as they were measured."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import Invalid, NotFound
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import day_shapes, shapes
from remit.rest.keys import know_keys
from remit.rest.load import Below, Names
from remit.usecases.ask_days import USUAL_POINTS, days_back, days_between, load_histories, names_of, signal_histories
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot

_DATE = {"format": "date"}
First = Annotated[
    str | None, Query(alias="from", description="The first day; 90 days are usual.", json_schema_extra=_DATE)
]
Last = Annotated[
    str | None, Query(alias="to", description="The last day; usually the last that ended.", json_schema_extra=_DATE)
]
Back = Annotated[int, Query(alias="days", description="How many days, the last that ended the last of them.")]


def day_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/people/{key}/load/history` and `/v1/areas/{key}/signals/history`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["load"])

    @routes.get("/people/{key:key}/load/history", summary="How loaded a person was by the end of each day")
    async def load(key: str, days: Back = USUAL_POINTS) -> Response:
        snap = await snapshot(desk(), Moment())
        person = OwnerKey(key)
        if person not in snap.model.people:
            raise NotFound(f"there is no person {key!r} at this instant")
        found = await load_histories(desk(), [person], days_back(snap, days))
        who = shapes.owner(snap.model, OwnerRef(OwnerKind.PERSON, person))
        return _json({"person": who, "points": [day_shapes.load_point(one) for one in found[person]]})

    @routes.get("/areas/{key:key}/signals/history", summary="What was measured in an area by the end of each day")
    async def signals(
        key: str, name: Names = None, below: Below = False, first: First = None, last: Last = None
    ) -> Response:
        names = names_of(name)
        snap = await snapshot(desk(), Moment())
        question = Question(AreaKey(key), below)
        if question.area not in snap.model.areas:
            raise NotFound(f"there is no area {key!r} at this instant")
        days = days_between(snap, _date("from", first), _date("to", last))
        found = (await signal_histories(desk(), [question], names, days))[question]
        told = [day_shapes.signal_history(one) for one in found]
        return _json({"area": shapes.area(snap.model, question.area), "signals": told})

    return routes


def _date(name: str, told: str | None) -> date | None:
    """Read here and not by the framework, which also takes numbers and instants for dates."""
    try:
        return date.fromisoformat(told) if told is not None else None
    except ValueError:
        raise Invalid(f"{name} is no date; write for example 2026-11-23") from None


def _json(told: dict[str, Any]) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")
