"""Make a proposal so, keep a move from being proposed for a time, or let it be proposed again."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from remit.domain.advice import MOVE_ID, Dismissal, Proposal, move_id, move_key
from remit.domain.changes import Change, SetAssignment, SetRule
from remit.domain.errors import Conflict, Invalid, NotFound, Refused, Stale
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.modelfile.rows import is_text
from remit.ports import Request
from remit.usecases.ask_advice import PROPOSAL_ID, proposals_of
from remit.usecases.change_model import Changed, change_model, first_outcome
from remit.usecases.desk import Desk
from remit.usecases.once import earlier, fingerprint, require_key
from remit.usecases.plan_model import LONGEST_REASON
from remit.usecases.snapshot import Moment, Snapshot, snapshot

NO_MORE = "there is no such proposal any more: what it rests on has changed, or its day is over; ask for advice anew"
LATER = "`until` must be later than now, and have an offset"
_ID = re.compile(rf"[0-9a-f]{{{MOVE_ID}}}([0-9a-f]{{{PROPOSAL_ID - MOVE_ID}}})?")


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What is not proposed until then; `is_repeated` where an earlier request with the same key is answered again."""

    dismissal: Dismissal
    is_repeated: bool = False


async def accept_advice(
    desk: Desk, id_: str, *, actor: str, idempotency_key: str | None = None, dry_run: bool = False
) -> Changed:
    """Make a proposal so: its rule, and where it needs one its assignment, with the proposal as their reason.

    Raises Stale where what it rests on has changed since it was told, so that it can be accepted once only; Conflict
    where its move was dismissed; NotFound for what is no id of a proposal. The same idempotency key of the same actor
    returns the first outcome, and changes nothing.
    """
    require_key(idempotency_key)
    key, asked = None if dry_run else idempotency_key, fingerprint(("accept", id_))
    if (first := await first_outcome(desk, actor, key, asked)) is not None:
        return first
    snap = await snapshot(desk, Moment())
    try:
        told = await _proposal(desk, snap, id_)
    except Stale:  # it may be so by the same request, sent twice at once
        if (first := await first_outcome(desk, actor, key, asked)) is not None:
            return first
        raise
    if (kept := await _dismissal(desk, id_)) is not None:
        raise Conflict(
            f"this move is dismissed until {instant_text(kept.until)} by {kept.actor}; restore it first if it is to be"
        )
    return await change_model(
        desk,
        changes_of(told),
        actor=actor,
        reason=told.sentence,
        expected_version=snap.model.version,
        idempotency_key=key,
        asked=asked,
        dry_run=dry_run,
    )


async def dismiss_advice(
    desk: Desk, id_: str, *, until: datetime, reason: str, actor: str, idempotency_key: str | None = None
) -> Dismissed:
    """Do not propose this move until then, whatever the numbers come to meanwhile; the last one said counts.

    Raises Stale and NotFound as `accept_advice`, and Invalid for an instant that is past or a reason that cannot be
    kept. The same idempotency key of the same actor returns the first outcome, and writes nothing.
    """
    require_key(idempotency_key)
    if until.tzinfo is None:
        raise Invalid(LATER)
    asked = fingerprint(("dismiss", id_, instant_text(until), reason))
    if (first := await _first_dismissal(desk, actor, idempotency_key, asked)) is not None:
        return first
    _require(desk, until, reason, actor)
    told = await _proposal(desk, await snapshot(desk, Moment()), id_)
    dismissal = Dismissal(told.move.key, until, reason, actor)
    request = None
    if idempotency_key is not None:
        request = Request(actor, idempotency_key, asked, msgspec.json.encode(dismissal))
    if not await desk.models.dismissals.dismiss(dismissal, request):
        first = await _first_dismissal(desk, actor, idempotency_key, asked)
    return first or Dismissed(dismissal)


async def restore_advice(desk: Desk, id_: str) -> Dismissal:
    """Let a dismissed move be proposed again; named as it is listed, or by the proposal that was dismissed.

    Raises NotFound where no such move is dismissed now.
    """
    if (kept := await _dismissal(desk, id_)) is None or not await desk.models.dismissals.restore(kept.move):
        raise NotFound(f"nothing that is dismissed now has the id {id_!r}; list what is dismissed and take an id there")
    return kept


async def dismissed_advice(desk: Desk) -> tuple[Dismissal, ...]:
    """What is not proposed now, by move."""
    return await desk.models.dismissals.current(desk.clock())


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


def _require(desk: Desk, until: datetime, reason: str, actor: str) -> None:
    if until <= desk.clock():
        raise Invalid(LATER)
    if len(reason) > LONGEST_REASON or not is_text(reason):
        raise Invalid(f"a reason has at most {LONGEST_REASON} characters, without NUL")
    if not actor.strip() or not is_text(actor):
        raise Invalid("say who dismisses it; every dismissal is kept with its actor")


async def _first_dismissal(desk: Desk, actor: str, key: str | None, asked: bytes) -> Dismissed | None:
    found = await earlier(desk, actor, key, asked)
    return Dismissed(_decoded(found[0].outcome), is_repeated=True) if found is not None else None


_decoded = msgspec.json.Decoder(Dismissal).decode


async def _dismissal(desk: Desk, id_: str) -> Dismissal | None:
    """The one that holds of a move, by its id or that of any proposal of it."""
    if not _ID.fullmatch(id_):
        return None
    return next((one for one in await dismissed_advice(desk) if one.key == id_[:MOVE_ID]), None)


async def _proposal(desk: Desk, snap: Snapshot, id_: str) -> Proposal:
    """The one of that id, whether it is among those told now or not; else a sentence on why there is none."""
    if len(id_) != PROPOSAL_ID or not _ID.fullmatch(id_):
        raise NotFound(f"{id_!r} is no id of a proposal; ask for advice and take the `id` of one that is told")
    found = await proposals_of(desk, snap, id_[:MOVE_ID])
    by_id = {one.id: one for one in found.proposals}
    if id_ not in by_id:
        raise await asyncio.to_thread(_gone, snap.model, found.proposals, found.doubt, id_[:MOVE_ID])
    return by_id[id_]


def _gone(model: Model, proposals: Iterable[Proposal], doubt: str | None, move: str) -> Refused:
    """Why there is no proposal of that id, and what to do."""
    for told in proposals:
        if told.id.startswith(move):
            return Stale(
                "what this proposal rests on has changed since it was told, or its day is over; look at the same move "
                f"anew, which is {told.id} now"
            )
    if (so := _already_so(model, move)) is not None:
        return Stale(f"{so} already; nothing is left to do")
    return Stale(NO_MORE if doubt is None else f"nothing can be proposed that could be relied on. {doubt}")


def _already_so(model: Model, move: str) -> str | None:
    """What a move of that id would come to, where a rule and an assignment say so by now."""
    for (area, responsibility), fact in model.rules.items():
        lead = fact.body.split.lead if fact.body.split is not None else None
        if lead is None:
            continue
        held = (one.body for place in model.paths.get(area, ()) for one in model.assignments.get((place, lead), ()))
        for owner in {one.owner for one in held if one.owner is not None}:
            if move_id(move_key(area, responsibility, lead, owner)) == move:
                return f"{lead} leads {responsibility} at {area}, with {owner} accountable,"
    return None
