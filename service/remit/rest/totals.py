"""How loaded teams and functions are, and what is measured of all that somebody answers for, over plain HTTP."""

from collections.abc import Callable, Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from remit.domain.errors import NotFound
from remit.domain.parties import Party, PartyKind, is_there
from remit.rest import load_shapes, shapes, total_shapes
from remit.rest.keys import know_keys
from remit.rest.moments import AsOf, moment_of
from remit.usecases.ask_load import survey
from remit.usecases.ask_party_signals import party_signals, require_party_names
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.ask_totals import group_loads
from remit.usecases.ask_touched import with_touched_together
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Snapshot, signal_freshness, snapshot, source_freshness

Days = Annotated[int, Query(alias="windowDays", description="Days of the window, today the last of them.")]
Names = Annotated[list[str] | None, Query(alias="name", description="May be repeated; all without it.")]
First = Annotated[int, Query(description=f"How many contributions, at most {MOST}.")]
After = Annotated[str | None, Query(description="The `endCursor` of the contributions before.")]


def total_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/{teams,functions}/{key}/load` and `/v1/{people,teams,functions}/{key}/signals`."""
    know_keys()
    routes = APIRouter(prefix="/v1", tags=["load"])

    @routes.get("/teams/{key:key}/load", summary="How loaded the members of a team are together, and by what")
    async def team_load(
        key: str, window_days: Days = USUAL_DAYS, as_of: AsOf = None, first: First = USUAL, after: After = None
    ) -> Response:
        return await _load(desk(), Party(PartyKind.TEAM, key), window_days, as_of, first, after)

    @routes.get("/functions/{key:key}/load", summary="How loaded the people of a function are together, and by what")
    async def function_load(
        key: str, window_days: Days = USUAL_DAYS, as_of: AsOf = None, first: First = USUAL, after: After = None
    ) -> Response:
        return await _load(desk(), Party(PartyKind.FUNCTION, key), window_days, as_of, first, after)

    @routes.get("/people/{key:key}/signals", summary="What is measured of all that a person is accountable for")
    async def person_signals(
        key: str, name: Names = None, window_days: Days = USUAL_DAYS, as_of: AsOf = None
    ) -> Response:
        return await _signals(desk(), Party(PartyKind.PERSON, key), name, window_days, as_of)

    @routes.get("/teams/{key:key}/signals", summary="What is measured of all that a team is accountable for")
    async def team_signals(
        key: str, name: Names = None, window_days: Days = USUAL_DAYS, as_of: AsOf = None
    ) -> Response:
        return await _signals(desk(), Party(PartyKind.TEAM, key), name, window_days, as_of)

    @routes.get("/functions/{key:key}/signals", summary="What is measured of all that a function is accountable for")
    async def function_signals(
        key: str, name: Names = None, window_days: Days = USUAL_DAYS, as_of: AsOf = None
    ) -> Response:
        return await _signals(desk(), Party(PartyKind.FUNCTION, key), name, window_days, as_of)

    return routes


async def _load(desk: Desk, party: Party, days: int, as_of: str | None, first: int, after: str | None) -> Response:
    snap = await _snapshot(desk, party, as_of)
    found = await survey(desk, snap, days=days)
    loads = (await group_loads(desk, snap, found, [party])).values()
    (told,) = await with_touched_together(desk, snap, loads, found.grounds.window)
    return _json(total_shapes.group_load(snap.model, told, source_freshness(snap, None), first, after))


async def _signals(desk: Desk, party: Party, names: Sequence[str] | None, days: int, as_of: str | None) -> Response:
    require_party_names(party.kind, names or ())
    snap = await _snapshot(desk, party, as_of)
    by_name = {one.name: one for one in (await party_signals(desk, snap, [party], days=days))[party]}
    asked = [by_name[name] for name in (by_name if names is None else names)]
    told = [load_shapes.signal(one, signal_freshness(snap, one)) for one in asked]
    return _json({party.kind.value.lower(): total_shapes.party(snap.model, party), "signals": told})


async def _snapshot(desk: Desk, party: Party, as_of: str | None) -> Snapshot:
    """Raises NotFound for a party that the model does not have then."""
    snap = await snapshot(desk, moment_of(as_of, None))
    if not is_there(snap.model, party):
        raise NotFound(f"there is no {party.kind.value.lower()} {party.key!r} at this instant")
    return snap


def _json(told: shapes.Json) -> Response:
    return Response(orjson.dumps(told), media_type="application/json")
