"""Does a whole model hold together? References, the tree, names; what cannot be is refused, what is odd is warned."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from remit.domain.areas import Area
from remit.domain.catalogue import Catalogue, Function, Minutes, Responsibility, Split
from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind, Noun
from remit.domain.ids import ALL
from remit.domain.intervals import ALWAYS, Interval, minus_all
from remit.domain.model import of_type, paths_of
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Delegation, Rule
from remit.domain.workload import Absence, Limits, Preference, Worse
from remit.modelfile.selectors import undecided
from remit.modelfile.spans import holds_at, in_cycles, overlapping, starts

Belief = Fact[Body]


@dataclass(frozen=True, slots=True)
class Believed:
    """A whole model to be checked: its facts, when each key exists, and where a fact stands in the file."""

    facts: Sequence[Belief]
    exists: Mapping[tuple[FactKind, str], Sequence[Interval]]
    line_of: Callable[[Belief], int | None]
    worse: Mapping[str, Worse]
    """Of every signal there is: its bad end."""

    @property
    def told(self) -> Sequence[Belief]:
        """The facts that stand in the file: of what has ended there is nothing left to warn."""
        return [fact for fact in self.facts if self.line_of(fact) is not None]

    def problem(self, code: str, message: str, fact: Belief) -> Problem:
        return Problem(code, message, f"{fact.kind} {fact.key}", self.line_of(fact))

    def place_of(self, fact: Belief) -> str:
        """Where a fact stands, for a sentence about another one."""
        line = self.line_of(fact)
        return f"line {line}" if line is not None else f"{fact.key} {fact.valid}"


def believed(
    facts: Sequence[Belief],
    catalogue: Catalogue,
    line_of: Callable[[Belief], int | None],
    unread: Iterable[str] = (),
) -> Believed:
    """A model to be checked. `unread` are keys of rows that could not be read: to name them is no further mistake."""
    exists: dict[tuple[FactKind, str], list[Interval]] = defaultdict(list)
    for kind, key in product(FactKind, unread):
        exists[kind, key].append(ALWAYS)
    for fact in facts:
        exists[fact.kind, _own_key(fact)].append(fact.valid)
    for function in catalogue.functions:
        exists[FactKind.FUNCTION, function.key].append(ALWAYS)
    for responsibility in catalogue.responsibilities:
        exists[FactKind.RESPONSIBILITY, responsibility.key].append(ALWAYS)
    for lens in catalogue.lenses:
        exists[FactKind.LENS, lens.key].append(ALWAYS)
    return Believed(facts, exists, line_of, {scale.signal: scale.worse for scale in catalogue.scales})


def references(model: Believed) -> Iterator[Problem]:
    """Everything that is named must exist as long as it is named."""
    for fact in model.facts:
        for kinds, key in _named(fact.body):
            windows = [window for kind in kinds for window in model.exists.get((kind, key), ())]
            if not windows:
                yield model.problem("UNKNOWN_KEY", f"there is no {_either(kinds)} {key!r}", fact)
            elif missing := minus_all(fact.valid, windows):
                message = f"the {_either(kinds)} {key!r} does not exist over {missing[0]}; give it an earlier `from`"
                yield model.problem("UNKNOWN_KEY", message, fact)


def names(model: Believed) -> Iterator[Problem]:
    """Shared and reserved names, identities and addresses (R2)."""
    people = {_own_key(f): f for f in sorted(of_type(model.facts, Person), key=lambda f: _is_told(model, f))}
    for fact in model.facts:
        person = people.get(_own_key(fact)) if fact.kind is FactKind.TEAM else None
        if person is not None:
            newer, older = (person, "team") if _is_told(model, person) > _is_told(model, fact) else (fact, "person")
            message = f"a {older} has this key; people and teams share one namespace (R2)"
            yield model.problem("NAME_TAKEN", message, newer)
        if _own_key(fact) == ALL and fact.kind not in (FactKind.RULE, FactKind.ASSIGNMENT):
            yield model.problem("RESERVED", "`all` is reserved for assignments; choose another key (R2)", fact)
        if isinstance(fact.body, Rule | Agreement) and fact.body.responsibility == ALL:
            yield model.problem("RESERVED", "a rule or agreement names one responsibility, not `all` (R7)", fact)
        if isinstance(fact.body, Minutes) and fact.body.responsibility == ALL:
            yield model.problem("RESERVED", "minutes are those of one responsibility, not of `all` (R2)", fact)
        if isinstance(fact.body, Preference) and fact.body.responsibility == ALL:
            yield model.problem("RESERVED", "a preference names one responsibility, not `all` (R2)", fact)
        if isinstance(fact.body, Delegation) and ALL in fact.body.responsibilities:
            yield model.problem("RESERVED", "leave `responsibilities` out to delegate all of them (R2)", fact)
    yield from _unique(model, lambda person: [f"{source} {one}" for source, one in person.identities], "identity")
    yield from _unique(model, lambda person: [person.email.casefold()] if person.email else [], "e-mail address")


def tree(model: Believed) -> Iterator[Problem]:
    """One root at any time, and no area above itself."""
    areas = of_type(model.facts, Area)
    roots = [fact for fact in areas if fact.body.parent is None]
    for _, second in overlapping(roots):
        yield model.problem("TWO_ROOTS", "there is another organisation at the same time; a model has one", second)
    above: dict[str, set[str]] = defaultdict(set)
    for fact in areas:
        if fact.body.parent is not None:
            above[fact.key].add(fact.body.parent)
    suspects = in_cycles(above)
    suspected = [fact for fact in areas if fact.key in suspects]
    told: set[str] = set()
    for instant in starts(suspected):
        now = {f.body.key: f.body for f in suspected if holds_at(f.valid, instant)}
        paths = paths_of(now)
        for fact in suspected:
            top = now.get(paths[fact.body.key][-1]) if fact.body.key in paths else None
            if fact.key not in told and holds_at(fact.valid, instant) and top is not None and top.parent in now:
                told.add(fact.key)
                yield model.problem("CYCLE", f"{fact.key} is above itself by way of its parents; mend one parent", fact)


def oddities(model: Believed) -> Iterator[Problem]:
    """What may be meant, but often is not: told, not refused (R52)."""
    told = model.told
    for person in of_type(told, Person):
        for skill, _ in person.body.skills:
            if (FactKind.RESPONSIBILITY, skill) not in model.exists:
                message = f"there is no responsibility {skill!r} to be skilled in; check the spelling"
                yield model.problem("UNKNOWN_SKILL", message, person)
    for area, code, message in undecided(of_type(told, Area)):
        yield model.problem(code, message, area)
    functions = {f.body.key: f.body.function for f in model.facts if isinstance(f.body, Person | Team)}
    for fact in of_type(told, Assignment):
        body = fact.body
        own = functions.get(body.owner) if body.owner is not None else None
        if own is not None and own != body.function:
            yield model.problem("OTHER_FUNCTION", f"{body.owner} belongs to {own}, not {body.function} (R52)", fact)


def reviews(model: Believed, changed: Sequence[Belief], today: date) -> Iterator[Problem]:
    """A review date in the past is refused only on a new or changed agreement, never on what closes one (R51).

    What a row tells of an agreement that has ended, or that began before its review was due, is not new.
    """
    for fact in of_type(changed, Agreement):
        review, valid = fact.body.review, fact.valid
        if review is None or review >= today or model.line_of(fact) is None:
            continue
        has_ended = valid.end is not None and valid.end.date() < today
        if not has_ended and (valid.start is None or valid.start.date() > review):
            yield model.problem("REVIEW_PAST", f"the review date {review} has passed; set a later one", fact)


def spellings(model: Believed, changed: Sequence[Belief]) -> Iterator[Problem]:
    """What begins to be believed has a name and an address that can be one; what closes a row is let alone."""
    for fact in changed:
        if not _is_told(model, fact):
            continue
        if isinstance(fact.body, Noun) and not fact.body.name.strip():
            yield model.problem("EMPTY_NAME", f"this {fact.kind} has an empty name; give it one", fact)
        email = fact.body.email if isinstance(fact.body, Person) else None
        if email is not None and not AN_ADDRESS.fullmatch(email):
            message = f"{email!r} is no e-mail address; write one such as ana@acme.example, or none"
            yield model.problem("EMAIL", message, fact)


AN_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
"""No more than what tells an address from another text: mail itself decides which of them reach anybody."""


def _is_told(model: Believed, fact: Belief) -> bool:
    """Whether it stands in the file, or a change says it."""
    return model.line_of(fact) is not None


def _named(body: Body) -> Iterator[tuple[tuple[FactKind, ...], str]]:
    """What a statement names: the kinds that may bear the name, and the name."""
    owner = (FactKind.PERSON, FactKind.TEAM)
    match body:
        case Area(parent=str(parent)):
            yield (FactKind.AREA,), parent
        case Person(function=str(function)):
            yield (FactKind.FUNCTION,), function
        case Team():
            yield from (((FactKind.PERSON,), member) for member in body.members)
            if body.function is not None:
                yield (FactKind.FUNCTION,), body.function
        case Rule():
            if body.responsibility != ALL:
                yield (FactKind.RESPONSIBILITY,), body.responsibility
            if body.area is not None:
                yield (FactKind.AREA,), body.area
            yield from _functions(body.split)
        case Responsibility():
            yield from _functions(body.split)
            yield from (((FactKind.LENS,), lens) for lens, _ in body.lenses)
        case Function():
            yield from (((FactKind.LENS,), lens) for lens, _ in body.lenses)
        case Limits():
            yield from (((FactKind.AREA,), area) for area in (body.area,) if area is not None)
            yield from (((FactKind.PERSON,), person) for person in (body.person,) if person is not None)
        case Absence():
            yield (FactKind.PERSON,), body.person
        case Preference():
            yield (FactKind.PERSON,), body.person
            if body.responsibility != ALL:
                yield (FactKind.RESPONSIBILITY,), body.responsibility
        case Minutes():
            if body.responsibility != ALL:
                yield (FactKind.RESPONSIBILITY,), body.responsibility
        case Assignment():
            yield (FactKind.AREA,), body.area
            yield (FactKind.FUNCTION,), body.function
            if body.responsibility != ALL:
                yield (FactKind.RESPONSIBILITY,), body.responsibility
            if body.owner is not None:
                yield owner, body.owner
        case Agreement():
            yield (FactKind.AREA,), body.area
            if body.responsibility != ALL:
                yield (FactKind.RESPONSIBILITY,), body.responsibility
            yield from _functions(body.split)
        case Delegation():
            yield from (((FactKind.PERSON,), person) for person in (body.from_person, body.to_person))
            yield from (((FactKind.RESPONSIBILITY,), one) for one in body.responsibilities if one != ALL)
            if body.area is not None:
                yield (FactKind.AREA,), body.area


def _functions(split: Split | None) -> Iterator[tuple[tuple[FactKind, ...], str]]:
    if split is not None:
        named = [split.lead, *(function for function, _ in split.support)]
        yield from (((FactKind.FUNCTION,), function) for function in named if function is not None)


def _own_key(fact: Belief) -> str:
    """What others call it: a keyed noun's own key, or else the row's."""
    return fact.body.key if isinstance(fact.body, Noun) else fact.key


def _either(kinds: Sequence[FactKind]) -> str:
    return " or ".join(kinds)


def _unique(model: Believed, values: Callable[[Person], Sequence[str]], what: str) -> Iterator[Problem]:
    held: dict[str, list[Fact[Person]]] = defaultdict(list)
    for fact in of_type(model.facts, Person):
        for value in values(fact.body):
            held[value].append(fact)
    for value, people in held.items():
        for one, other in overlapping(people):
            older, newer = (other, one) if _is_told(model, one) > _is_told(model, other) else (one, other)
            yield model.problem("IDENTITY_TAKEN", f"{older.key} has the same {what} ({value})", newer)
