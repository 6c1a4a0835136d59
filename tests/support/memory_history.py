"""The history of nodes from every belief ever held, stated anew and independently of how the database finds it."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from remit.domain.areas import Area
from remit.domain.catalogue import Function, Responsibility, Split
from remit.domain.facts import Body, FactKind
from remit.domain.history import Entry, Excerpt, Node, Past, Place, Side, entries
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Confirmation, Delegation, Rule

ROOT = "root:"
"""What a delegation without an area is about: whatever is the root."""


def pasts(sides: Collection[Side], asked: Iterable[Excerpt]) -> Mapping[Excerpt, Past]:
    return {excerpt: _past(sides, excerpt) for excerpt in asked}


def _past(sides: Collection[Side], excerpt: Excerpt) -> Past:
    own = [fact for _, fact, __ in sides if (fact.kind, fact.key) == (excerpt.node.kind, excerpt.node.key)]
    found = history(sides, excerpt.node)
    rest = [one for one in found if excerpt.after is None or order(one.place) > order(excerpt.after)]
    return Past(bool(own), len(found), tuple(rest[: excerpt.first]), len(rest) > excerpt.first)


def history(sides: Collection[Side], node: Node) -> list[Entry]:
    """Every entry about a node, newest first."""
    wanted = names_of(sides, node)
    return [one for one in entries(sides) if any(wanted & names(f.body) for f in (*one.before, *one.after))]


def names_of(sides: Collection[Side], node: Node) -> set[str]:
    own = {fact.body for _, fact, __ in sides if (fact.kind, fact.key) == (node.kind, node.key)}
    was_root = any(isinstance(body, Area) and body.parent is None for body in own)
    space = "owner" if node.kind in (FactKind.PERSON, FactKind.TEAM) else node.kind.value
    return {f"{space}:{node.key}", *([ROOT] if was_root else [])}


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
        case Responsibility():
            yield "responsibility", body.key
            yield from _split(body.split)
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
            yield "owner", body.owner


def _split(split: Split) -> Iterator[tuple[str, str | None]]:
    yield "function", split.lead
    yield from (("function", key) for key, _ in split.support)
