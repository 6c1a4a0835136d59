"""Which people hold a responsibility for one function? Climb from the area to the root (R21 to R27)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.catalogue import Letter
from remit.domain.facts import Fact
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Assignment, Inheritance

Row = Fact[Assignment]


@dataclass(frozen=True, slots=True)
class Part:
    """One owner's part, before delegation and activity: the letter, and the area whose assignment gives it."""

    owner: OwnerKey
    letter: Letter
    area: AreaKey


@dataclass(frozen=True, slots=True)
class Found:
    """What the climb came to: everyone's part, whether two claim to be accountable, whether a fallback answered."""

    parts: tuple[Part, ...]
    conflict: bool
    fallback: bool
    trace: tuple[Candidate, ...]


@dataclass(slots=True)
class _Climb:
    """The climb so far: `claims` is what ended the search, `lesser` the holders that came on the way."""

    path: tuple[AreaKey, ...]
    leads: bool
    claims: list[Row] = field(default_factory=list)
    lesser: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    fallbacks: list[list[Row]] = field(default_factory=list)
    blocked_by: Row | None = None
    nobody: bool = False
    trace: list[Candidate] = field(default_factory=list)

    def says(self, row: Row, verdict: Standing, reason: Reason, message: str) -> None:
        body = row.body
        at = len(self.path) - 1 if body.area == self.path[-1] else self.path.index(body.area)
        layer = Layer.ORGANISATION if at == len(self.path) - 1 else Layer.ANCESTOR
        layer = Layer.FALLBACK if body.inherit is Inheritance.FALLBACK else Layer.AREA if at == 0 else layer
        by, when = (row.recorded.by, row.recorded.at) if row.recorded else (None, None)
        names = ("Assignment", row.key)
        self.trace.append(Candidate(Step.HOLDERS, layer, body.area, verdict, reason, message, names, by, when))


def climb(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, function: FunctionKey, support: Letter | None = None
) -> Found:
    """Everyone who holds `responsibility` in `area` for `function`.

    `support` is the letter the split gives a supporting function; None asks for the lead function, where
    exactly one owner may be accountable.
    """
    state = _Climb(model.paths[area], leads=support is None)
    for level in state.path:
        tiers = _tiers(model.assignments.get((level, function), ()), responsibility)
        if state.blocked_by is not None:
            for row in (row for tier in tiers for row in tier):
                message = f"{_said(row)} lies above the block at {state.blocked_by.body.area}."
                state.says(row, Standing.SKIPPED, Reason.HIDDEN_BY_BLOCK, message)
            continue
        _settle(state, [_of(tier, Inheritance.INHERIT, Inheritance.BLOCK) for tier in tiers])
        _append(state, [_of(tier, Inheritance.APPEND) for tier in tiers])
        if not state.nobody:
            state.fallbacks.extend(_of(tier, Inheritance.FALLBACK) for tier in tiers)
        blocks = (row for tier in tiers for row in _of(tier, Inheritance.BLOCK))
        state.blocked_by = next(blocks, None)
    fallback = _fall_back(state)
    parts, conflict = _parts(state, support)
    return Found(parts, conflict, fallback, tuple(state.trace))


def is_staffed(model: Model, area: AreaKey, responsibility: ResponsibilityKey, function: FunctionKey) -> bool:
    """Whether the climb meets a valid assignment of the function other than a FALLBACK, active or not (R15)."""
    for level in model.paths[area]:
        rows = [row for tier in _tiers(model.assignments.get((level, function), ()), responsibility) for row in tier]
        if any(row.body.owner is not None and row.body.inherit is not Inheritance.FALLBACK for row in rows):
            return True
        if any(row.body.inherit is Inheritance.BLOCK for row in rows):
            return False
    return False


