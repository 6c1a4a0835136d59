"""What Jira's payloads say, in our words: typed structs of only the fields needed, and the records read from them.

Vendor words: `statusCategory.key` is new, indeterminate or done; `resolutiondate`; `parent` is the parent or, since
epics are parents too, the epic. People are named by `accountId`, never by display name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Unavailable, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Parked, Pulled, StatusCategory

FIELDS = (
    "summary", "status", "issuetype", "project", "created", "updated", "resolutiondate", "resolution", "priority",
    "assignee", "reporter", "components", "labels", "parent", "fixVersions", "duedate",
)  # fmt: skip
"""Asked for by name: the default of the search is the id alone."""


class Named(Struct, rename="camel"):
    id: str | int | None = None
    key: str | None = None
    name: str | None = None
    account_id: str | None = None
    status_category: "Named | None" = None


class Fields(Struct):
    summary: str | None = None
    status: Named | None = None
    issuetype: Named | None = None
    project: Named | None = None
    created: str | None = None
    updated: str | None = None
    resolutiondate: str | None = None
    priority: Named | None = None
    assignee: Named | None = None
    reporter: Named | None = None
    components: list[Named | None] | None = None
    labels: list[str | None] | None = None
    parent: Named | None = None


class Issue(Struct):
    id: str
    key: str
    fields: Fields


class Found(Struct, rename="camel"):
    """A page of the search. `nextPageToken` absent is the end; `isLast` is known to lie and is not read."""

    issues: list[Raw] | None = None
    next_page_token: str | None = None


class Item(Struct, rename={"field_id": "fieldId", "from_value": "from", "from_text": "fromString",
                           "to_value": "to", "to_text": "toString"}):  # fmt: skip
    field: str | None = None
    field_id: str | None = None
    from_value: str | None = None
    from_text: str | None = None
    to_value: str | None = None
    to_text: str | None = None


class History(Struct):
    id: str | int
    created: str | int
    author: Named | None = None
    items: list[Item | None] | None = None


class IssueHistory(Struct, rename="camel"):
    issue_id: str
    change_histories: list[Raw] | None = None


class Histories(Struct, rename="camel"):
    issue_change_logs: list[IssueHistory] | None = None
    next_page_token: str | None = None


class Glimpse(Struct):
    """As much as can be seen of a record that cannot be read."""

    id: Any = None


def decoded(body: bytes, shape: type[msgspec.Struct], what: str) -> Any:
    """A payload's outer shape; raises Unavailable when a page as a whole is not what it should be."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unavailable(f"Jira's answer about {what} cannot be read ({wrong}); try again later") from wrong


class IssueReader:
    """Reads issues; `team_field` is the id of the custom field that names a team (R36)."""

    def __init__(self, source: SourceName, team_field: str | None = None) -> None:
        self._source = source
        shape: Any = Issue
        if team_field is not None:
            team = [("team", Any, msgspec.field(name=team_field, default=None))]
            fields = msgspec.defstruct("FieldsWithTeam", team, bases=(Fields,))
            shape = msgspec.defstruct("IssueWithTeam", [("id", str), ("key", str), ("fields", fields)])
        self._decoder = msgspec.json.Decoder(shape)

    def read(self, raw: bytes) -> Pulled | Parked:
        """The record, or what is parked in its place with the reason."""
        try:
            issue = self._decoder.decode(raw)
            return Pulled(_item(self._source, issue), raw)
        except (msgspec.DecodeError, UnicodeDecodeError, Unreadable) as wrong:
            return Parked(self._source, _glimpsed(raw), str(wrong), raw)


def events(source: SourceName, issue_id: str, raw: bytes) -> Iterator[BacklogEvent]:
    """The field changes of one history entry; raises Unreadable."""
    try:
        history = msgspec.json.decode(raw, type=History)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unreadable(str(wrong)) from wrong
    for position, item in enumerate(history.items or ()):
        if item is None or not item.field:
            continue
        yield BacklogEvent(
            source=source,
            item_id=issue_id,
            change_id=str(history.id),
            position=position,
            at=instant(history.created),
            field=clean(item.field),
            author=history.author.account_id if history.author is not None else None,
            field_id=_text(item.field_id),
            from_value=_text(item.from_value),
            from_text=_text(item.from_text),
            to_value=_text(item.to_value),
            to_text=_text(item.to_text),
        )


def instant(told: str | int | None) -> datetime:
    """A time stamp such as 2026-09-27T10:03:11.123+0200, or milliseconds since 1970; raises Unreadable."""
    try:
        if isinstance(told, int):
            return datetime.fromtimestamp(told / 1000, UTC)
        at = datetime.fromisoformat(told or "")
    except (ValueError, OverflowError, OSError) as wrong:
        raise Unreadable(f"not a time: {told!r}") from wrong
    if at.tzinfo is None:
        raise Unreadable(f"a time without an offset: {told!r}")
    return at


def clean(text: str) -> str:
    """PostgreSQL's text cannot hold NUL, which Jira's can."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


def _item(source: SourceName, issue: Any) -> BacklogItem:
    fields = issue.fields
    status = fields.status or Named()
    category = (status.status_category.key if status.status_category is not None else None) or ""
    return BacklogItem(
        source=source,
        id=_needed(issue.id, "id"),
        key=_needed(issue.key, "key"),
        project=_needed(fields.project.key if fields.project is not None else None, "project"),
        type=clean((fields.issuetype.name if fields.issuetype is not None else None) or ""),
        summary=clean(fields.summary or ""),
        status=clean(status.name or ""),
        category=StatusCategory(category) if category in _CATEGORIES else StatusCategory.UNKNOWN,
        created=instant(fields.created),
        updated=instant(fields.updated),
        resolved=instant(fields.resolutiondate) if fields.resolutiondate else None,
        priority=_text(fields.priority.name) if fields.priority is not None else None,
        assignee=_text(fields.assignee.account_id) if fields.assignee is not None else None,
        reporter=_text(fields.reporter.account_id) if fields.reporter is not None else None,
        components=tuple(clean(c.name) for c in fields.components or () if c is not None and c.name),
        labels=tuple(clean(label) for label in fields.labels or () if label),
        team=tuple(_team(getattr(fields, "team", None))),
        parent=_text(fields.parent.key) if fields.parent is not None else None,
    )


_CATEGORIES = frozenset(StatusCategory)


def _team(value: object) -> Iterator[str]:
    """The id and the name of a team field's value: Atlassian's team, a choice, plain text, or a list of those."""
    if isinstance(value, list):
        for entry in value:
            yield from _team(entry)
    elif isinstance(value, dict):
        yield from (clean(str(value[name])) for name in ("id", "name", "title", "value") if value.get(name))
    elif isinstance(value, str | int) and value:
        yield clean(str(value))


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise Unreadable(f"the issue has no {name}")
    return clean(value)


def _text(value: str | None) -> str | None:
    return clean(value) if value else None


def _glimpsed(raw: bytes) -> str:
    """The id of a record that cannot be read, as far as it shows; else a name made of its bytes."""
    try:
        seen = msgspec.json.decode(raw, type=Glimpse).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        seen = None
    return clean(str(seen)) if isinstance(seen, str | int) and seen else f"unreadable-{sha256(raw).hexdigest()[:16]}"
