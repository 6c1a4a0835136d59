"""Delegations that lead back to whoever delegates: exact, by trying every state in which one could (R43)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from remit.domain.areas import Area
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import paths_of
from remit.domain.policy import Delegation
from remit.modelfile.spans import holds_at, in_cycles, starts

Step = Fact[Delegation]


def looping(facts: Sequence[Step], areas: Sequence[Fact[Area]]) -> Iterator[Step]:
    """Each delegation that at some instant, in some area, for some responsibility is part of a loop.

    People who could never come back to themselves are left out first, so that a model without a suspicion of a loop
    costs one walk over its delegations.
    """
    suspects = _suspected(facts)
    told: set[tuple[str, object]] = set()
    for instant in starts(suspects):
        live = _suspected([fact for fact in suspects if holds_at(fact.valid, instant)])
        if not live:
            continue
        paths = paths_of({f.body.key: f.body for f in areas if holds_at(f.valid, instant)})
        for fact in _looping_now(live, paths):
            if (fact.key, fact.valid) not in told:
                told.add((fact.key, fact.valid))
                yield fact


def _suspected(facts: Sequence[Step]) -> list[Step]:
    onward: dict[OwnerKey, set[OwnerKey]] = defaultdict(set)
    for fact in facts:
        onward[fact.body.from_person].add(fact.body.to_person)
    circular = in_cycles(onward)
    return [fact for fact in facts if fact.body.from_person in circular]


def _looping_now(live: Sequence[Step], paths: Mapping[AreaKey, tuple[AreaKey, ...]]) -> Iterator[Step]:
    """An area is covered like the nearest area at or above it that a delegation names, so those are all to be tried;
    likewise the responsibilities that one names, and None for any other.
    """
    places: set[AreaKey | None] = {fact.body.area for fact in live} | {None}
    named: set[ResponsibilityKey | None] = {one for fact in live for one in fact.body.responsibilities}
    for place in sorted(places, key=str):
        for responsibility in sorted(named | {None}, key=str):
            path = paths.get(place, ()) if place is not None else ()
            yield from _circle(_effective(live, path, responsibility))


def _effective(
    live: Sequence[Step], path: tuple[AreaKey, ...], responsibility: ResponsibilityKey | None
) -> Mapping[OwnerKey, Step]:
    """The one delegation of each person that counts there: the nearest, then the one that names (R43)."""
    ranked = []
    for fact in live:
        body = fact.body
        if body.responsibilities and responsibility not in body.responsibilities:
            continue
        if body.area is None or body.area in path:
            distance = path.index(body.area) if body.area is not None else len(path) - 1
            ranked.append(((distance, not body.responsibilities, fact.key), fact))
    ranked.sort(key=lambda entry: entry[0], reverse=True)
    return {fact.body.from_person: fact for _, fact in ranked}


def _circle(effective: Mapping[OwnerKey, Step]) -> Iterator[Step]:
    """The steps that go round; those that only lead into a circle are peeled off."""
    circular = in_cycles({person: {step.body.to_person} for person, step in effective.items()})
    while (reached := {effective[person].body.to_person for person in circular}) != circular:
        circular = circular & reached
    yield from (effective[person] for person in sorted(circular))
