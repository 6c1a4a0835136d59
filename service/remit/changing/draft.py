"""The model while changes are made to it: rows cut and filled window by window, and which change said what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from remit.domain.catalogue import Catalogue
from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind, natural_key
from remit.domain.intervals import Interval, minus_all
from remit.modelfile.plan import Belief, Name, Plan


class Draft:
    """Begins as what is believed. `first` is true of an empty model, whose statements hold since ever (R5)."""

    def __init__(self, believed: Iterable[Belief], catalogue: Catalogue, now: datetime, actor: str) -> None:
        self.believed = tuple(believed)
        self.catalogue = catalogue
        self.now = now
        self.actor = actor
        self.first = not self.believed
        self.problems: list[Problem] = []
        self.touched: dict[Name, int] = {}
        self._rows: dict[Name, list[Belief]] = defaultdict(list)
        self._before: dict[Name, tuple[Belief, ...]] = {}
        self._said: dict[tuple[Name, Interval], int] = {}
        self._by_statement: dict[Name, set[str]] = defaultdict(set)
        for fact in self.believed:
            self._rows[fact.kind, fact.key].append(fact)
            self._note(fact)

    def row(self, name: Name) -> tuple[Belief, ...]:
        """The windows of a row, as drafted."""
        return tuple(self._rows.get(name, ()))

    def facts(self, *kinds: FactKind) -> Iterator[Belief]:
        """Everything of these kinds, as drafted; safe to change the draft meanwhile."""
        for name in [name for name in self._rows if name[0] in kinds]:
            yield from self.row(name)

    def rows_saying(self, kind: FactKind, statement: str, window: Interval) -> list[str]:
        """Keys of the rows that make the statement of this natural key within the window, the plain one first (R1)."""
        keys = sorted(self._by_statement.get((kind, statement), ()), key=lambda key: (key != statement, key))
        return [
            key
            for key in keys
            if any(f.valid.overlaps(window) and natural_key(f.body) == statement for f in self._rows[kind, key])
        ]

    def free_key(self, kind: FactKind, key: str, window: Interval) -> str:
        """This key, or one after it, under which nothing is said within the window: nobody's row is written over."""
        number, free = 1, key
        while any(fact.valid.overlaps(window) for fact in self.row((kind, free))):
            number += 1
            free = f"{key}#{number}"
        return free

    def put(self, name: Name, body: Body, valid: Interval, index: int) -> None:
        """From now on the row says this over the window, instead of whatever it said."""
        self.cut(name, valid, index)
        fact = Fact(name[1], body, valid)
        self._rows[name].append(fact)
        self._said[name, valid] = index
        self._note(fact)

    def cut(self, name: Name, window: Interval, index: int) -> None:
        """From now on the row says nothing over the window."""
        self._before.setdefault(name, self.row(name))
        self.touched[name] = index
        left: list[Belief] = []
        for fact in self._rows[name]:
            if not fact.valid.overlaps(window):
                left.append(fact)
                continue
            said = self._said.pop((name, fact.valid), None)
            for piece in fact.valid.minus(window):
                left.append(Fact(fact.key, fact.body, piece))
                if said is not None:
                    self._said[name, piece] = said
        self._rows[name] = left

    def said_by(self, fact: Belief) -> int | None:
        """The change that said this, or None for what was believed already."""
        return self._said.get(((fact.kind, fact.key), fact.valid))

    def refuse(self, index: int, field: str, code: str, message: str) -> None:
        """Note a mistake of a change; it is refused as a whole when all of them are known."""
        self.problems.append(Problem(code, message, place(index, field)))

    def plan(self) -> Plan:
        """What ceases and begins to be believed; a row that says over the same time what it said is left alone."""
        opens: list[Belief] = []
        closes: list[Belief] = []
        for name, was in self._before.items():
            if name[0] is not FactKind.CONFIRMATION and _timeline(was) == _timeline(self._rows[name]):
                self._rows[name] = list(was)
                continue
            known = {(fact.body, fact.valid): fact for fact in was}
            now = {(fact.body, fact.valid): fact for fact in self._rows[name]}
            opens += [fact for told, fact in now.items() if told not in known]
            closes += [fact for told, fact in known.items() if told not in now]
            self._rows[name] = [known.get(told, fact) for told, fact in now.items()]
        result = tuple(fact for facts in self._rows.values() for fact in facts)
        return Plan(tuple(opens), tuple(closes), result, dict(self._said), tuple(self.problems))

    def _note(self, fact: Belief) -> None:
        if fact.kind in _BY_STATEMENT:
            self._by_statement[fact.kind, natural_key(fact.body)].add(fact.key)


_BY_STATEMENT = frozenset(
    {
        FactKind.RULE,
        FactKind.ASSIGNMENT,
        FactKind.AGREEMENT,
        FactKind.DELEGATION,
        FactKind.MINUTES,
        FactKind.THRESHOLD,
        FactKind.ABSENCE,
        FactKind.PREFERENCE,
    }
)


def place(index: int, field: str = "") -> str:
    """Where a mistake stands: `changes[3].owner`."""
    return f"changes[{index}]{'.' + field if field else ''}"


def uncovered(window: Interval, facts: Iterable[Belief]) -> tuple[Interval, ...]:
    """The parts of a window over which none of the facts holds."""
    return minus_all(window, [fact.valid for fact in facts])


def _timeline(facts: Sequence[Belief]) -> list[tuple[Body, Interval]]:
    """What a row says over time, without the seams between windows that say the same."""
    ordered = sorted(facts, key=lambda fact: (fact.valid.start is not None, fact.valid.start))
    told: list[tuple[Body, Interval]] = []
    for fact in ordered:
        if told and told[-1][0] == fact.body and told[-1][1].end == fact.valid.start is not None:
            told[-1] = (fact.body, Interval(told[-1][1].start, fact.valid.end))
        else:
            told.append((fact.body, fact.valid))
    return told
