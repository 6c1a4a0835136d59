"""Ending a row: it holds up to an instant, and what was to begin later never does. Nothing is deleted."""

from collections.abc import Sequence
from datetime import datetime

from remit.changing.draft import Draft
from remit.domain.areas import Area
from remit.domain.changes import EndRow
from remit.domain.intervals import Interval, instant_text
from remit.modelfile.plan import Belief


def end_row(draft: Draft, index: int, change: EndRow) -> None:
    """Cut off everything from the instant on, or note why that cannot be."""
    name = change.kind, change.key.strip()
    at = instant_of(draft, index, change.at)
    if at is None:
        return
    row = draft.row(name)
    ending = [fact for fact in row if fact.valid.end is None or fact.valid.end > at]
    if not row:
        draft.refuse(index, "key", "UNKNOWN_KEY", f"there is no {change.kind} {name[1]!r}; a row is named by its key")
    elif not ending:
        last = max(fact.valid.end for fact in row if fact.valid.end is not None)
        draft.refuse(index, "at", "ENDED", f"{name[1]} has ended at {instant_text(last)} already; leave it out")
    elif begins := _too_early(row, ending, at, draft.now):
        message = f"{name[1]} begins at {instant_text(begins)} and must end later than that (R4); give a later `at`"
        draft.refuse(index, "at", "WINDOW", message)
    elif at > draft.now and any(isinstance(fact.body, Area) and fact.body.parent is None for fact in ending):
        draft.refuse(index, "at", "WINDOW", "the organisation is never limited in time; end it when the time has come")
    else:
        draft.cut(name, Interval(at, None), index)


def instant_of(draft: Draft, index: int, at: datetime | None) -> datetime | None:
    """The instant a change names, now where it does not; None, with the mistake noted, for one without an offset."""
    if at is not None and at.tzinfo is None:
        draft.refuse(index, "at", "TIME", f"{at.isoformat()} has no offset; write for example +01:00 (R3)")
        return None
    return at if at is not None else draft.now


def _too_early(row: Sequence[Belief], ending: Sequence[Belief], at: datetime, now: datetime) -> datetime | None:
    """When a row begins that would end before it began; one that has not begun yet may be withdrawn."""
    if any(fact.valid.start is None or fact.valid.start < at for fact in row):
        return None
    begun = [fact.valid.start for fact in ending if fact.valid.start is not None and fact.valid.start <= now]
    return min(begun, default=None)
