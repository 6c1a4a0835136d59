"""Setting a row over a window: what is there is changed piece by piece, what lies outside the window stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from remit.changing.arguments import argument
from remit.changing.draft import Draft, uncovered
from remit.changing.lists import wrong_lists
from remit.changing.naming import name_of
from remit.changing.words import KINDS, PARTS, is_taken_away, over, said
from remit.domain.areas import Area
from remit.domain.changes import KEPT, SetRow
from remit.domain.facts import KIND_OF, Body, FactKind, natural_key
from remit.domain.intervals import Interval, clipped
from remit.domain.workload import Limits
from remit.modelfile.one_row import ENDING, Misread, Row, dotted, read_row
from remit.modelfile.plan import Belief, Name
from remit.modelfile.write import statement


def set_row(draft: Draft, index: int, change: SetRow) -> None:
    """Make the row say what the change says over its window, or note every mistake."""
    kind, told = KINDS[type(change)], said(change)
    wrong = list(wrong_lists(change))
    for one in wrong:
        draft.refuse(index, dotted(one.path), one.code, one.message)
    asked = _asked(draft, index, change)
    if asked is None or wrong:
        return
    name = name_of(draft, index, change, kind, told, asked)
    if name is None:
        return
    held = [fact for fact in draft.row(name) if fact.valid.overlaps(asked)]
    if isinstance(change, PARTS) and not held:
        draft.refuse(index, "area", "UNKNOWN_KEY", f"there is no area {name[1]!r} then; make it first")
        return
    window = asked if change.end is not KEPT else _as_long_as(held, asked)
    pieces = _pieces(draft, change, name, told, held, window)
    misread = dict.fromkeys(problem for body, _ in pieces if isinstance(body, tuple) for problem in body)
    misread |= dict.fromkeys(_misplaced(draft.now, change, pieces))
    for problem in misread:
        code, message = _in_words(kind, told, problem)
        draft.refuse(index, argument(change, problem.path), code, message)
    if not misread:
        for body, valid in pieces:
            if not isinstance(body, tuple) and not _says(held, body, valid):
                draft.put(name, body, valid, index)


Piece = tuple[Body | tuple[Misread, ...], Interval]
"""What is to hold over a part of the window, or why it cannot be said."""


def _asked(draft: Draft, index: int, change: SetRow) -> Interval | None:
    """The window a change names, from now where it does not say; in an empty model since ever (R5)."""
    start = change.start if change.start is not None or draft.first else draft.now
    end = None if change.end is KEPT else change.end
    for field, bound in (("from", start), ("to", end)):
        if bound is not None and bound.tzinfo is None:
            draft.refuse(index, field, "TIME", f"{bound.isoformat()} has no offset; write for example +01:00 (R3)")
            return None
    window = clipped(start, end)
    if window is None:
        advice = "" if change.start is not None else "; it is now where it is left out, so give a `from` or end the row"
        draft.refuse(index, "to", "WINDOW", f"`to` must be later than `from` (R4){advice}")
    return window


def _as_long_as(held: Sequence[Belief], asked: Interval) -> Interval:
    """Without an end of its own a change reaches as far as the row does."""
    ends = [fact.valid.end for fact in held]
    last = max((end for end in ends if end is not None), default=None)
    return Interval(asked.start, None if None in ends else last)


def _pieces(
    draft: Draft, change: SetRow, name: Name, told: Row, held: Sequence[Belief], window: Interval
) -> list[Piece]:
    """The window in pieces: over what the row says already, and where it says nothing yet."""
    pieces: list[Piece] = []
    for fact in held:
        both = fact.valid.common(window)
        if both is not None:
            pieces.append((read_row(name[0], over(name[0], statement(fact.body), told)), both))
    if isinstance(change, PARTS):
        return pieces
    is_windowed = change.start is not None or change.end is not KEPT
    for gap in uncovered(window, held):
        beside = [f for f in held if f.valid.end == gap.start is not None or f.valid.start == gap.end is not None]
        base = statement(beside[0].body) if beside and is_windowed else _shipped(draft, name)
        body = read_row(name[0], over(name[0], base, told))
        if not held or not isinstance(body, tuple):
            pieces.append((body, gap))
    return pieces


def _shipped(draft: Draft, name: Name) -> Row:
    """What the catalogue says of something that the model says nothing of yet."""
    kind, key = name
    catalogue = draft.catalogue
    shipped: Mapping[FactKind, Sequence[Body]] = {
        FactKind.FUNCTION: catalogue.functions,
        FactKind.RESPONSIBILITY: catalogue.responsibilities,
        FactKind.LENS: catalogue.lenses,
        FactKind.MINUTES: catalogue.minutes,
        FactKind.THRESHOLD: [Limits(one.signal, one.watch, one.overloaded) for one in catalogue.scales],
    }
    return next((statement(body) for body in shipped.get(kind, ()) if natural_key(body) == key), {})


def _in_words(kind: FactKind, told: Row, problem: Misread) -> tuple[str, str]:
    """The code and the sentence; a field that was taken away and may not be is not one that was forgotten."""
    field = str(problem.path[0]) if problem.path else ""
    if problem.code == "MISSING_FIELD" and is_taken_away(kind, field, told):
        return "WRONG_VALUE", "this cannot be null; give a value, or leave it out to keep the one there is"
    if problem.code == "UNKNOWN_FIELD" and field == "timezone":
        return problem.code, "only the organisation has a time zone; leave it out here"
    return problem.code, problem.message


def _misplaced(now: datetime, change: SetRow, pieces: Sequence[Piece]) -> list[Misread]:
    """Windows that such a row cannot have."""
    found: list[Misread] = []
    for body, valid in pieces:
        if isinstance(body, Area) and body.parent is None:
            if valid.start is not None and valid.start > now:
                message = "the organisation is never limited in time; change it from now on, when the time has come"
                found.append(Misread("WINDOW", message, ("from",)))
            elif change.end is not KEPT and change.end is not None:
                found.append(Misread("WINDOW", "the organisation is never limited in time; leave `to` out", ("to",)))
        if not isinstance(body, tuple) and (what := ENDING.get(KIND_OF[type(body)])) and valid.end is None:
            found.append(Misread("MISSING_FIELD", f"'to' is missing; {what} ends by itself", ("to",)))
    return found


def _says(held: Sequence[Belief], body: Body, valid: Interval) -> bool:
    return any(fact.body == body and fact.valid.common(valid) == valid for fact in held)
