"""Which responsibilities could the other function lead, who could take them, and what would that come to?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from remit.domain.advice import Move
from remit.domain.answers import Outcome
from remit.domain.catalogue import Letter, Split
from remit.domain.facts import Fact, natural_key
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.policy import Assignment, Rule
from remit.domain.workload import Wish
from remit.resolution.climb import Climbs
from remit.resolution.holding import Parts, Weights, parts
from remit.resolution.load import GRAIN, Demand, Drivers, Earlier, earlier, needed
from remit.resolution.load_terms import Grounds, utilisation_of
from remit.resolution.ownership import resolve
from remit.resolution.split import standing
from remit.resolution.verdicts import loud

MOST_CANDIDATES = 5
"""People looked at for one move: those with the highest skill, then those who like it, then those with most time."""
LEAST_SKILL = 1
HELD = frozenset((Outcome.OWNED, Outcome.INHERITED))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A move, by how many grains of an hour it changes what is asked of whom, and in which areas it changes a cell.

    `earlier` is the same of the window just before, `records` how many more there were by its end in areas of theirs.
    """

    move: Move
    deltas: Mapping[OwnerKey, int]
    areas: frozenset[AreaKey]
    earlier: Mapping[OwnerKey, int]
    records: Mapping[OwnerKey, int]


@dataclass(frozen=True)
class Field:
    """What moves are looked for in: how loaded everybody is, and how the work of a cell is divided."""

    grounds: Grounds
    demand: Demand
    weights: Weights

    @property
    def model(self) -> Model:
        return self.grounds.model

    @cached_property
    def verdicts(self) -> Mapping[OwnerKey, Verdict]:
        return {key: utilisation_of(self.grounds, self.demand, key)[1] for key in self.demand.stakes.people}

    @cached_property
    def loud(self) -> frozenset[AreaKey]:
        return loud(self.model)

    @cached_property
    def leading(self) -> frozenset[FunctionKey]:
        """Functions that lead something by the catalogue."""
        return frozenset(one.split.lead for one in self.model.responsibilities.values() if one.split.lead is not None)

    @cached_property
    def by_function(self) -> Mapping[FunctionKey, Sequence[OwnerKey]]:
        """Active people whose utilisation is known and good."""
        found: dict[FunctionKey, list[OwnerKey]] = defaultdict(list)
        for key, person in sorted(self.model.people.items()):
            if person.active and person.function is not None and self.verdicts[key] is Verdict.OK:
                found[person.function].append(key)
        return found

    @cached_property
    def hours(self) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        """What each responsibility takes in each area."""
        return self._needed(self.grounds.drivers[0])

    @cached_property
    def hours_before(self) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        """What it took in the window just before, where that is looked at."""
        return self._needed(self.window_before) if self.window_before is not None else {}

    @cached_property
    def records_before(self) -> Mapping[AreaKey, int]:
        """How many records each area had by the end of the window just before."""
        if self.window_before is None:
            return {}
        held = self.window_before.issues + self.window_before.feedback
        return dict(zip(self.demand.stakes.areas, held.tolist(), strict=True))

    @cached_property
    def before(self) -> Earlier:
        """What is asked of everybody in the window just before."""
        return earlier(self.model, self.demand.stakes, self.grounds.drivers[1:2])

    @property
    def window_before(self) -> Drivers | None:
        return self.grounds.drivers[1] if len(self.grounds.drivers) > 1 else None

    def _needed(self, drivers: Drivers) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        stakes = self.demand.stakes
        told = needed(self.model, stakes.responsibilities, stakes.areas, drivers)
        return {
            responsibility: dict(zip(stakes.areas, row.tolist(), strict=True))
            for responsibility, row in zip(stakes.responsibilities, told, strict=True)
        }


def moves(field: Field, watched: Collection[OwnerKey]) -> Iterator[Weighed]:
    """Every move that takes time from one of these people, by area from the root down, then by responsibility.

    What is not transferable stays. One that would give time to somebody who is not well is none.
    """
    stakes, model = field.demand.stakes, field.model
    cells: dict[tuple[AreaKey, ResponsibilityKey], set[OwnerKey]] = defaultdict(set)
    for person in watched:
        for row in field.demand.of(field.demand.places[person]):
            responsibility = stakes.responsibilities[stakes.responsibility[row]]
            if model.responsibilities[responsibility].transferable:
                cells[stakes.areas[stakes.area[row]], responsibility].add(person)
    for area, responsibility in sorted(cells, key=lambda cell: (len(model.paths[cell[0]]), cell)):
        for move in _of_cell(field, area, responsibility, cells[area, responsibility]):
            weighed = weigh(field, move)
            if weighed is not None and any(weighed.deltas.get(person, 0) < 0 for person in watched):
                yield weighed