def _settle(state: _Climb, tiers: Iterable[Sequence[Row]]) -> None:
    """INHERIT and BLOCK rows of one level: the specific tier first, then the one for all (R21, R24, R25)."""
    for tier in tiers:
        if state.claims or state.nobody:
            for row in tier:
                message = f"{_said(row)} is farther or less specific than what was found."
                state.says(row, Standing.REJECTED, Reason.FARTHER, message)
            continue
        _take(state, tier, Reason.NEAREST)
        empty = next((row for row in tier if row.body.owner is None), None)
        if empty is not None and not state.claims:
            state.nobody = True
            message = f"{empty.body.area} blocks the climb and names nobody."
            state.says(empty, Standing.CHOSEN, Reason.BLOCKED, message)


def _append(state: _Climb, tiers: Iterable[Sequence[Row]]) -> None:
    """APPEND rows of one level add to what was found at or below it, or else act as INHERIT (R24)."""
    for tier in tiers:
        if state.nobody:
            for row in tier:
                message = f"{_said(row)} is not used: the block here names nobody."
                state.says(row, Standing.SKIPPED, Reason.HIDDEN_BY_BLOCK, message)
        elif state.claims:
            for row in tier:
                state.added.append(row)
                state.says(row, Standing.CHOSEN, Reason.ADDED, f"{_said(row)} is added to what was found.")
        else:
            _take(state, tier, Reason.NEAREST)


def _take(state: _Climb, tier: Iterable[Row], reason: Reason) -> None:
    """Let the owners of a tier claim; a lesser letter on the lead function adds a holder only (R26)."""
    for row in tier:
        if row.body.owner is None:
            continue
        if state.leads and row.body.letter not in (None, Letter.ACCOUNTABLE):
            state.lesser.append(row)
            message = f"{_said(row)} holds it as {row.body.letter}; the search goes on."
            state.says(row, Standing.CHOSEN, Reason.LESSER_LETTER, message)
        else:
            state.claims.append(row)
            state.says(row, Standing.CHOSEN, reason, f"{_said(row)} is the nearest found.")


def _fall_back(state: _Climb) -> bool:
    """Use the nearest FALLBACK, specific before all, when nothing else was found anywhere (R23)."""
    used = False
    for tier in state.fallbacks:
        if state.claims:
            for row in tier:
                message = f"{_said(row)} is not needed."
                state.says(row, Standing.SKIPPED, Reason.NOT_NEEDED, message)
        elif tier:
            _take(state, tier, Reason.NOTHING_ELSE)
            used = bool(state.claims)
    return used


def _parts(state: _Climb, support: Letter | None) -> tuple[tuple[Part, ...], bool]:
    """Turn what was found into letters; two distinct claims on the lead function are a conflict (R26, R27)."""
    conflict, accountable = False, None
    if state.leads:
        explicit = {row.body.owner for row in state.claims if row.body.letter is Letter.ACCOUNTABLE}
        claiming = explicit or {row.body.owner for row in state.claims}
        conflict = len(claiming) > 1
        accountable = next(iter(claiming)) if len(claiming) == 1 else None
    parts: list[Part] = []
    for rows, own in ((state.claims, True), (state.added, False), (state.lesser, False)):
        for row in rows:
            owner, stated = row.body.owner, row.body.letter
            if owner is None:
                continue
            default = support or Letter.RESPONSIBLE
            letter = default if stated in (None, Letter.ACCOUNTABLE) or stated is None else stated
            if own and owner == accountable:
                letter = Letter.ACCOUNTABLE
            parts.append(Part(owner, letter, row.body.area))
    return tuple(parts), conflict


def _tiers(rows: Iterable[Row], responsibility: ResponsibilityKey) -> tuple[list[Row], list[Row]]:
    """The rows for this responsibility and those for all; rows for another one neither answer nor stop (R21)."""
    specific: list[Row] = []
    general: list[Row] = []
    for row in rows:
        if row.body.responsibility == responsibility:
            specific.append(row)
        elif row.body.responsibility == ALL:
            general.append(row)
    return specific, general


def _of(tier: Iterable[Row], *modes: Inheritance) -> list[Row]:
    return [row for row in tier if row.body.inherit in modes]


def _said(row: Row) -> str:
    body = row.body
    what = "everything" if body.responsibility == ALL else body.responsibility
    return f"{body.owner or 'Nobody'} for {what} of {body.function} at {body.area}"
