"""Which people hold a responsibility for one function? Climb from the area to the root (R21 to R27)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.catalogue import Letter
from remit.domain.facts import Fact
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Assignment, Inheritance
from remit.resolution.candidates import because, of_fact

Row = Fact[Assignment]
_HERE_AND_BELOW = (Inheritance.INHERIT, Inheritance.BLOCK)
_BESIDES = (Inheritance.APPEND,)
_LAST = (Inheritance.FALLBACK,)


@dataclass(frozen=True, slots=True)
class Part:
    """One owner's part, before delegation and activity: the letter, and the assignment that gives it."""

    owner: OwnerKey
    letter: Letter
    row: Row


@dataclass(frozen=True)
class Found:
    """What the climb came to.

    `claims` are the assignments of whoever is accountable: one owner's, or those of several in a `conflict`.
    `fallback`: only a FALLBACK answered. `staffed`: some other assignment than a FALLBACK was found, active or not
    (R15). `block` hides all above it.
    """

    parts: tuple[Part, ...]
    claims: tuple[Row, ...]
    conflict: bool
    fallback: bool
    staffed: bool
    block: Row | None
    seen: Sequence[tuple[int, Row, Reason]]
    height: int

    @property
    def accountable(self) -> OwnerKey | None:
        return self.claims[0].body.owner if self.claims and not self.conflict else None

    @cached_property
    def trace(self) -> tuple[Candidate, ...]:
        """Every assignment that was met, in the order of the climb; written when it is asked for."""
        claiming = {row.body.owner for row in self.claims}
        blocked_at = self.block.body.area if self.block is not None else ""
        return tuple(
            _candidate(row, _layer(row, level, self.height), _final(row, reason, claiming), blocked_at)
            for level, row, reason in self.seen
        )


@dataclass(slots=True)
class _Climb:
    """The climb so far: `claims` ended the search, `lesser` and `added` hold a part besides, `seen` is for the trace.

    `level` counts the areas climbed; `block` hides all above it; `nobody` is what a block without an owner says.
    """

    leads: bool
    level: int = 0
    claims: list[Row] = field(default_factory=list)
    lesser: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    fallbacks: list[tuple[int, Sequence[Row]]] = field(default_factory=list)
    block: Row | None = None
    nobody: bool = False
    seen: list[tuple[int, Row, Reason]] = field(default_factory=list)

    def note(self, rows: Iterable[Row], reason: Reason) -> None:
        for row in rows:
            self.seen.append((self.level, row, reason))


class Climbs:
    """The climbs from one area, none made twice: where only rows for "all" are met, every responsibility shares one."""

    def __init__(self, model: Model, area: AreaKey) -> None:
        self._model = model
        self._path = model.paths[area]
        self._named: dict[FunctionKey, set[ResponsibilityKey]] = {}
        self._made: dict[tuple[ResponsibilityKey, FunctionKey, Letter | None], Found] = {}

    def find(self, responsibility: ResponsibilityKey, function: FunctionKey, support: Letter | None = None) -> Found:
        """Everyone who holds `responsibility` for `function`.

        `support` is the letter the split gives a supporting function; None asks for the lead function, where
        exactly one owner may be accountable.
        """
        if function not in self._named:
            rows = (row for here in self._path for row in self._model.assignments.get((here, function), ()))
            self._named[function] = {row.body.responsibility for row in rows}
        key = responsibility if responsibility in self._named[function] else ALL, function, support
        if key not in self._made:
            self._made[key] = self._climb(*key)
        return self._made[key]

    def _climb(self, responsibility: ResponsibilityKey, function: FunctionKey, support: Letter | None) -> Found:
        state = _Climb(leads=support is None)
        for level, here in enumerate(self._path):
            rows = self._model.assignments.get((here, function))
            if rows is not None and (tiers := _tiers(rows, responsibility)):
                state.level = level
                _look(state, tiers)
        staffed = bool(state.claims or state.lesser)
        fallback = _fall_back(state)
        expressly = [row for row in state.claims if row.body.letter is Letter.ACCOUNTABLE]
        claims = tuple(expressly or state.claims) if state.leads else ()
        claiming = {row.body.owner for row in claims}
        accountable = next(iter(claiming)) if len(claiming) == 1 else None
        parts = tuple(_parts(state, support or Letter.RESPONSIBLE, accountable))
        conflict = len(claiming) > 1
        return Found(parts, claims, conflict, fallback, staffed, state.block, tuple(state.seen), len(self._path))


def _look(state: _Climb, tiers: Sequence[Sequence[Row]]) -> None:
    """One level: INHERIT and BLOCK first, then APPEND, the specific before those for all; FALLBACK waits (R23, R24)."""
    if state.block is not None:
        for tier in tiers:
            state.note(tier, Reason.HIDDEN_BY_BLOCK)
        return
    for tier in tiers:
        if rows := _of(tier, _HERE_AND_BELOW):
            _settle(state, rows)
    for tier in tiers:
        if rows := _of(tier, _BESIDES):
            _append(state, rows)
    for tier in tiers:
        if rows := _of(tier, _LAST):
            _wait(state, rows)


def _settle(state: _Climb, tier: Sequence[Row]) -> None:
    """INHERIT and BLOCK rows of one tier claim, unless something nearer or more specific did (R21, R24, R25)."""
    for row in tier:
        if row.body.inherit is Inheritance.BLOCK:
            state.block = row
    if state.claims:
        state.note(tier, Reason.FARTHER)
    elif state.nobody:
        state.note(tier, Reason.HIDDEN_BY_BLOCK)
    else:
        _take(state, tier, Reason.NEAREST)
        if state.block is not None:
            unnamed = [row for row in tier if row.body.owner is None]
            state.note(unnamed, Reason.BLOCKED)
            state.nobody = bool(unnamed) and not state.claims


