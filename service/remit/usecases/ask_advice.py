"""What should move, to whom, and what would that come to?"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from hashlib import sha256

from remit.domain.advice import MOVE_ID, Proposal, move_id
from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey, OwnerKey
from remit.resolution.advice import MOST_RELIEVED, advised, effects, limits_of, possible, relief, watched
from remit.resolution.field import Field
from remit.resolution.load import GRAIN
from remit.resolution.weighing import Weighed
from remit.usecases.ask_load import Survey, Wanted, listed, survey
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot, zone_of

PROPOSAL_ID = 24
"""How many characters name a proposal: first its move, then all it rests on."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Proposals that can all be made, and why there may be others; None where nothing is in doubt."""

    proposals: tuple[Proposal, ...]
    doubt: str | None


async def advice(desk: Desk, snap: Snapshot, under: AreaKey | None = None, person: OwnerKey | None = None) -> Advice:
    """What relieves those with a part in an area or below it, or one person; with neither, anybody.

    Of the present alone, over the usual window. Raises NotFound for an area or a person the model does not have.
    """
    if person is not None and person not in snap.model.people:
        raise NotFound(f"there is no person {person!r} at this instant")
    found = await survey(desk, snap)
    near = frozenset(listed(snap, found, Wanted(under=under))) & (
        {person} if person is not None else {*snap.model.people}
    )
    field = _field(desk, found)
    if field is None:
        return Advice((), found.grounds.doubt)
    dismissed = [one.move for one in await desk.models.dismissals.current(snap.now)]
    chosen = await asyncio.to_thread(advised, field, near, dismissed)
    doubt = found.grounds.doubt or next(iter(found.grounds.doubts.values()), None) or _left_out(field, near)
    return Advice(await _proposals(desk, snap, field, chosen), doubt)


async def proposals_of(desk: Desk, snap: Snapshot, move: str) -> Advice:
    """Of one move, by its id, the proposal if it may be made by itself, whether it is told or was dismissed, or not."""
    found = await survey(desk, snap)
    field, doubt = _field(desk, found), found.grounds.doubt or next(iter(found.grounds.doubts.values()), None)
    if field is None:
        return Advice((), doubt)
    found_of = partial(possible, field, limits_of(field), watched(field), lambda one: move_id(one.key) == move)
    return Advice(await _proposals(desk, snap, field, await asyncio.to_thread(found_of)), doubt)


def _left_out(field: Field, near: Collection[OwnerKey]) -> str | None:
    """That not everybody with too much was looked at, where there are very many."""
    if (many := len(watched(field, near))) <= MOST_RELIEVED:
        return None
    return (
        f"Of {many:,} people with too much, only the {MOST_RELIEVED} with most of it were looked at; "
        "ask about an area or a person for the others."
    )


def _field(desk: Desk, found: Survey) -> Field | None:
    weights = dict(desk.catalogue.shares)
    return Field(found.grounds, found.demand, weights, found.roster) if found.demand is not None else None


async def _proposals(desk: Desk, snap: Snapshot, field: Field, chosen: Sequence[Weighed]) -> tuple[Proposal, ...]:
    marks = await desk.mirror.watermarks(tuple(snap.model.areas)) if chosen else {}
    limits, today = limits_of(field), snap.as_of.astimezone(zone_of(snap.model)).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), zone_of(snap.model)).astimezone(UTC)
    return tuple(
        Proposal(
            id=move_id(one.move.key) + _digest(_basis(snap, field, one, marks, midnight)),
            move=one.move,
            relief_hours=relief(one, limits) / GRAIN,
            effects=effects(field, one),
            expires=midnight,
        )
        for one in chosen
    )


def _digest(told: Iterator[str]) -> str:
    return sha256("\n".join(told).encode()).hexdigest()[: PROPOSAL_ID - MOVE_ID]


def _basis(
    snap: Snapshot, field: Field, one: Weighed, marks: Mapping[AreaKey, int], midnight: datetime
) -> Iterator[str]:
    """All that a proposal rests on: the model, the day, and the records of every area that asks anything of anybody
    whose hours it would change.
    """
    yield from (snap.model.version, snap.model.segment, midnight.isoformat())
    places = field.demand.places
    near = {area for person in one.deltas for area in field.demand.areas_of(places[person])}
    yield from (f"{area} {marks.get(area, 0)}" for area in sorted(near | {one.move.area}))
