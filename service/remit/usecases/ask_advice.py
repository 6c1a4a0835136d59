"""What should move, to whom, and what would that come to?"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from remit.domain.advice import Dismissal, Proposal
from remit.domain.changes import Change, SetAssignment, SetRule
from remit.domain.errors import Invalid, NotFound, Stale
from remit.domain.ids import AreaKey, OwnerKey
from remit.modelfile.rows import is_text
from remit.resolution.advice import advised, effects, limits_of, possible, relief
from remit.resolution.load import GRAIN
from remit.resolution.moves import Field, Weighed
from remit.usecases.ask_load import Survey, Wanted, listed, survey
from remit.usecases.change_model import Changed, change_model
from remit.usecases.desk import Desk
from remit.usecases.plan_model import LONGEST_REASON
from remit.usecases.snapshot import Moment, Snapshot, snapshot, zone_of

NO_MORE = "there is no such proposal any more: what it rests on has changed, or its day is over; ask for advice anew"


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
    doubt = found.grounds.doubt or next(iter(found.grounds.doubts.values()), None)
    return Advice(await _proposals(desk, snap, field, chosen), doubt)


async def accept_advice(desk: Desk, id_: str, *, actor: str, dry_run: bool = False) -> Changed:
    """Make a proposal so: its rule, and where it needs one its assignment, with the proposal as their reason.

    Raises Stale where what it rests on has changed since it was told, so that it can be accepted once only.
    """
    snap = await snapshot(desk, Moment())
    told = await _proposal(desk, snap, id_)
    return await change_model(
        desk,
        changes_of(told),
        actor=actor,
        reason=told.sentence,
        expected_version=snap.model.version,
        dry_run=dry_run,
    )


async def dismiss_advice(desk: Desk, id_: str, *, until: datetime, reason: str, actor: str) -> Dismissal:
    """Do not propose this move until then, whatever the numbers come to meanwhile.

    Raises Stale as `accept_advice`, and Invalid for an instant that is past or a reason that cannot be kept.
    """
    if until.tzinfo is None or until <= desk.clock():
        raise Invalid("`until` must be later than now, and have an offset")
    if len(reason) > LONGEST_REASON or not is_text(reason):
        raise Invalid(f"a reason has at most {LONGEST_REASON} characters, without NUL")
    told = await _proposal(desk, await snapshot(desk, Moment()), id_)
    dismissal = Dismissal(told.move.key, until, reason, actor)
    await desk.models.dismissals.dismiss(dismissal)
    return dismissal


def changes_of(told: Proposal) -> tuple[Change, ...]:
    """What accepting a proposal writes."""
    move, reason = told.move, told.sentence
    rule = SetRule(
        area=move.area,
        responsibility=move.responsibility,
        lead=move.split.lead,
        support=tuple((function, letter.value) for function, letter in move.split.support),
        reason=reason,
    )
    if not move.needs_assignment:
        return (rule,)
    assignment = SetAssignment(
        area=move.area, responsibility=move.responsibility, function=move.function, owner=move.owner, reason=reason
    )
    return rule, assignment


async def _proposal(desk: Desk, snap: Snapshot, id_: str) -> Proposal:
    """The one of that id, whether it is among those chosen now or not."""
    field = _field(desk, await survey(desk, snap))
    if field is not None:
        every = await asyncio.to_thread(lambda: possible(field, limits_of(field)))
        for told in await _proposals(desk, snap, field, every):
            if told.id == id_:
                return told
    raise Stale(NO_MORE)


def _field(desk: Desk, found: Survey) -> Field | None:
    weights = dict(desk.catalogue.shares)
    return Field(found.grounds, found.demand, weights) if found.demand is not None else None


async def _proposals(desk: Desk, snap: Snapshot, field: Field, chosen: Sequence[Weighed]) -> tuple[Proposal, ...]:
    marks = await desk.mirror.watermarks(tuple(snap.model.areas)) if chosen else {}
    limits, today = limits_of(field), snap.as_of.astimezone(zone_of(snap.model)).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), zone_of(snap.model)).astimezone(UTC)
    return tuple(
        Proposal(
            id=sha256("\n".join(_basis(snap, field, one, marks, midnight)).encode()).hexdigest()[:24],
            move=one.move,
            relief_hours=relief(one, limits) / GRAIN,
            effects=effects(field, one),
            expires=midnight,
        )
        for one in chosen
    )


def _basis(
    snap: Snapshot, field: Field, one: Weighed, marks: Mapping[AreaKey, int], midnight: datetime
) -> Iterator[str]:
    """All that a proposal rests on: the model, the day, and the records of every area that asks anything of anybody
    whose hours it would change.
    """
    yield from (one.move.key, snap.model.version, snap.model.segment, midnight.isoformat())
    places = field.demand.places
    near = {area for person in one.deltas for area in field.demand.areas_of(places[person])}
    yield from (f"{area} {marks.get(area, 0)}" for area in sorted(near | {one.move.area}))