def _append(state: _Climb, tier: Sequence[Row]) -> None:
    """APPEND rows of one tier add to what was found at or below their level, or else act as INHERIT (R24)."""
    if state.nobody:
        state.note(tier, Reason.HIDDEN_BY_BLOCK)
    elif state.claims:
        state.added.extend(tier)
        state.note(tier, Reason.ADDED)
    else:
        _take(state, tier, Reason.NEAREST)


def _wait(state: _Climb, tier: Sequence[Row]) -> None:
    """FALLBACK rows wait until the climb is over, unless a block here says that it is nobody (R23, R25)."""
    if state.nobody:
        state.note(tier, Reason.HIDDEN_BY_BLOCK)
    else:
        state.fallbacks.append((state.level, tier))


def _take(state: _Climb, tier: Sequence[Row], reason: Reason) -> None:
    """Let the owners of a tier claim; a lesser letter on the lead function adds a holder only (R26)."""
    for row in tier:
        if row.body.owner is None:
            continue
        lesser = state.leads and row.body.letter not in (None, Letter.ACCOUNTABLE)
        (state.lesser if lesser else state.claims).append(row)
        state.note((row,), Reason.LESSER_LETTER if lesser else reason)


def _fall_back(state: _Climb) -> bool:
    """Use the nearest FALLBACK, specific before all, where nothing else was found; says whether it was used (R23)."""
    used = False
    for level, tier in state.fallbacks:
        state.level = level
        if state.claims:
            state.note(tier, Reason.NOT_NEEDED)
        else:
            _take(state, tier, Reason.NOTHING_ELSE)
            used = bool(state.claims)
    return used


def _parts(state: _Climb, default: Letter, accountable: OwnerKey | None) -> Iterable[Part]:
    """Everyone's letter: the stated one, else the default; `accountable` only for whoever claimed it (R24, R26)."""
    for rows, claimed in ((state.claims, True), (state.added, False), (state.lesser, False)):
        for row in rows:
            owner, stated = row.body.owner, row.body.letter
            if owner is None:
                continue
            letter = default if stated in (None, Letter.ACCOUNTABLE) else stated
            yield Part(owner, Letter.ACCOUNTABLE if claimed and owner == accountable else letter, row)


def _tiers(rows: Iterable[Row], responsibility: ResponsibilityKey) -> list[list[Row]]:
    """The rows for this responsibility, then those for all; rows for another one neither answer nor stop (R21)."""
    specific: list[Row] = []
    general: list[Row] = []
    for row in rows:
        if row.body.responsibility == responsibility:
            specific.append(row)
        elif row.body.responsibility == ALL:
            general.append(row)
    return [tier for tier in (specific, general) if tier]


def _of(tier: Sequence[Row], modes: tuple[Inheritance, ...]) -> Sequence[Row]:
    return [row for row in tier if row.body.inherit in modes]


def _final(row: Row, reason: Reason, claiming: set[OwnerKey | None]) -> Reason:
    """What became of a claim on the lead function once all of its level are known (R27)."""
    if reason not in (Reason.NEAREST, Reason.NOTHING_ELSE) or not claiming:
        return reason
    if row.body.owner not in claiming:
        return Reason.OUTRANKED
    return Reason.TIED if len(claiming) > 1 else reason


def _layer(row: Row, level: int, length: int) -> Layer:
    if row.body.inherit is Inheritance.FALLBACK:
        return Layer.FALLBACK
    if level == 0:
        return Layer.AREA
    return Layer.ORGANISATION if level == length - 1 else Layer.ANCESTOR


def _candidate(row: Row, layer: Layer, reason: Reason, blocked_at: str) -> Candidate:
    body = row.body
    what = "everything" if body.responsibility == ALL else body.responsibility
    verdict, ending = _SAYS[reason]
    if reason is Reason.HIDDEN_BY_BLOCK:
        ending = f"hidden by the block at {blocked_at}"
    elif reason is Reason.LESSER_LETTER:
        ending = f"{body.letter} only, so the search for who is accountable goes on"
    said = f"{body.owner} is assigned {what} for {body.function}"
    if body.owner is None:
        said = f"{what} for {body.function} is blocked"
    message = f"At {body.area}, {said}{because(body.reason)}: {ending}."
    return of_fact(row, Step.HOLDERS, layer, body.area, verdict, reason, message)


_SAYS: Mapping[Reason, tuple[Standing, str]] = {
    Reason.NEAREST: (Standing.CHOSEN, "the nearest assignment there is"),
    Reason.NOTHING_ELSE: (Standing.CHOSEN, "the fallback, used because nothing else was found"),
    Reason.ADDED: (Standing.CHOSEN, "added beside the nearest one"),
    Reason.LESSER_LETTER: (Standing.CHOSEN, ""),
    Reason.OUTRANKED: (Standing.CHOSEN, "responsible, since another owner here is expressly accountable"),
    Reason.BLOCKED: (Standing.CHOSEN, "nobody holds it, and nothing above counts"),
    Reason.TIED: (Standing.REJECTED, "it stands equal with another owner's, so nobody is accountable"),
    Reason.FARTHER: (Standing.REJECTED, "a nearer or more specific assignment is used instead"),
    Reason.HIDDEN_BY_BLOCK: (Standing.SKIPPED, ""),
    Reason.NOT_NEEDED: (Standing.SKIPPED, "a fallback, not needed because something else was found"),
}
