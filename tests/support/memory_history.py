"""The history of nodes from every belief ever held, stated anew and independently of how the database finds it."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from remit.domain.areas import Area
from remit.domain.catalogue import Function, Lens, Minutes, Responsibility, Split
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.history import Edit, Entry, Excerpt, Node, Past, Place, Side, entries
from remit.domain.intervals import Interval
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Confirmation, Delegation, Rule
from remit.domain.workload import Absence, Limits, Preference

ROOT = "root:"
"""What a delegation without an area is about: whatever is the root."""


Belief = tuple[Fact[Body], Edit, Edit | None]
"""A fact, the change it began to be believed with, and the one it ceased with."""


def pasts(beliefs: Collection[Belief], asked: Iterable[Excerpt]) -> Mapping[Excerpt, Past]:
    return {excerpt: _past(beliefs, excerpt) for excerpt in asked}


def _past(beliefs: Collection[Belief], excerpt: Excerpt) -> Past:
    found = history(beliefs, excerpt.node)
    rest = [one for one in found if excerpt.after is None or order(one.place) > order(excerpt.after)]
    return Past(bool(_own(beliefs, excerpt.node)), len(found), tuple(rest[: excerpt.first]), len(rest) > excerpt.first)


def history(beliefs: Collection[Belief], node: Node) -> list[Entry]:
    """Every entry about a node, newest first."""
    about = [belief for belief in beliefs if names(belief[0].body) & names_of(beliefs, node)]
    if node.kind in (FactKind.AREA, FactKind.RESPONSIBILITY):
        about += [one for one in beliefs if any(_confirms(one, held) for held in about)]
    touched = {(fact.kind, fact.key, edit) for fact, *edits in about for edit in edits}
    return [entry for entry in entries(_sides(beliefs)) if (entry.kind, entry.key, entry.edit) in touched]


def _sides(beliefs: Iterable[Belief]) -> Iterator[Side]:
    for fact, opened, closed in beliefs:
        yield opened, fact, True
        if closed is not None:
            yield closed, fact, False


def _confirms(one: Belief, held: Belief) -> bool:
    """Whether one confirms that the owner of the other, an assignment, still holds."""
    (confirmation, opened, closed), (assignment, began, ceased) = one, held
    at, since = (Interval(o.at, c.at if c is not None else None) for o, c in ((opened, closed), (began, ceased)))
    kinds = confirmation.kind, assignment.kind
    about = confirmation.key == assignment.key and confirmation.valid.overlaps(assignment.valid)
    return kinds == (FactKind.CONFIRMATION, FactKind.ASSIGNMENT) and about and at.overlaps(since)


def names_of(beliefs: Collection[Belief], node: Node) -> set[str]:
    was_root = any(isinstance(body, Area) and body.parent is None for body in _own(beliefs, node))
    space = "owner" if node.kind in (FactKind.PERSON, FactKind.TEAM) else node.kind.value
    return {f"{space}:{node.key}", *([ROOT] if was_root else [])}


def _own(beliefs: Collection[Belief], node: Node) -> list[Body]:
    return [fact.body for fact, *_ in beliefs if (fact.kind, fact.key) == (node.kind, node.key)]


def order(place: Place) -> tuple[float, str, str]:
    return -place.at.timestamp(), place.kind, place.key


def names(body: Body) -> frozenset[str]:
    """Which nodes a row is about."""
    return frozenset(f"{kind}:{key}" for kind, key in _names(body) if key is not None)


def _names(body: Body) -> Iterator[tuple[str, str | None]]:
    match body:
        case Area():
            yield "area", body.key
        case Person():
            yield "owner", body.key
        case Team():
            yield from (("owner", key) for key in (body.key, *body.members))
        case Function():
            yield "function", body.key
            yield from (("lens", lens) for lens, _ in body.lenses)
        case Lens():
            yield "lens", body.key
        case Responsibility():
            yield "responsibility", body.key
            yield from _split(body.split)
            yield from (("lens", lens) for lens, _ in body.lenses)
        case Minutes():
            yield "responsibility", body.responsibility
        case Limits():
            yield from (("area", body.area), ("owner", body.person))
            if body.area is None and body.person is None:
                yield "root", ""
        case Absence():
            yield "owner", body.person
        case Preference():
            yield from (("owner", body.person), ("responsibility", body.responsibility))
        case Rule():
            yield from (("area", body.area), ("responsibility", body.responsibility))
            yield from _split(body.split) if body.split is not None else ()
        case Assignment():
            yield from (("area", body.area), ("responsibility", body.responsibility), ("owner", body.owner))
        case Agreement():
            yield from (("area", body.area), ("responsibility", body.responsibility))
            yield from _split(body.split)
        case Delegation():
            yield from (("owner", body.from_person), ("owner", body.to_person))
            yield ("area", body.area) if body.area is not None else ("root", "")
            yield from (("responsibility", key) for key in body.responsibilities)
        case Confirmation():
            yield from (("owner", body.owner), ("assignment", body.assignment))


def _split(split: Split) -> Iterator[tuple[str, str | None]]:
    yield "function", split.lead
    yield from (("function", key) for key, _ in split.support)
