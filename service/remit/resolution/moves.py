"""Which responsibilities could the other function lead, and who could take them?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise

from remit.domain.advice import Move
from remit.domain.catalogue import Letter, Split
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.resolution.field import Field
from remit.resolution.ownership import held_in
from remit.resolution.weighing import Weighed, Weighing

Cell = tuple[AreaKey, ResponsibilityKey]


def moves(field: Field, watched: Collection[OwnerKey], only: Callable[[Move], bool] | None = None) -> Iterator[Weighed]:
    """Every move that takes time from one of these people, by area from the root down, then by responsibility.

    What is not transferable stays. One that would give time to somebody who is not well is none. `only` tells which to
    weigh, where not all are asked about.
    """
    stakes, model = field.demand.stakes, field.model
    cells: dict[Cell, set[OwnerKey]] = defaultdict(set)
    for person in watched:
        for row in field.demand.of(field.demand.places[person]):
            responsibility = stakes.responsibilities[stakes.responsibility[row]]
            if model.responsibilities[responsibility].transferable:
                cells[stakes.areas[stakes.area[row]], responsibility].add(person)
    for cell, people in _above(model, cells).items():
        cells[cell] |= people
    near, weighing = frozenset(watched), Weighing(field)
    for area, responsibility in sorted(cells, key=lambda cell: (len(model.paths[cell[0]]), cell)):
        for move in _of_cell(field, area, responsibility, cells[area, responsibility]):
            weighed = weighing.weigh(move) if only is None or only(move) else None
            if weighed is not None and any(delta < 0 and person in near for person, delta in weighed.deltas.items()):
                yield weighed


def _above(model: Model, cells: Mapping[Cell, Collection[OwnerKey]]) -> Mapping[Cell, set[OwnerKey]]:
    """Cells of areas below which several branches have such cells: one row there may do what one in each would."""
    branches: dict[Cell, set[AreaKey]] = defaultdict(set)
    people: dict[Cell, set[OwnerKey]] = defaultdict(set)
    for (area, responsibility), theirs in cells.items():
        for below, above in pairwise(model.paths[area]):
            branches[above, responsibility].add(below)
            people[above, responsibility] |= set(theirs)
    return {cell: people[cell] for cell, below in branches.items() if len(below) > 1}


def _of_cell(
    field: Field, area: AreaKey, responsibility: ResponsibilityKey, people: Collection[OwnerKey]
) -> Iterator[Move]:
    told, holders = held_in(field.model, area, responsibility)
    before = told.source.split
    if before is None:
        return
    theirs = {holder.function for holder in holders if holder.owner.key in people}
    theirs |= {function for key in people if (function := field.model.people[key].function) is not None}
    for function in sorted(field.leading - theirs - {before.lead}):
        split = handed_to(function, before)
        for owner in field.candidates.get((function, responsibility), ()):
            yield Move(area, responsibility, before.lead, split, function, owner, needs_assignment=True)


def handed_to(function: FunctionKey, before: Split) -> Split:
    """It leads, whoever led is consulted; where nobody led, all the others are. Further support stays as it is."""
    others = {key: letter for key, letter in before.support if key != function}
    if before.lead is None:
        others = {key: max(letter, Letter.CONSULTED, key=lambda one: one.rank) for key, letter in others.items()}
    elif before.lead != function:
        others[before.lead] = Letter.CONSULTED
    return Split(function, tuple(sorted(others.items())))
