"""Statements that must not hold together: two rules for one place, two accountables, delegations that tie."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from remit.domain.areas import Area
from remit.domain.catalogue import Letter, Minutes
from remit.domain.errors import Problem
from remit.domain.facts import AnyBody, Body, Fact
from remit.domain.ids import AreaKey
from remit.domain.intervals import Interval
from remit.domain.model import of_type
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule
from remit.domain.workload import Limits, Preference
from remit.modelfile.checks import Believed
from remit.modelfile.loops import looping
from remit.modelfile.spans import overlapping


def twins(model: Believed) -> Iterator[Problem]:
    """Statements of which one at a time may hold (R1): rules of one scope, responsibility and predicate, agreements of
    one area and responsibility, minutes of one responsibility and driver, thresholds, preferences.
    """
    rules = _grouped(of_type(model.facts, Rule), lambda r: [(r.area, r.stage, r.responsibility, r.predicate)])
    for group in rules:
        for first, second in overlapping(group):
            yield _clash(
                model, "TWO_RULES", "another rule for the same scope and responsibility holds then", first, second
            )
    for settled in _grouped(of_type(model.facts, Agreement), lambda a: [(a.area, a.responsibility)]):
        for one, other in overlapping(settled):
            yield _clash(model, "TWO_AGREEMENTS", "another agreement on the same line holds then", one, other)
    for timed in _grouped(of_type(model.facts, Minutes), lambda m: [(m.responsibility, m.driver)]):
        for earlier, later in overlapping(timed):
            message = "other minutes of the same responsibility and driver hold then"
            yield _clash(model, "TWO_MINUTES", message, earlier, later)
    for judged in _grouped(of_type(model.facts, Limits), lambda told: [(told.signal, told.area, told.person)]):
        for before, after in overlapping(judged):
            yield _clash(
                model, "TWO_THRESHOLDS", "another threshold of the same signal and place holds then", before, after
            )
    for wished in _grouped(of_type(model.facts, Preference), lambda told: [(told.person, told.responsibility)]):
        for had, has in overlapping(wished):
            message = "another preference of the same person and responsibility holds then"
            yield _clash(model, "TWO_PREFERENCES", message, had, has)


def accountables(model: Believed) -> Iterator[Problem]:
    """Two explicit accountables of one area, responsibility and function that are tried together (R27)."""
    explicit = [f for f in of_type(model.facts, Assignment) if f.body.letter is Letter.ACCOUNTABLE]
    for group in _grouped(explicit, lambda body: [_tried_together(body)]):
        for first, second in overlapping(group, _owner):
            message = f"{first.body.owner} is expressly accountable here too (R27)"
            yield _clash(model, "TWO_ACCOUNTABLES", message, first, second)


def claims(model: Believed) -> Iterator[Problem]:
    """Unlettered owners that would conflict where no explicit accountable decides: a warning (R27)."""
    assignments = of_type(model.told, Assignment)
    decided: dict[Hashable, list[Interval]] = defaultdict(list)
    for fact in assignments:
        if fact.body.letter is Letter.ACCOUNTABLE:
            decided[_tried_together(fact.body)].append(fact.valid)
    unlettered = [
        f
        for f in assignments
        if f.body.letter is None and f.body.owner is not None and f.body.inherit is not Inheritance.APPEND
    ]
    for group in _grouped(unlettered, lambda body: [_tried_together(body)]):
        for first, second in overlapping(group, _owner):
            if not any(second.valid.overlaps(window) for window in decided[_tried_together(second.body)]):
                message = f"{first.body.owner} claims the same, which is a CONFLICT until one is accountable (R27)"
                yield _clash(model, "TWO_CLAIMS", message, first, second)


def delegations(model: Believed) -> Iterator[Problem]:
    """Ties and loops (R43)."""
    facts = of_type(model.facts, Delegation)
    root = next((fact.body.key for fact in of_type(model.facts, Area) if fact.body.parent is None), None)
    for group in _grouped(facts, lambda body: _reaches(body, root)):
        for first, second in overlapping(group):
            yield _clash(
                model, "TWO_DELEGATIONS", "another delegation of the same reach holds then (R43)", first, second
            )
    for fact in looping(facts, of_type(model.facts, Area)):
        message = f"following it leads back to {fact.body.from_person}; a delegation must end somewhere (R43)"
        yield model.problem("DELEGATION_LOOP", message, fact)


def _reaches(body: Delegation, root: AreaKey | None) -> list[Hashable]:
    """What a delegation covers, one by one; None stands for "all", which ties with no named one."""
    return [(body.from_person, body.area or root, one) for one in body.responsibilities or (None,)]


def _owner(fact: Fact[Assignment]) -> Hashable:
    return fact.body.owner


def _tried_together(body: Assignment) -> Hashable:
    mode = Inheritance.INHERIT if body.inherit is Inheritance.BLOCK else body.inherit
    return body.area, body.responsibility, body.function, mode


def _grouped(
    facts: Sequence[Fact[AnyBody]], places: Callable[[AnyBody], Sequence[Hashable]]
) -> list[list[Fact[AnyBody]]]:
    """The facts of each place that has more than one."""
    groups: dict[Hashable, list[Fact[AnyBody]]] = defaultdict(list)
    for fact in facts:
        for place in places(fact.body):
            groups[place].append(fact)
    return [group for group in groups.values() if len(group) > 1]


def _clash(model: Believed, code: str, message: str, first: Fact[Body], second: Fact[Body]) -> Problem:
    return model.problem(code, f"{message}; see {model.place_of(first)}", second)
