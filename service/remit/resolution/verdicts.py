"""What does each cell of a whole model come to? The outcomes of `ownership`, without their reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from remit.domain.answers import Outcome, Reason
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.domain.policy import Assignment
from remit.resolution.climb import Climbs, Found
from remit.resolution.split import Statement, standing
from remit.resolution.standing_in import stand_in


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell: the outcome, who leads, who is accountable, and what that rests on.

    `source` says who leads, as it stands where it is said; `claims` are the assignments of whoever is accountable or
    would be; `block` is the one that hides everybody above it.
    """

    outcome: Outcome
    source: Statement
    accountable: OwnerRef | None = None
    claims: tuple[Fact[Assignment], ...] = ()
    block: Fact[Assignment] | None = None

    @property
    def lead(self) -> FunctionKey | None:
        return self.source.split.lead if self.source.split is not None else None


Cells = Mapping[ResponsibilityKey, Verdict]
Verdicts = Mapping[AreaKey, Cells]
"""Quiet areas share the mapping of the area above: the same object stands for the same cells."""


def verdicts(model: Model, areas: Iterable[AreaKey] | None = None) -> Verdicts:
    """Every cell of these areas, or of all. Fastest when an area comes after the one above it.

    An area of which nothing is said has the cells of its parent, but for what is OWNED there and INHERITED here.
    """
    said = loud(model)
    found: dict[AreaKey, Cells] = {}
    handed_down: dict[AreaKey, Cells] = {}
    for area in sorted(model.areas, key=lambda key: len(model.paths[key])) if areas is None else areas:
        above = next(iter(model.paths[area][1:2]), None)
        if above is None or area in said or above not in found:
            found[area] = _cells(model, area, found.get(above) if above is not None else None)
        else:
            if above not in handed_down:
                handed_down[above] = _inherited(found[above])
            found[area] = handed_down[above]
    return found


def _cells(model: Model, area: AreaKey, above: Cells | None) -> Cells:
    """Those of one area; `above` are those of its parent, where they are known."""
    climbs = Climbs(model, area)
    cells: dict[ResponsibilityKey, Verdict] = {}
    for responsibility in model.responsibilities:
        source = _source(model, area, responsibility, climbs, above)
        lead = source.split.lead if source.split is not None else None
        found = climbs.find(responsibility, lead) if lead is not None else None
        cells[responsibility] = judged(model, area, responsibility, source, found)
    return cells


def _source(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs, above: Cells | None
) -> Statement:
    """What decides at the parent, unless this area says something itself, or its people decide (R15)."""
    said = (area, responsibility) in model.rules or (area, responsibility) in model.agreements
    if above is not None and not said and model.areas[area].stage is None:
        source = above[responsibility].source
        if source.reason not in (Reason.STAFFED, Reason.UNSTAFFED):
            return source
    return standing(model, area, responsibility, climbs)


def judged(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, source: Statement, found: Found | None
) -> Verdict:
    """The first outcome that applies (R38), given who leads and what the climb found for that function."""
    if source.split is None:
        return Verdict(Outcome.DELIBERATELY_UNOWNED, source)
    if found is None:
        return Verdict(Outcome.BLURRY, source)
    if found.conflict:
        return Verdict(Outcome.CONFLICT, source, claims=found.claims)
    if found.accountable is None:
        return Verdict(Outcome.UNOWNED, source, block=found.block)
    row = found.claims[0]
    original = found.accountable
    acting = original if original in model.teams else stand_in(model, area, responsibility, original).person
    if not model.is_active(acting):
        return Verdict(Outcome.OWNER_INACTIVE, source, claims=found.claims)
    if acting != original:
        outcome = Outcome.DELEGATED
    elif found.fallback:
        outcome = Outcome.FALLBACK
    else:
        outcome = Outcome.OWNED if row.body.area == area else Outcome.INHERITED
    kind = OwnerKind.TEAM if acting in model.teams else OwnerKind.PERSON
    return Verdict(outcome, source, OwnerRef(kind, acting), found.claims)


def loud(model: Model) -> frozenset[AreaKey]:
    """The areas of which something is said that cells depend on."""
    staged = (key for key, area in model.areas.items() if area.stage is not None)
    delegated = (fact.body.area for facts in model.delegations.values() for fact in facts if fact.body.area is not None)
    ruled = (area for area, _ in (*model.rules, *model.agreements, *model.assignments))
    return frozenset((*staged, *delegated, *ruled))


def _inherited(cells: Cells) -> Cells:
    """What an area of which nothing is said has from the one above it."""
    owned = [key for key, told in cells.items() if told.outcome is Outcome.OWNED]
    if not owned:
        return cells
    return {**cells, **{key: replace(cells[key], outcome=Outcome.INHERITED) for key in owned}}
