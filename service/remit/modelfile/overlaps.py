"""Statements that must not hold together: two rules for one place, two accountables, delegations that tie or loop."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from remit.domain.areas import Area
from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.intervals import Interval, clipped
from remit.domain.model import of_type, paths_of
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule
from remit.modelfile.checks import Believed

AnyBody = TypeVar("AnyBody", bound=Body)
LONGEST_CHAIN = 50


def twins(model: Believed) -> Iterator[Problem]:
    """Rules of one scope, responsibility and predicate, and agreements of one area and responsibility."""
    rules = of_type(model.facts, Rule)
    for first, second in _clashes(rules, lambda r: (r.area, r.stage, r.responsibility, r.predicate)):
        yield _clash(model, "TWO_RULES", "another rule for the same scope and responsibility", first, second)
    agreements = of_type(model.facts, Agreement)
    for one, other in _clashes(agreements, lambda a: (a.area, a.responsibility)):
        yield _clash(model, "TWO_AGREEMENTS", "another agreement on the same line", one, other)


def accountables(model: Believed) -> Iterator[Problem]:
    """Explicit accountables of one area, responsibility and function that are tried together (R27)."""
    explicit = [f for f in of_type(model.facts, Assignment) if f.body.letter is Letter.ACCOUNTABLE]
    for first, second in _clashes(explicit, _tried_together):
        yield _clash(model, "TWO_ACCOUNTABLES", f"{first.body.owner} is accountable here too (R27)", first, second)


def claims(model: Believed) -> Iterator[Problem]:
    """Unlettered owners that would conflict where no explicit accountable decides: a warning (R27)."""
    assignments = of_type(model.facts, Assignment)
    decided: dict[Hashable, list[Interval]] = defaultdict(list)
    for fact in assignments:
        if fact.body.letter is Letter.ACCOUNTABLE:
            decided[_tried_together(fact.body)].append(fact.valid)
    open_claims = [f for f in assignments if f.body.letter is None and f.body.owner is not None]
    for first, second in _clashes(open_claims, _tried_together):
        settled = any(second.valid.overlaps(window) for window in decided[_tried_together(second.body)])
        if not settled and first.body.owner != second.body.owner and second.body.inherit is not Inheritance.APPEND:
            message = f"{first.body.owner} claims the same; the answer will be CONFLICT until one is accountable (R27)"
            yield _clash(model, "TWO_CLAIMS", message, first, second)


def delegations(model: Believed) -> Iterator[Problem]:
    """Ties and loops (R43)."""
    facts = of_type(model.facts, Delegation)
    areas = {fact.body.key: fact.body for fact in of_type(model.facts, Area)}
    paths = paths_of(areas)
    root = next((key for key, area in areas.items() if area.parent is None), None)
    for first, second in _clashes(facts, lambda d: (d.from_person, d.area or root, not d.responsibilities), _share):
        yield _clash(model, "TWO_DELEGATIONS", "another delegation of the same reach", first, second)
    by_person: dict[OwnerKey, list[Fact[Delegation]]] = defaultdict(list)
    for fact in facts:
        by_person[fact.body.from_person].append(fact)
    for fact in facts:
        if _returns(fact, fact, by_person, paths, root, 0):
            message = f"following it leads back to {fact.body.from_person}; a delegation must end somewhere (R43)"
            yield model.problem("DELEGATION_LOOP", message, fact)


def _returns(
    start: Fact[Delegation],
    reached: Fact[Delegation],
    by_person: dict[OwnerKey, list[Fact[Delegation]]],
    paths: dict[AreaKey, tuple[AreaKey, ...]],
    root: AreaKey | None,
    depth: int,
) -> bool:
    """Whether the chain comes back to its beginning at one instant, in one area, for one responsibility."""
    if reached.body.to_person == start.body.from_person:
        return True
    if depth > LONGEST_CHAIN:
        return True
    for onward in by_person.get(reached.body.to_person, ()):
        narrowed = _meet(reached, onward, paths, root)
        if narrowed is not None and _returns(start, narrowed, by_person, paths, root, depth + 1):
            return True
    return False


def _meet(
    first: Fact[Delegation], second: Fact[Delegation], paths: dict[AreaKey, tuple[AreaKey, ...]], root: AreaKey | None
) -> Fact[Delegation] | None:
    """The part of the second in which the first holds as well."""
    if not first.valid.overlaps(second.valid) or not _share(first.body, second.body):
        return None
    one, other = first.body.area or root, second.body.area or root
    if one is None or other is None:
        return None
    if one in paths.get(other, ()):
        area = other
    elif other in paths.get(one, ()):
        area = one
    else:
        return None
    named = tuple(r for r in second.body.responsibilities if r in first.body.responsibilities)
    named = named or first.body.responsibilities or second.body.responsibilities
    starts = [w.start for w in (first.valid, second.valid) if w.start is not None]
    ends = [w.end for w in (first.valid, second.valid) if w.end is not None]
    common = clipped(max(starts, default=None), min(ends, default=None))
    body = Delegation(first.body.from_person, second.body.to_person, area, named)
    return Fact(second.key, body, common) if common is not None else None


def _share(first: Delegation, second: Delegation) -> bool:
    both_named = first.responsibilities and second.responsibilities
    return not both_named or bool(set(first.responsibilities) & set(second.responsibilities))


def _tried_together(body: Assignment) -> Hashable:
    mode = Inheritance.INHERIT if body.inherit is Inheritance.BLOCK else body.inherit
    return body.area, body.responsibility, body.function, mode


def _clashes(
    facts: Sequence[Fact[AnyBody]],
    place: Callable[[AnyBody], Hashable],
    meet: Callable[[AnyBody, AnyBody], bool] = lambda first, second: True,
) -> Iterator[tuple[Fact[AnyBody], Fact[AnyBody]]]:
    """Pairs of facts of one place whose windows overlap. Groups are small: one place, one thing."""
    groups: dict[Hashable, list[Fact[AnyBody]]] = defaultdict(list)
    for fact in facts:
        groups[place(fact.body)].append(fact)
    for group in groups.values():
        candidates = ((first, second) for index, second in enumerate(group) for first in group[:index])
        for first, second in candidates:
            if first.valid.overlaps(second.valid) and meet(first.body, second.body):
                yield first, second


def _clash(model: Believed, code: str, message: str, first: Fact[AnyBody], second: Fact[AnyBody]) -> Problem:
    line = model.line_of(first)
    at = f"line {line}" if line is not None else f"{first.key} {first.valid}"
    return model.problem(code, f"{message} stands at {at} for the same time", second)
