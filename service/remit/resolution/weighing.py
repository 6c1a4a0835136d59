"""What does a move come to: who would hold its cells, and by how much does that change what is asked of whom?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from remit.domain.advice import Move
from remit.domain.answers import Outcome
from remit.domain.catalogue import Split
from remit.domain.facts import Fact, natural_key
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.people import OwnerRef
from remit.domain.policy import Assignment, Rule
from remit.resolution.field import Field
from remit.resolution.holding import parts
from remit.resolution.load import GRAIN
from remit.resolution.ownership import held_in

Key = TypeVar("Key")
Value = TypeVar("Value")
HELD = frozenset((Outcome.OWNED, Outcome.INHERITED))
REASON = "what the advice proposes"
Shares = Mapping[OwnerKey, float]
"""Of each person the part of a cell's work."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A move, by how many grains of an hour it changes what is asked of whom, and each area in which it changes a cell,
    with who has how much of that cell before and after.
    """

    move: Move
    deltas: Mapping[OwnerKey, int]
    changes: Sequence[tuple[AreaKey, Shares, Shares]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """Who is accountable by rule or assignment, if anybody, and who does how much."""

    accountable: OwnerRef | None
    shares: Shares


class Weighing:
    """Weighs moves of one field. What several of them share is found once: the cells as they are, what the rule alone
    of a move would come to, and areas side by side of which nothing is said, where the same move comes to the same.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self._held: dict[tuple[AreaKey, ResponsibilityKey], Shares] = {}
        self._made: dict[tuple[AreaKey, bool, ResponsibilityKey, Split, Assignment | None], _Cell] = {}

    def weigh(self, move: Move) -> Weighed | None:
        """What a move comes to, by the changed model; None where its person would not come to be accountable by it, or
        where it gives time to somebody who is not well.
        """
        told = replace(move, needs_assignment=False)
        made = self._at(told)
        if made.accountable is None or made.accountable.key != move.owner:
            told = replace(move, needs_assignment=True)
            made = self._at(told)
            if made.accountable is None or made.accountable.key != move.owner:
                return None
        changes = self._changes(told, made)
        hours = self._field.hours[move.responsibility]
        deltas = {person: delta for person, delta in net_of(changes, hours).items() if delta}
        verdicts = self._field.verdicts
        if any(verdicts.get(person) is not Verdict.OK for person, delta in deltas.items() if delta > 0):
            return None
        return Weighed(told, deltas, changes)

    def _changes(self, move: Move, made: _Cell) -> Sequence[tuple[AreaKey, Shares, Shares]]:
        """Of each area, parents first, where somebody else does the work or as much of it does not stay with them.

        An area of which nothing is said has what the area above has.
        """
        field, model, responsibility = self._field, self._field.model, move.responsibility
        changed: Model | None = None
        after: dict[AreaKey, Shares] = {move.area: made.shares}
        for area in model.under(move.area)[1:]:
            above = model.areas[area].parent
            if above is not None and area not in field.loud:
                after[area] = after[above]
            else:
                changed = changed or overlaid(model, move)
                after[area] = self._cell(changed, area, responsibility).shares
        pairs = ((area, self._before(area, responsibility), shares) for area, shares in after.items())
        return [(area, before, shares) for area, before, shares in pairs if before != shares]

    def _at(self, move: Move) -> _Cell:
        """The cell of the move itself, once it is made.

        Where nothing is said of the area, that is the same as in any such area below the same nearest one of which
        something is said.
        """
        field = self._field
        path = field.model.paths[move.area]
        near = next((area for area in path if area in field.loud), path[-1])
        row = replace(_assignment(move), area=near) if move.needs_assignment else None
        name = near, near == move.area, move.responsibility, move.split, row
        if name not in self._made:
            self._made[name] = self._cell(overlaid(field.model, move), move.area, move.responsibility)
        return self._made[name]

    def _before(self, area: AreaKey, responsibility: ResponsibilityKey) -> Shares:
        name = area, responsibility
        if name not in self._held:
            above = self._field.model.areas[area].parent
            if above is not None and area not in self._field.loud:
                self._held[name] = self._before(above, responsibility)
            else:
                self._held[name] = self._cell(self._field.model, area, responsibility).shares
        return self._held[name]

    def _cell(self, model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> _Cell:
        told, holders = held_in(model, area, responsibility)
        divided = parts(model, holders, self._field.weights)
        shares = {person: float(share) for person, share in divided.items()}
        return _Cell(told.accountable if told.outcome in HELD else None, shares)


def net_of(changes: Sequence[tuple[AreaKey, Shares, Shares]], hours: Mapping[AreaKey, float]) -> Mapping[OwnerKey, int]:
    """In grains of an hour, what changed cells come to for everybody touched, if each area takes so many hours."""
    found: dict[OwnerKey, int] = {}
    for area, before, after in changes:
        whole = hours.get(area, 0.0)
        for sign, shares in ((-1, before), (1, after)):
            for person, share in shares.items():
                found[person] = found.get(person, 0) + sign * round(whole * share * GRAIN)
    return found


def records_of(weighed: Weighed, records: Mapping[AreaKey, int]) -> Mapping[OwnerKey, int]:
    """How many more records there are in areas of theirs, for everybody touched, if each area has so many."""
    found: Counter[OwnerKey] = Counter()
    for area, before, after in weighed.changes:
        for sign, shares in ((-1, before), (1, after)):
            for person in shares:
                found[person] += sign * records.get(area, 0)
    return found


def with_move(model: Model, move: Move) -> Model:
    """The model with what accepting the move would write."""
    rule = _rule(move)
    changed = replace(model, rules={**model.rules, (move.area, move.responsibility): Fact(natural_key(rule), rule)})
    if not move.needs_assignment:
        return changed
    place, rows = _assigned(model, move)
    return replace(changed, assignments={**model.assignments, place: rows})


def overlaid(model: Model, move: Move) -> Model:
    """The same for a glance at a few cells: what it says is laid over what the model says, and nothing is copied."""
    rule = _rule(move)
    rules = _Over(model.rules, (move.area, move.responsibility), Fact(natural_key(rule), rule))
    if not move.needs_assignment:
        return replace(model, rules=rules)
    return replace(model, rules=rules, assignments=_Over(model.assignments, *_assigned(model, move)))


def _rule(move: Move) -> Rule:
    return Rule(move.responsibility, move.split, move.area, reason=REASON)


def _assignment(move: Move) -> Assignment:
    return Assignment(move.area, move.responsibility, move.function, move.owner, reason=REASON)


def _assigned(model: Model, move: Move) -> tuple[tuple[AreaKey, FunctionKey], tuple[Fact[Assignment], ...]]:
    row = _assignment(move)
    place = move.area, move.function
    return place, (*model.assignments.get(place, ()), Fact(natural_key(row), row))


class _Over(Mapping[Key, Value]):
    """A mapping with one value of its own."""

    def __init__(self, below: Mapping[Key, Value], key: Key, value: Value) -> None:
        self._below, self._key, self._value = below, key, value

    def __getitem__(self, key: Key) -> Value:
        return self._value if key == self._key else self._below[key]

    def get(self, key: Key, default: Any = None) -> Any:  # as fast as it can be: it is asked often
        return self._value if key == self._key else self._below.get(key, default)

    def __iter__(self) -> Iterator[Key]:
        return iter({**self._below, self._key: self._value})

    def __len__(self) -> int:
        return len(self._below) + (self._key not in self._below)
