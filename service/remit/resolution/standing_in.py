"""Who acts for a person at this instant? Delegations, followed to their end (R42 to R44)."""

from collections.abc import Mapping
from dataclasses import dataclass

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Delegation
from remit.resolution.candidates import because, of_fact


@dataclass(frozen=True, slots=True)
class StandIn:
    """The person who acts (the delegator when nobody stands in), and the delegations looked at."""

    person: OwnerKey
    trace: tuple[Candidate, ...] = ()


def stand_in(model: Model, area: AreaKey, responsibility: ResponsibilityKey, person: OwnerKey) -> StandIn:
    """The last active person of the chain of delegations that starts at `person`, or else `person` (R43)."""
    if person not in model.delegations:
        return StandIn(person)
    chain: list[Fact[Delegation]] = []
    passed: list[Fact[Delegation]] = []
    seen, current = {person}, person
    while covering := _covering(model, model.paths[area], responsibility, current):
        step, *farther = covering
        passed += farther
        if step.body.to_person in seen:  # refused at apply; an old belief may still hold one
            passed.append(step)
            break
        chain.append(step)
        current = step.body.to_person
        seen.add(current)
    used = max((n for n, fact in enumerate(chain, 1) if model.is_active(fact.body.to_person)), default=0)
    told = [_said(fact, _fate(model, fact)) for fact in chain]
    told += [_said(fact, Reason.FARTHER) for fact in passed]
    return StandIn(chain[used - 1].body.to_person if used else person, tuple(told))


def _covering(
    model: Model, path: tuple[AreaKey, ...], responsibility: ResponsibilityKey, person: OwnerKey
) -> list[Fact[Delegation]]:
    """The person's delegations that cover the area, nearest first; named responsibilities before all (R42, R43)."""
    ranked = [
        (path.index(fact.body.area) if fact.body.area is not None else len(path) - 1, not fact.body.responsibilities, n)
        for n, fact in enumerate(model.delegations.get(person, ()))
        if (fact.body.area is None or fact.body.area in path)
        and (not fact.body.responsibilities or responsibility in fact.body.responsibilities)
    ]
    return [model.delegations[person][n] for _, _, n in sorted(ranked)]


def _fate(model: Model, fact: Fact[Delegation]) -> Reason:
    return Reason.STANDS_IN if model.is_active(fact.body.to_person) else Reason.DELEGATE_INACTIVE


def _said(fact: Fact[Delegation], reason: Reason) -> Candidate:
    body = fact.body
    verdict, ending = _SAYS[reason]
    scope = body.area or "everywhere"
    place = f"at {body.area} and below" if body.area is not None else "everywhere"
    what = ", ".join(body.responsibilities) or "everything"
    message = f"{body.from_person} delegates {what} to {body.to_person} {place}{because(body.reason)}: {ending}."
    return of_fact(fact, Step.DELEGATION, Layer.DELEGATION, scope, verdict, reason, message)


_SAYS: Mapping[Reason, tuple[Standing, str]] = {
    Reason.STANDS_IN: (Standing.CHOSEN, "it is in force"),
    Reason.DELEGATE_INACTIVE: (Standing.REJECTED, "whoever it names is not active"),
    Reason.FARTHER: (Standing.REJECTED, "a nearer or more specific delegation is used instead"),
}
