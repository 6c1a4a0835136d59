"""What Jira's change histories say, in our words."""

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent
from remit_integrations.decoding import UNDECODABLE, clean, instant, lenient, needed, text
from remit_integrations.jira.payloads import Named, person

CUSTOM, UNNAMED = "custom", "customfield_"
"""What the type of a custom field is, and what its id is begun with: a Data Center tells the type and no id."""


class Item(Struct, rename={"field_id": "fieldId", "field_type": "fieldtype", "from_value": "from",
                           "from_text": "fromString", "to_value": "to", "to_text": "toString"}):  # fmt: skip
    field: str | None = None
    field_id: str | None = None
    field_type: object = None
    from_value: str | None = None
    from_text: str | None = None
    to_value: str | None = None
    to_text: str | None = None


class History(Struct):
    id: str | int
    created: str | int | float
    author: Named | None = None
    items: list[Item | None] | None = None


class IssueHistory(Struct, rename="camel"):
    issue_id: str | int
    change_histories: list[Raw] | None = None


class Embedded(Struct):
    """The history inside of an issue, as a Data Center tells it."""

    histories: list[Raw] | None = None
    total: int | None = None


class WithHistory(Struct):
    id: str | int
    changelog: Embedded | None = None


_WITH_HISTORY = msgspec.json.Decoder(WithHistory)
_HISTORY = msgspec.json.Decoder(IssueHistory)
_ENTRY = msgspec.json.Decoder(History)


def issue_history(raw: bytes) -> tuple[str, list[bytes]]:
    """An issue's id and its history entries; raises Unreadable."""
    try:
        told: IssueHistory = lenient(raw, _HISTORY)
    except UNDECODABLE as wrong:
        raise Unreadable(str(wrong)) from wrong
    return needed(told.issue_id, "id"), [bytes(entry) for entry in told.change_histories or ()]


def embedded_history(raw: bytes) -> tuple[str, list[bytes]]:
    """An issue's id and the history entries within it; raises Unreadable, also for a history that is cut short."""
    try:
        told: WithHistory = lenient(raw, _WITH_HISTORY)
    except UNDECODABLE as wrong:
        raise Unreadable(str(wrong)) from wrong
    id_, changelog = needed(told.id, "id"), told.changelog or Embedded()
    entries = [bytes(entry) for entry in changelog.histories or ()]
    if changelog.total is not None and len(entries) < changelog.total:
        raise Unreadable(f"the history shows {len(entries)} of its {changelog.total} entries")
    return id_, entries


def events(source: SourceName, issue_id: str, raw: bytes) -> tuple[BacklogEvent, ...]:
    """The field changes of one history entry; raises Unreadable."""
    try:
        history: History = lenient(raw, _ENTRY)
    except UNDECODABLE as wrong:
        raise Unreadable(str(wrong)) from wrong
    change_id, at = needed(history.id, "id"), instant(history.created)
    author = person(history.author)
    return tuple(
        BacklogEvent(
            source=source,
            item_id=issue_id,
            change_id=change_id,
            position=position,
            at=at,
            field=clean(item.field),
            author=author,
            field_id=text(item.field_id) or (UNNAMED if item.field_type == CUSTOM else None),
            from_value=text(item.from_value),
            from_text=text(item.from_text),
            to_value=text(item.to_value),
            to_text=text(item.to_text),
        )
        for position, item in enumerate(history.items or ())
        if item is not None and item.field
    )
