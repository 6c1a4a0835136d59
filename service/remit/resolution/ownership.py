"""Who is responsible here, and why: the split, then the people, then who stands in and who is active."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from remit.domain.answers import Candidate, Holder, Layer, Outcome, Ownership, Reason, Standing, Step
from remit.domain.catalogue import Split
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.domain.records import Criteria
from remit.resolution.candidates import of_fact
from remit.resolution.climb import Climbs, Found, Part
from remit.resolution.matching import Match, common_ancestor
from remit.resolution.split import decide, standing
from remit.resolution.standing_in import stand_in
from remit.resolution.verdicts import Cells, Verdict, judged


def resolve(model: Model, area: AreaKey, responsibility: ResponsibilityKey, issue: Criteria | None = None) -> Ownership:
    """The answer for one responsibility in one area, or for an issue that belongs to that area.

    An area or responsibility the model does not have is UNKNOWN, never an error (R46).
    """
    if area not in model.areas:
        return unknown(responsibility, _not_in_model(area, Reason.UNKNOWN_AREA, f"There is no area {area!r}."))
    if responsibility not in model.responsibilities:
        return _no_such(responsibility)
    return _resolved(model, area, responsibility, Climbs(model, area), issue)


def resolve_area(model: Model, area: AreaKey) -> tuple[Ownership, ...]:
    """The answers for every responsibility of the model in one area it has: as `resolve` gives them, but faster."""
    climbs = Climbs(model, area)
    return tuple(_resolved(model, area, responsibility, climbs) for responsibility in model.responsibilities)


def holders_in(model: Model, area: AreaKey, cells: Cells) -> Mapping[ResponsibilityKey, tuple[Holder, ...]]:
    """Who holds each responsibility in one area: as `resolve_area` tells it, without the reasons, and much faster.

    `cells` are what `verdicts` says of the area. Responsibilities whose people are found by the same climbs have the
    same holders, unless one of those delegates, which may be for some responsibilities only.
    """
    climbs = Climbs(model, area)
    found: dict[ResponsibilityKey, tuple[Holder, ...]] = {}
    alike: dict[Hashable, tuple[Holder, ...]] = {}
    for responsibility, cell in cells.items():
        split = cell.source.split
        climbed = _climbed(climbs, responsibility, split) if split is not None else []
        delegates = any(part.owner in model.delegations for _, one in climbed for part in one.parts)
        name = (cell.lead, responsibility if delegates else None, *((function, id(one)) for function, one in climbed))
        if name not in alike:
            alike[name] = _Cell(model, area, responsibility).holders(climbed, cell.lead)
        found[responsibility] = alike[name]
    return found


def held_in(model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> tuple[Verdict, tuple[Holder, ...]]:
    """What one cell comes to and who holds it: as `resolve` tells it, without the reasons, and much faster."""
    climbs = Climbs(model, area)
    source = standing(model, area, responsibility, climbs)
    split = source.split
    climbed = _climbed(climbs, responsibility, split) if split is not None else []
    found = climbed[0][1] if split is not None and split.lead is not None else None
    holders = _Cell(model, area, responsibility).holders(climbed, split.lead if split is not None else None)
    return judged(model, area, responsibility, source, found), holders


def _resolved(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs, issue: Criteria | None = None
) -> Ownership:
    decision = decide(model, area, responsibility, climbs, issue)
    if decision.source is None:
        return Ownership(area, responsibility, Outcome.CONFLICT, trace=decision.trace)
    split = decision.source.split
    if split is None:
        return Ownership(area, responsibility, Outcome.DELIBERATELY_UNOWNED, trace=decision.trace)
    cell, climbed = _Cell(model, area, responsibility), _climbed(climbs, responsibility, split)
    holders = cell.holders(climbed, split.lead)
    trace = [*decision.trace, *(one for _, found in climbed for one in found.trace), *cell.trace]
    found = climbed[0][1] if split.lead is not None else None
    told = judged(model, area, responsibility, decision.source, found)
    if told.outcome is Outcome.UNOWNED and split.lead is not None:
        trace.append(_nobody(area, responsibility, split.lead))
    return Ownership(area, responsibility, told.outcome, split.lead, told.accountable, holders, tuple(trace))


def _climbed(climbs: Climbs, responsibility: ResponsibilityKey, split: Split) -> list[tuple[FunctionKey, Found]]:
    """What the climb found for each function of a split, for the one that leads first."""
    asked = ((split.lead, None), *split.support) if split.lead is not None else split.support
    return [(function, climbs.find(responsibility, function, letter)) for function, letter in asked]


def resolve_match(model: Model, match: Match, responsibility: ResponsibilityKey, issue: Criteria) -> Ownership:
    """The answer for an issue, mapping included: UNMATCHED and mapping CONFLICT name no holder (R32, R33)."""
    if match.area is None:
        return unplaced(model, match, responsibility)
    answer = resolve(model, match.area, responsibility, issue)
    return with_trace_before(answer, match.trace)


def unplaced(model: Model, match: Match, responsibility: ResponsibilityKey) -> Ownership:
    """The answer for an issue that belongs to no area, or to several."""
    if responsibility not in model.responsibilities:
        return _no_such(responsibility)
    if match.areas:
        nearest = common_ancestor(model, match.areas)
        return Ownership(nearest, responsibility, Outcome.CONFLICT, trace=match.trace)
    return Ownership(None, responsibility, Outcome.UNMATCHED, trace=match.trace)


def unknown(responsibility: ResponsibilityKey, *trace: Candidate) -> Ownership:
    """ "Not known", which is another answer than "nobody"."""
    return Ownership(None, responsibility, Outcome.UNKNOWN, trace=trace)


def with_trace_before(answer: Ownership, trace: tuple[Candidate, ...]) -> Ownership:
    """The same answer, with what was looked at before it."""
    return Ownership(
        answer.area,
        answer.responsibility,
        answer.outcome,
        answer.lead,
        answer.accountable,
        answer.holders,
        (*trace, *answer.trace),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """A holder, and whether active."""

    holder: Holder
    active: bool


class _Cell:
    """One responsibility in one area, while its people are looked at; collects their trace."""

    def __init__(self, model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> None:
        self.model, self.area, self.responsibility = model, area, responsibility
        self.trace: list[Candidate] = []

    def holders(self, climbed: Iterable[tuple[FunctionKey, Found]], lead: FunctionKey | None) -> tuple[Holder, ...]:
        """Whoever of those found is active."""
        held = [one for function, found in climbed for one in self._hold(found.parts, function)]
        return tuple(one.holder for one in _merged(held, lead) if one.active)

    def _hold(self, parts: tuple[Part, ...], function: FunctionKey) -> list[_Held]:
        """Let delegates stand in, and say of each whether he or she is active."""
        held = []
        for part in parts:
            original = self.model.owner(part.owner) or OwnerRef(OwnerKind.PERSON, part.owner)
            acting = original
            if original.kind is OwnerKind.PERSON:
                standing = stand_in(self.model, self.area, self.responsibility, original.key)
                self.trace.extend(standing.trace)
                acting = OwnerRef(OwnerKind.PERSON, standing.person)
            active = self.model.is_active(acting.key)
            if not active:
                self.trace.append(_inactive(acting, part))
            holder = Holder(acting, function, part.letter, original if acting != original else None)
            held.append(_Held(holder, active))
        return held


def _merged(holders: list[_Held], lead: FunctionKey | None) -> list[_Held]:
    """One entry per owner and function with the strongest letter; accountable first, then by letter and owner."""
    strongest: dict[tuple[OwnerRef, FunctionKey], _Held] = {}
    for held in holders:
        key = held.holder.owner, held.holder.function
        if key not in strongest or _strength(held) < _strength(strongest[key]):
            strongest[key] = held
    return sorted(strongest.values(), key=lambda h: (h.holder.letter.rank, h.holder.function != lead, h.holder.owner))


def _strength(held: _Held) -> tuple[int, str]:
    """Smaller is stronger: the letter, then held in person, then by the name of whoever delegated."""
    whose = held.holder.delegated_from
    return held.holder.letter.rank, whose.key if whose is not None else ""


def _inactive(owner: OwnerRef, part: Part) -> Candidate:
    what = "has no active member" if owner.kind is OwnerKind.TEAM else "is not active"
    row = part.row
    message = f"{owner.key}, assigned at {row.body.area}, {what} and so holds nothing."
    return of_fact(row, Step.ACTIVITY, Layer.OWNER, owner.key, Standing.REJECTED, Reason.INACTIVE, message)


def _nobody(area: AreaKey, responsibility: ResponsibilityKey, lead: FunctionKey) -> Candidate:
    message = f"No assignment makes anybody of {lead} accountable for {responsibility} at {area}."
    return Candidate(Step.HOLDERS, Layer.OWNER, area, Standing.REJECTED, Reason.NOBODY, message)


def _no_such(responsibility: ResponsibilityKey) -> Ownership:
    message = f"There is no responsibility {responsibility!r}."
    return unknown(responsibility, _not_in_model(responsibility, Reason.UNKNOWN_RESPONSIBILITY, message))


def _not_in_model(scope: str, reason: Reason, message: str) -> Candidate:
    return Candidate(Step.SPLIT, Layer.CATALOGUE, scope, Standing.SKIPPED, reason, message)
