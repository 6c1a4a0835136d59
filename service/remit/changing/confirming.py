"""Confirming that an owner still holds: noted beside the assignment, which itself does not change."""

from datetime import datetime

from remit.changing.draft import Draft
from remit.changing.ending import instant_of
from remit.changing.naming import row_saying, statement_key
from remit.domain.changes import ConfirmOwner
from remit.domain.facts import FactKind
from remit.domain.ids import OwnerKey
from remit.domain.intervals import Interval, instant_text
from remit.domain.policy import Assignment, Confirmation

ASKED = ("area", "responsibility", "function", "owner")


def confirm_owner(draft: Draft, index: int, change: ConfirmOwner) -> None:
    """From the instant on until it is due, the owner who holds then counts as confirmed."""
    before = len(draft.problems)
    at = instant_of(draft, index, change.at)
    if at is None:
        return
    if at > draft.now:
        draft.refuse(index, "at", "WINDOW", "nobody can confirm what is yet to come; leave `at` out")
    if change.due.tzinfo is None:
        draft.refuse(index, "due", "TIME", f"{change.due.isoformat()} has no offset; write for example +01:00 (R3)")
    elif change.due <= draft.now or change.due <= at:
        draft.refuse(index, "due", "REVIEW_PAST", f"it would be due at {instant_text(change.due)}; set a later one")
    by = change.by.strip() if change.by is not None else draft.actor
    if change.by is not None and not any(fact.valid.contains(at) for fact in draft.row((FactKind.PERSON, by))):
        message = f"there is no person {by!r} then; give a person's key, or leave it out to confirm in your own name"
        draft.refuse(index, "by", "UNKNOWN_KEY", message)
    key = _row(draft, index, change)
    held = next((fact for fact in draft.row((FactKind.ASSIGNMENT, key or "")) if fact.valid.contains(at)), None)
    if key is not None and held is None:
        draft.refuse(index, "row" if change.row is not None else "", "UNKNOWN_KEY", _unknown(key, at))
    elif held is not None and isinstance(held.body, Assignment) and held.body.owner is None:
        draft.refuse(index, "", "OWNER", "this assignment keeps an area without an owner; there is nobody to confirm")
    if held is not None and len(draft.problems) == before and isinstance(held.body, Assignment):
        said = Confirmation(held.key, OwnerKey(held.body.owner or ""), by)
        draft.put((FactKind.CONFIRMATION, held.key), said, Interval(at, change.due), index)


def _row(draft: Draft, index: int, change: ConfirmOwner) -> str | None:
    if change.row is not None:
        return change.row.strip()
    told = {field: getattr(change, field) for field in ASKED}
    missing = [field for field in ASKED if told[field] is None]
    for field in missing:
        draft.refuse(index, field, "MISSING_FIELD", f"{field!r} is missing; say it, or name the row by its `row`")
    at = change.at if change.at is not None else draft.now
    said = row_saying(draft, FactKind.ASSIGNMENT, told, Interval(at, None)) if not missing else None
    if said is None and not missing:
        draft.refuse(index, "", "UNKNOWN_KEY", _unknown(statement_key(FactKind.ASSIGNMENT, told), at))
    return said


def _unknown(key: str, at: datetime) -> str:
    return f"no assignment {key!r} holds at {instant_text(at)}; look up its key or say what it says"
