"""How loaded is everybody, and what does that say? Of all people at once, without the rest of their loads."""

from dataclasses import dataclass

import numpy as np

from remit.domain.ids import OwnerKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.workload import Worse
from remit.resolution.capacity import capacity_of
from remit.resolution.load import Demand
from remit.resolution.load_terms import Grounds
from remit.resolution.signals.samples import Bools, Floats, Ints
from remit.resolution.thresholds import threshold_of, worse_end

SIGNAL = "utilisation"
VERDICTS = (Verdict.UNKNOWN, Verdict.OK, Verdict.WATCH, Verdict.OVERLOADED)
"""By rank: a verdict is a place here."""


@dataclass(frozen=True, eq=False)
class Roster:
    """What the people of a model are held against, in columns in the order of the stakes; nan where nothing is told.

    `capacity` is what is declared, without absences; `with_absences` are the places of those who have any.
    """

    capacity: Floats
    watch: Floats
    overloaded: Floats
    is_active: Bools
    with_absences: tuple[int, ...]
    worse: Worse


@dataclass(frozen=True, eq=False)
class Standings:
    """The utilisation of each person, nan where there is none, and the place of the verdict in `VERDICTS`."""

    utilisation: Floats
    ranks: Ints

    def of(self, place: int) -> tuple[float | None, Verdict]:
        """That of one person."""
        value = float(self.utilisation[place])
        return None if np.isnan(value) else value, VERDICTS[self.ranks[place]]


def roster(model: Model, people: tuple[OwnerKey, ...]) -> Roster:
    """That of these people; it changes with the model alone."""
    usual = threshold_of(model, SIGNAL)
    own = {person: threshold_of(model, SIGNAL, person=person) for _, _, person in model.limits if person is not None}
    told = [own.get(person, usual) for person in people]
    return Roster(
        capacity=_column([model.people[person].capacity_hours for person in people]),
        watch=_column([one.watch for one in told]),
        overloaded=_column([one.overloaded for one in told]),
        is_active=np.array([model.people[person].active for person in people], dtype=np.bool_),
        with_absences=tuple(place for place, person in enumerate(people) if person in model.absences),
        worse=worse_end(model, SIGNAL),
    )


def standings(grounds: Grounds, demand: Demand, held_against: Roster) -> Standings:
    """As `utilisation_of` tells each."""
    capacity, is_away = _capacity(grounds, demand, held_against)
    value, previous = _over(demand.totals, capacity), _over(demand.previous, capacity)
    before = _judged(previous, held_against, np.zeros(len(capacity), dtype=np.int64))
    ranks = np.where(is_away | _is_doubted(grounds, demand, held_against), 0, _judged(value, held_against, before))
    return Standings(value, ranks)


def no_standings(people: int) -> Standings:
    """While nothing can be told of so many people."""
    return Standings(np.full(people, np.nan), np.zeros(people, dtype=np.int64))


def _capacity(grounds: Grounds, demand: Demand, held_against: Roster) -> tuple[Floats, Bools]:
    """What demand is divided by, and who was away for most of the window."""
    found, is_away = held_against.capacity.copy(), np.zeros(len(held_against.capacity), dtype=np.bool_)
    for place in held_against.with_absences:
        told = capacity_of(grounds.model, demand.stakes.people[place], grounds.window)
        found[place] = np.nan if told.divisor is None else told.divisor
        is_away[place] = told.is_away
    return found, is_away


def _judged(values: Floats, held_against: Roster, before: Ints) -> Ints:
    """As `judged` tells each; comparisons with nan never hold."""
    found = np.ones(len(values), dtype=np.int64)
    for rank, limits in ((2, held_against.watch), (3, held_against.overloaded)):
        if held_against.worse is Worse.LOW:
            reached = (values <= limits) | ((before >= rank) & (10 * values < 11 * limits))
        else:
            reached = (values >= limits) | ((before >= rank) & (10 * values > 9 * limits))
        found[reached] = rank
    found[np.isnan(values) | (np.isnan(held_against.watch) & np.isnan(held_against.overloaded))] = 0
    return found


def _is_doubted(grounds: Grounds, demand: Demand, held_against: Roster) -> Bools:
    """Who is not judged, whatever the number: who is not active, or has a part where something is in doubt."""
    if grounds.doubt is not None:
        return np.ones(len(held_against.is_active), dtype=np.bool_)
    found = ~held_against.is_active
    if grounds.doubts:
        stakes = demand.stakes
        there = np.array([area in grounds.doubts for area in stakes.areas], dtype=np.bool_)
        found[stakes.person[there[stakes.area]]] = True
    return found


def _over(hours: Floats, capacity: Floats) -> Floats:
    found = np.full(len(hours), np.nan)
    np.divide(hours, capacity, out=found, where=capacity > 0)
    return found


def _column(values: list[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
