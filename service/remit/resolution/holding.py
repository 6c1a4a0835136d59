"""Who holds how much of each responsibility in each area?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from remit.domain.answers import Holder
from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.resolution.ownership import holders_in
from remit.resolution.reach import reached
from remit.resolution.signals.samples import Floats, Ints
from remit.resolution.verdicts import loud, verdicts

Weights = Mapping[Letter, int]
"""How much of the work a holder takes, beside the others of the same cell."""
Parts = Mapping[OwnerKey, Fraction]
"""Of each person the part of a cell's work; together 1, or nothing at all."""
Row = Mapping[ResponsibilityKey, tuple[Holder, ...]]


@dataclass(frozen=True, eq=False)
class Stakes:
    """The part that a person has in one responsibility of one area, an entry each in columns of equal length.

    `person`, `area` and `responsibility` are places in `people`, `areas` and `responsibilities`. `breadth` tells of how
    many cells each person is accountable.
    """

    people: tuple[OwnerKey, ...]
    areas: tuple[AreaKey, ...]
    responsibilities: tuple[ResponsibilityKey, ...]
    person: Ints
    area: Ints
    responsibility: Ints
    share: Floats
    breadth: Ints

    @cached_property
    def places(self) -> Mapping[OwnerKey, int]:
        """Where each person is among the people."""
        return {person: place for place, person in enumerate(self.people)}

    @cached_property
    def _by_person(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.person, kind="stable")
        return order, np.searchsorted(self.person[order], np.arange(len(self.people) + 1))

    def of(self, person: int) -> Ints:
        """Which of them are of a person."""
        order, bounds = self._by_person
        return order[bounds[person] : bounds[person + 1]]


@dataclass(frozen=True, eq=False)
class Held:
    """The holders of every cell of a model."""

    model: Model
    rows: Mapping[AreaKey, Row]


def stakes(model: Model, weights: Weights, held: Mapping[AreaKey, Row] | None = None) -> Stakes:
    """Those of everybody, in every area; people and areas by key. `held` are the holders, where they are known."""
    people, areas, rows = tuple(sorted(model.people)), tuple(sorted(model.areas)), tuple(model.responsibilities)
    place_of = {person: place for place, person in enumerate(people)}
    places = {area: place for place, area in enumerate(areas)}
    told: list[tuple[int, int, int, float]] = []
    breadth = np.zeros(len(people), dtype=np.int64)
    known: dict[int, list[tuple[int, int, float]]] = {}
    divided: dict[tuple[tuple[OwnerRef, Letter], ...], tuple[tuple[int, float], ...]] = {}

    def shared(held: tuple[Holder, ...]) -> tuple[tuple[int, float], ...]:
        """Cells with the same holders, of which there are many, are divided once."""
        name = tuple((one.owner, one.letter) for one in held)
        if name not in divided:
            divided[name] = tuple((place_of[key], float(part)) for key, part in parts(model, held, weights).items())
        return divided[name]

    for area, row in (holders(model) if held is None else held).items():
        if id(row) not in known:  # quiet areas share the row of the area above
            known[id(row)] = [
                (person, number, share)
                for number, responsibility in enumerate(rows)
                for person, share in shared(row[responsibility])
            ]
        told += [(person, places[area], number, share) for person, number, share in known[id(row)]]
        for person in _accountable(row):
            breadth[place_of[person]] += 1
    who, where, what = (np.array([one[column] for one in told], dtype=np.int64) for column in range(3))
    share = np.array([one[3] for one in told], dtype=np.float64)
    return Stakes(people, areas, rows, who, where, what, share, breadth)


def within_areas(held: Stakes, places: Ints) -> Stakes:
    """Those in some areas alone, which are named by their places in order."""
    is_there = np.zeros(len(held.areas), dtype=np.bool_)
    is_there[places] = True
    rows = np.flatnonzero(is_there[held.area])
    return replace(
        held,
        areas=tuple(held.areas[place] for place in places.tolist()),
        person=held.person[rows],
        area=np.searchsorted(places, held.area[rows]),
        responsibility=held.responsibility[rows],
        share=held.share[rows],
    )


def people_in(held: Stakes, areas: Iterable[AreaKey]) -> frozenset[OwnerKey]:
    """Whoever has a part in any of these areas."""
    wanted = frozenset(areas)
    is_wanted = np.array([key in wanted for key in held.areas], dtype=np.bool_)
    found = np.unique(held.person[is_wanted[held.area]])
    return frozenset(held.people[place] for place in found.tolist())


def holders(model: Model, before: Held | None = None) -> Mapping[AreaKey, Row]:
    """Of every cell its holders. An area of which nothing is said shares the row of the area above.

    `before` are those of another model: areas that nothing reaches in which the two differ keep the rows they had.
    """
    found: dict[AreaKey, Row] = {}
    anew = frozenset(model.areas) if before is None else reached(before.model, model)
    order = sorted(model.areas, key=lambda key: (len(model.paths[key]), key))
    said, cells = loud(model), verdicts(model, [area for area in order if area in anew])
    for area in order:
        above = next(iter(model.paths[area][1:2]), None)
        if before is not None and area not in anew:
            found[area] = before.rows[area]
        elif above is not None and area not in said:
            found[area] = found[above]
        else:
            found[area] = holders_in(model, area, cells[area])
    return found


def parts(model: Model, held: Iterable[Holder], weights: Weights) -> Parts:
    """The work of a cell, divided over its holders by the weight of their letters, and over the members of a team."""
    weighed = [(one.owner, weights.get(one.letter, 0)) for one in held]
    whole = sum(weight for _, weight in weighed)
    found: dict[OwnerKey, Fraction] = defaultdict(Fraction)
    for owner, weight in weighed:
        for person, share in within(model, owner).items() if weight else ():
            found[person] += Fraction(weight, whole) * share
    return found


def within(model: Model, owner: OwnerRef) -> Parts:
    """A person alone; of a team its active members, by their capacity where all tell one, and else equally."""
    if owner.kind is OwnerKind.PERSON:
        return {owner.key: Fraction(1)}
    members = [model.people[key] for key in model.teams[owner.key].members if key in model.people]
    active = [member for member in members if member.active]
    hours = [Fraction(member.capacity_hours) for member in active if member.capacity_hours is not None]
    if len(hours) < len(active) or not sum(hours):
        hours = [Fraction(1)] * len(active)
    return {member.key: share / sum(hours) for member, share in zip(active, hours, strict=True) if share}


def _accountable(row: Row) -> Iterator[OwnerKey]:
    for held in row.values():
        for one in held:
            if one.letter is Letter.ACCOUNTABLE and one.owner.kind is OwnerKind.PERSON:
                yield one.owner.key
