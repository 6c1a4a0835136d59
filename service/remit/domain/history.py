"""The history of a node: what each change of the model did to the rows about it, in both times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from remit.domain.facts import Body, Fact, FactKind
from remit.domain.intervals import Interval

AT_ONCE = timedelta(minutes=1)
"""A change is prepared a moment before it is recorded, on another clock: what begins this little earlier begins now."""
SINCE_EVER = datetime.min.replace(tzinfo=UTC)
NODES = (
    FactKind.AREA,
    FactKind.PERSON,
    FactKind.TEAM,
    FactKind.FUNCTION,
    FactKind.RESPONSIBILITY,
    FactKind.LENS,
)
"""The kinds that have a history; rows of the other kinds are part of theirs."""


@dataclass(frozen=True, slots=True)
class Node:
    """Names what a history is of; `kind` is one of `NODES`."""

    kind: FactKind
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in a history: newest first, then by kind and key, each as its characters sort."""

    at: datetime
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A question: at most `first` entries of a node's history, those after a place or from the newest on."""

    node: Node
    first: int
    after: Place | None = None


class Action(StrEnum):
    """What a change did to a row; the first that applies (see `action`)."""

    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    DECLARED = "declared"
    ENDED = "ended"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the model: when it was recorded, by whom and why. `is_first`: nothing was believed before it."""

    at: datetime
    actor: str
    reason: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What one change did to one row: `before` ceased to be believed, `after` began to be; each by valid time."""

    edit: Edit
    kind: FactKind
    key: str
    before: tuple[Fact[Body], ...]
    after: tuple[Fact[Body], ...]

    @property
    def place(self) -> Place:
        return Place(self.edit.at, self.kind.value, self.key)


@dataclass(frozen=True, slots=True)
class Past:
    """An excerpt of a history: how many entries there are in all, and whether more follow.

    `declared` is whether the node itself was ever declared; a history of something that never was is no history.
    """

    declared: bool
    total: int
    entries: tuple[Entry, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of valid time about which a change altered what is said; None: the row does not hold then."""

    valid: Interval
    before: Body | None
    after: Body | None


Side = tuple[Edit, Fact[Body], bool]
"""A change, a fact that it touched, and whether the fact began with it (else it ceased)."""


def entries(sides: Iterable[Side]) -> tuple[Entry, ...]:
    """One entry for each row that a change touched, newest first."""
    rows: dict[tuple[Edit, FactKind, str], tuple[list[Fact[Body]], list[Fact[Body]]]] = {}
    for edit, fact, begins in sides:
        rows.setdefault((edit, fact.kind, fact.key), ([], []))[begins].append(fact)
    found = [
        Entry(edit, kind, key, _in_order(ceased), _in_order(begun))
        for (edit, kind, key), (ceased, begun) in rows.items()
    ]
    found.sort(key=lambda entry: (entry.kind.value, entry.key))
    return tuple(sorted(found, key=lambda entry: entry.edit.at, reverse=True))


def stretches(entry: Entry) -> tuple[Stretch, ...]:
    """Exactly where the change altered what is said, in order of valid time; neighbours that say the same are one."""
    bounds = {bound for fact in (*entry.before, *entry.after) for bound in (fact.valid.start, fact.valid.end)}
    instants = sorted(bound for bound in bounds if bound is not None)
    found: list[Stretch] = []
    for start, end in pairwise((None, *instants, None)):
        piece = Interval(start, end)
        before, after = _said(entry.before, piece), _said(entry.after, piece)
        if before == after:
            continue
        last = found[-1] if found else None
        if last is not None and (last.valid.end, last.before, last.after) == (start, before, after):
            found[-1] = Stretch(Interval(last.valid.start, end), before, after)
        else:
            found.append(Stretch(piece, before, after))
    return tuple(found)


def action(entry: Entry) -> Action:
    """What the change did to the row.

    WITHDRAWN: what was said is believed no more, and nothing is said instead. CORRECTED: it alters what is said about
    the time before it was recorded. DECLARED: nothing was said before. ENDED: it holds no longer, from some instant on.
    CHANGED: anything else. The first change of all declares, since there was nothing to correct.
    """
    if not entry.after:
        return Action.WITHDRAWN
    altered = stretches(entry)
    if not entry.edit.is_first and any(_is_past(stretch, entry.edit.at) for stretch in altered):
        return Action.CORRECTED
    if not entry.before:
        return Action.DECLARED
    return Action.ENDED if _is_end(altered, entry.after) else Action.CHANGED


def _is_past(stretch: Stretch, at: datetime) -> bool:
    return stretch.valid.start is None or stretch.valid.start < at - AT_ONCE


def _is_end(altered: Sequence[Stretch], after: Sequence[Fact[Body]]) -> bool:
    if not altered or any(stretch.after is not None for stretch in altered):
        return False
    start = altered[0].valid.start
    return start is not None and all(fact.valid.end is not None and fact.valid.end <= start for fact in after)


def _said(facts: Iterable[Fact[Body]], piece: Interval) -> Body | None:
    return next((fact.body for fact in facts if fact.valid.overlaps(piece)), None)


def _in_order(facts: Iterable[Fact[Body]]) -> tuple[Fact[Body], ...]:
    """By start; windows of a row never overlap, so at most one has none and is first."""
    return tuple(sorted(facts, key=lambda fact: fact.valid.start or SINCE_EVER))