def weigh(field: Field, move: Move) -> Weighed | None:
    """What a move comes to, by the changed model; None where its person would not come to be accountable by it, or
    where it gives time to somebody who is not well.
    """
    told = replace(move, needs_assignment=False)
    changed = with_move(field.model, told)
    if not _is_held(changed, told):
        told = replace(move, needs_assignment=True)
        changed = with_move(field.model, told)
        if not _is_held(changed, told):
            return None
    areas, responsibility = field.model.under(move.area), move.responsibility
    before = _parts(field, field.model, areas, responsibility)
    after = _parts(field, changed, areas, responsibility)
    touched = [area for area in areas if before[area] != after[area]]
    changes = [(area, sign, held) for area in touched for sign, held in ((-1, before[area]), (1, after[area]))]
    deltas = _deltas(changes, field.hours[responsibility])
    if any(field.verdicts.get(person) is not Verdict.OK for person, delta in deltas.items() if delta > 0):
        return None
    records: Counter[OwnerKey] = Counter()
    for area, sign, held in changes:
        records.update(dict.fromkeys(held, sign * field.records_before.get(area, 0)))
    return Weighed(
        move=told,
        deltas={person: delta for person, delta in deltas.items() if delta},
        areas=frozenset(touched),
        earlier=_deltas(changes, field.hours_before.get(responsibility, {})),
        records=records,
    )


def _deltas(changes: Sequence[tuple[AreaKey, int, Parts]], hours: Mapping[AreaKey, float]) -> Mapping[OwnerKey, int]:
    """In grains of an hour, what these parts of areas come to: those that are lost (-1) and those that are gained."""
    found: Counter[OwnerKey] = Counter()
    for area, sign, held in changes:
        for person, share in held.items():
            found[person] += sign * round(hours.get(area, 0.0) * float(share) * GRAIN)
    return found


def with_move(model: Model, move: Move) -> Model:
    """The model with what accepting the move would write."""
    reason = "what the advice proposes"
    rule = Rule(move.responsibility, move.split, move.area, reason=reason)
    changed = replace(model, rules={**model.rules, (move.area, move.responsibility): Fact(natural_key(rule), rule)})
    if not move.needs_assignment:
        return changed
    row = Assignment(move.area, move.responsibility, move.function, move.owner, reason=reason)
    place = move.area, move.function
    rows = (*model.assignments.get(place, ()), Fact(natural_key(row), row))
    return replace(changed, assignments={**model.assignments, place: rows})


def _of_cell(
    field: Field, area: AreaKey, responsibility: ResponsibilityKey, people: Collection[OwnerKey]
) -> Iterator[Move]:
    answer = resolve(field.model, area, responsibility)
    before = _split_of(field.model, area, responsibility)
    if before is None:
        return
    theirs = {holder.function for holder in answer.holders if holder.owner.key in people}
    theirs |= {function for key in people if (function := field.model.people[key].function) is not None}
    for function in sorted(field.leading - theirs - {before.lead}):
        split = handed_to(function, before)
        for owner in _candidates(field, function, responsibility):
            yield Move(area, responsibility, before.lead, split, function, owner, needs_assignment=True)


def handed_to(function: FunctionKey, before: Split) -> Split:
    """It leads, whoever led is consulted; where nobody led, all the others are. Further support stays as it is."""
    others = {key: letter for key, letter in before.support if key != function}
    if before.lead is None:
        others = {key: max(letter, Letter.CONSULTED, key=lambda one: one.rank) for key, letter in others.items()}
    elif before.lead != function:
        others[before.lead] = Letter.CONSULTED
    return Split(function, tuple(sorted(others.items())))


def _split_of(model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> Split | None:
    return standing(model, area, responsibility, Climbs(model, area)).split


def _candidates(field: Field, function: FunctionKey, responsibility: ResponsibilityKey) -> Sequence[OwnerKey]:
    """Those of the function who can do it, do not mind, and have time."""
    ranked = []
    for key in field.by_function.get(function, ()):
        skill = dict(field.model.people[key].skills).get(responsibility, 0)
        told = field.model.preferences.get((key, responsibility))
        wish = told.body.wish if told is not None else None
        if skill >= LEAST_SKILL and wish is not Wish.AVOID:
            used = utilisation_of(field.grounds, field.demand, key)[0] or 0.0
            ranked.append((-skill, wish is not Wish.LIKE, used, key))
    return [key for *_, key in sorted(ranked)[:MOST_CANDIDATES]]


def _is_held(model: Model, move: Move) -> bool:
    answer = resolve(model, move.area, move.responsibility)
    return answer.outcome in HELD and answer.accountable is not None and answer.accountable.key == move.owner


def _parts(
    field: Field, model: Model, areas: Sequence[AreaKey], responsibility: ResponsibilityKey
) -> Mapping[AreaKey, Parts]:
    """Of each area, parents first, who does how much. One of which nothing is said has what the area above has."""
    found: dict[AreaKey, Parts] = {}
    for area in areas:
        above = model.areas[area].parent
        if above in found and area not in field.loud:
            found[area] = found[above]
        else:
            found[area] = parts(model, resolve(model, area, responsibility).holders, field.weights)
    return found
