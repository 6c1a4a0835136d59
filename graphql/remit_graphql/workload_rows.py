"""What is said of load, in the graph: from where on signals are too much, who is away, who would do or avoid what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import strawberry

from remit.domain import workload as domain
from remit.domain.facts import AnyBody, Fact
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import ALWAYS, Interval
from remit.usecases.snapshot import Moment
from remit_graphql import workload_inputs
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Responsibility, responsibility
from remit_graphql.history import ValidTime
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.people import Person, person

NAMING = (workload_inputs,)
"""Imported first: it gives wishes their name in the graph."""
ROW = "The row's key, by which it is changed or ended."
strawberry.enum(domain.Worse, description="Which end of a signal is the bad one.")
Element = TypeVar("Element")


@strawberry.type(description="From where on a signal is to be watched, and is too much; null is never reached.")
class Threshold:
    row: str | None = strawberry.field(description=f"{ROW[:-1]}; null of what ships with Remit.")
    signal: str
    worse: domain.Worse
    watch: float | None
    overloaded: float | None
    area: Area | None = strawberry.field(description="It holds there and below.")
    person: Person | None
    source: str = strawberry.field(description="Who says so, as `thresholdSource` of a signal tells it.")
    reason: str
    valid: ValidTime


@strawberry.type(description="While it holds, a person is away for a share of the capacity.")
class Absence:
    row: str = strawberry.field(description=ROW)
    person: Person
    share: float
    reason: str
    valid: ValidTime


@strawberry.type(description="A person likes a responsibility, or would avoid it.")
class Preference:
    row: str = strawberry.field(description=ROW)
    person: Person
    responsibility: Responsibility
    wish: domain.Wish
    reason: str
    valid: ValidTime


@strawberry.type
class ThresholdEdge:
    node: Threshold
    cursor: str


@strawberry.type
class ThresholdConnection:
    edges: list[ThresholdEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class AbsenceEdge:
    node: Absence
    cursor: str


@strawberry.type
class AbsenceConnection:
    edges: list[AbsenceEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class PreferenceEdge:
    node: Preference
    cursor: str


@strawberry.type
class PreferenceConnection:
    edges: list[PreferenceEdge]
    page_info: PageInfo
    total_count: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which page of a list, and of which moment."""

    first: int | None
    after: str | None
    as_of: datetime | None


async def thresholds_of(
    info: Asking, signal: str | None, at: str | None, whose: str | None, part: Part
) -> ThresholdConnection:
    """A page of what ships and of what is said instead: by signal, and of each the default first."""
    world = await info.context.world(Moment(part.as_of))
    scales, areas = world.model.scales, world.model.areas
    require_found(signal is None or signal in scales, f"there is no signal {signal!r}; docs/signals.md lists them")
    require_found(at is None or at in areas, f"there is no area {at!r} at this instant")
    _require_person(world, whose)
    rows = [
        one
        for one in _thresholds(world, scales if signal is None else (signal,))
        if (at is None or (one.area is not None and one.area.key == at))
        and (whose is None or (one.person is not None and one.person.key == whose))
    ]
    elements, page_info, total = _page(rows, lambda one: f"{one.signal} {one.row}", part)
    edges = [ThresholdEdge(node=node, cursor=cursor) for node, cursor in elements]
    return ThresholdConnection(edges=edges, page_info=page_info, total_count=total)


async def absences_of(info: Asking, whose: str | None, part: Part) -> AbsenceConnection:
    """A page of those that are not over at the moment: by their beginning, then by person."""
    world = await info.context.world(Moment(part.as_of))
    _require_person(world, whose)
    told = world.model.absences.values() if whose is None else (world.model.absences.get(OwnerKey(whose), ()),)
    left = [one for facts in told for one in facts if one.valid.end is None or one.valid.end > world.snap.as_of]
    elements, page_info, total = _page(sorted(left, key=_by_beginning), _name, part)
    edges = [AbsenceEdge(node=_absence(world, fact), cursor=cursor) for fact, cursor in elements]
    return AbsenceConnection(edges=edges, page_info=page_info, total_count=total)


async def preferences_of(info: Asking, whose: str | None, part: Part) -> PreferenceConnection:
    """A page of those that hold at the moment: by person and responsibility."""
    world = await info.context.world(Moment(part.as_of))
    _require_person(world, whose)
    preferences = world.model.preferences
    keys = sorted(preferences) if whose is None else _of_one(world, OwnerKey(whose))
    elements, page_info, total = _page([preferences[key] for key in keys], _name, part)
    edges = [PreferenceEdge(node=_preference(world, fact), cursor=cursor) for fact, cursor in elements]
    return PreferenceConnection(edges=edges, page_info=page_info, total_count=total)


def _of_one(world: World, person: OwnerKey) -> list[tuple[OwnerKey, ResponsibilityKey]]:
    """Not by looking at everybody's: a page of people asks for each."""
    every = ((person, key) for key in sorted(world.model.responsibilities))
    return [key for key in every if key in world.model.preferences]


def _page(
    rows: Sequence[Element], name: Callable[[Element], str], part: Part
) -> tuple[list[tuple[Element, str]], PageInfo, int]:
    by_name = {name(one): one for one in rows}
    return page(list(by_name), part.first, part.after, by_name.__getitem__)


def _require_person(world: World, key: str | None) -> None:
    require_found(key is None or key in world.model.people, f"there is no person {key!r} at this instant")


def _thresholds(world: World, signals: Iterable[str]) -> Iterator[Threshold]:
    by_signal: dict[str, list[Fact[domain.Limits]]] = {}
    for fact in sorted(world.model.limits.values(), key=lambda one: (one.body.person or "", one.body.area or "")):
        by_signal.setdefault(fact.body.signal, []).append(fact)
    for signal in signals:
        scale = world.model.scales[signal]
        yield _threshold(world, scale, scale, None, ALWAYS)
        for fact in by_signal.get(signal, ()):
            yield _threshold(world, scale, fact.body, fact.key, fact.valid)


def _threshold(
    world: World, scale: domain.Scale, said: domain.Scale | domain.Limits, row: str | None, valid: Interval
) -> Threshold:
    place: AreaKey | None = said.area if isinstance(said, domain.Limits) else None
    whose: OwnerKey | None = said.person if isinstance(said, domain.Limits) else None
    return Threshold(
        row=row,
        signal=scale.signal,
        worse=scale.worse,
        watch=said.watch,
        overloaded=said.overloaded,
        area=area(world, place) if place is not None and place in world.model.areas else None,
        person=person(world, whose) if whose is not None else None,
        source=said.says,
        reason=said.reason if isinstance(said, domain.Limits) else "",
        valid=_valid(valid),
    )


def _absence(world: World, fact: Fact[domain.Absence]) -> Absence:
    told = fact.body
    return Absence(
        row=fact.key,
        person=person(world, told.person),
        share=told.share,
        reason=told.reason,
        valid=_valid(fact.valid),
    )


def _preference(world: World, fact: Fact[domain.Preference]) -> Preference:
    told = fact.body
    return Preference(
        row=fact.key,
        person=person(world, told.person),
        responsibility=responsibility(world, told.responsibility),
        wish=told.wish,
        reason=told.reason,
        valid=_valid(fact.valid),
    )


def _valid(valid: Interval) -> ValidTime:
    return ValidTime(start=valid.start, end=valid.end)


def _name(fact: Fact[AnyBody]) -> str:
    return f"{fact.key} {fact.valid}"


def _by_beginning(fact: Fact[domain.Absence]) -> tuple[bool, datetime | None, str]:
    return fact.valid.start is not None, fact.valid.start, fact.key
