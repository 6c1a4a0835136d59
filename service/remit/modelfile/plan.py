"""What applying a file comes to: which facts begin and cease to be believed (R1, R5). Nothing is lost, only ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.intervals import Interval, minus_all
from remit.modelfile.read import Declaration

Name = tuple[FactKind, str]
Belief = Fact[Body]


@dataclass(frozen=True, slots=True)
class Plan:
    """`result` is everything believed after; `closes` of it now is not, `opens` is new. `lines` tells where a new fact
    was declared.
    """

    opens: tuple[Belief, ...]
    closes: tuple[Belief, ...]
    result: tuple[Belief, ...]
    lines: Mapping[tuple[Name, Interval], int | None]
    problems: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        return not self.opens and not self.closes

    def line_of(self, fact: Belief) -> int | None:
        return self.lines.get(((fact.kind, fact.key), fact.valid))


def plan(declared: Iterable[Declaration], believed: Sequence[Belief], now: datetime) -> Plan:
    """Match rows with beliefs by key; a first apply to an empty model declares what was always so."""
    rows: dict[Name, list[Declaration]] = defaultdict(list)
    for declaration in declared:
        rows[declaration.kind, declaration.key].append(declaration)
    held: dict[Name, list[Belief]] = defaultdict(list)
    opens: list[Belief] = []
    closes: list[Belief] = []
    result: list[Belief] = []
    for fact in believed:
        if fact.kind is FactKind.CONFIRMATION and (fact.kind, fact.key) not in rows:
            # A file says nothing of these, and so does not end them.
            result.append(fact)
        else:
            held[fact.kind, fact.key].append(fact)
    lines: dict[tuple[Name, Interval], int | None] = {}
    problems: list[Problem] = []
    for name in sorted({*rows, *held}):
        wanted = _windows(rows.get(name, ()), held.get(name, ()), None if not believed else now, problems)
        lines |= {(name, valid): row.line for row, valid in wanted}
        kept, begun, ended = _settled(name, wanted, held.get(name, ()), now)
        result += [*kept, *begun]
        opens += begun
        closes += ended
    return Plan(tuple(opens), tuple(closes), tuple(result), lines, tuple(problems))


def _windows(
    rows: Iterable[Declaration], held: Sequence[Belief], now: datetime | None, problems: list[Problem]
) -> list[tuple[Declaration, Interval]]:
    """When each row holds. `now` None: the first apply. Overlapping rows of one key are refused here."""
    free = list(held)
    placed: list[tuple[Declaration, Interval]] = []
    for row in sorted(rows, key=lambda row: (row.start is None, row.line or 0)):
        start = row.start if row.start is not None or now is None else _start(row, free, now)
        if start is not None and row.end is not None and row.end <= start:
            message = "this new row ends in the past; give it a `from` or leave it out"
            problems.append(Problem("WINDOW", message, row.key, row.line))
            continue
        valid = Interval(start, row.end)
        clash = next((other for other, theirs in placed if theirs.overlaps(valid)), None)
        if clash is not None:
            message = f"says something about the same as line {clash.line} at the same time; keep one, or give windows"
            problems.append(Problem("DUPLICATE_ROW", message, row.key, row.line))
            continue
        placed.append((row, valid))
    return placed


def _start(row: Declaration, free: list[Belief], now: datetime) -> datetime | None:
    """Where a row without `from` starts: with the belief it repeats, else now. A belief serves one row only."""
    same = [fact for fact in free if fact.body == row.body and fact.valid.end == row.end]
    if not same:
        same = [fact for fact in free if fact.body == row.body and (fact.valid.end is None or fact.valid.end > now)]
    if not same:
        return now
    same.sort(key=lambda fact: (not fact.valid.contains(now), fact.valid.start is not None, fact.valid.start))
    free.remove(same[0])
    return same[0].valid.start


def _settled(
    name: Name, wanted: Sequence[tuple[Declaration, Interval]], held: Sequence[Belief], now: datetime
) -> tuple[list[Belief], list[Belief], list[Belief]]:
    """Of one key: the beliefs that stay as they are, those that begin, and those that cease.

    A belief with the start of a row is an earlier version of that row and gives way to it wholly (R1); of any other,
    what the rows leave uncovered stays up to now.
    """
    _, key = name
    windows = [valid for _, valid in wanted]
    rewritten = {valid.start for valid in windows}
    after = [(row.body, valid) for row, valid in wanted]
    for fact in held:
        if fact.valid.start in rewritten:
            continue
        pieces = (piece.until(now) for piece in minus_all(fact.valid, windows))
        after += [(fact.body, piece) for piece in pieces if piece is not None]
    kept = [fact for fact in held if (fact.body, fact.valid) in after]
    there = [(fact.body, fact.valid) for fact in kept]
    begun = [Fact(key, body, valid) for body, valid in after if (body, valid) not in there]
    ended = [fact for fact in held if fact not in kept]
    return kept, begun, ended
