"""Who acts for a person at this instant? Delegations, followed to their end (R42 to R44)."""

from dataclasses import dataclass

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Delegation


@dataclass(frozen=True, slots=True)
class StandIn:
    """The person who acts (the delegator when nobody stands in), and the delegations looked at."""

    person: OwnerKey
    trace: tuple[Candidate, ...] = ()


def stand_in(model: Model, area: AreaKey, responsibility: ResponsibilityKey, person: OwnerKey) -> StandIn:
    """The last active person of the chain of delegations that starts at `person`, or else `person`."""
    if person not in model.delegations:
        return StandIn(person)
    chain: list[Fact[Delegation]] = []
    seen, current = {person}, person
    while (step := _nearest(model, model.paths[area], responsibility, current)) is not None:
        if step.body.to_person in seen:  # refused at apply; an old belief may still hold one
            break
        chain.append(step)
        current = step.body.to_person
        seen.add(current)
    active = [fact for fact in chain if model.is_active(fact.body.to_person)]
    last = active[-1] if active else None
    return StandIn(last.body.to_person if last else person, tuple(_said(model, fact, last, chain) for fact in chain))


def _nearest(
    model: Model, path: tuple[AreaKey, ...], responsibility: ResponsibilityKey, person: OwnerKey
) -> Fact[Delegation] | None:
    """The nearest delegation that covers the area; named responsibilities beat all (R43)."""
    covering = [
        (path.index(fact.body.area) if fact.body.area is not None else len(path) - 1, not fact.body.responsibilities, n)
        for n, fact in enumerate(model.delegations.get(person, ()))
        if (fact.body.area is None or fact.body.area in path)
        and (not fact.body.responsibilities or responsibility in fact.body.responsibilities)
    ]
    return model.delegations[person][min(covering)[2]] if covering else None


def _said(
    model: Model, fact: Fact[Delegation], last: Fact[Delegation] | None, chain: list[Fact[Delegation]]
) -> Candidate:
    body = fact.body
    told = f"{body.from_person} delegated to {body.to_person}" + (f" («{body.reason}»)" if body.reason else "")
    if not model.is_active(body.to_person):
        verdict, reason, message = Standing.REJECTED, Reason.DELEGATE_INACTIVE, f"{told}, who is not active."
    elif last is not None and chain.index(fact) <= chain.index(last):
        verdict, reason, message = Standing.CHOSEN, Reason.STANDS_IN, f"{told}."
    else:
        verdict, reason, message = Standing.SKIPPED, Reason.NOT_NEEDED, f"{told}, which is not used."
    by, when = (fact.recorded.by, fact.recorded.at) if fact.recorded else (None, None)
    scope = body.area or "everywhere"
    names = ("Delegation", fact.key)
    return Candidate(Step.DELEGATION, Layer.DELEGATION, scope, verdict, reason, message, names, by, when)
