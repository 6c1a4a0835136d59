"""Source-neutral facts pulled from a source: backlog items, their events, what is gone, what could not be read."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from remit.domain.areas import Criterion
from remit.domain.ids import SourceName

Criteria = Mapping[Criterion, Collection[str]]
"""What an issue offers to selectors: for each criterion the normalised values it has."""


class StatusCategory(StrEnum):
    """The three categories every Jira status belongs to; UNKNOWN for anything else a source may say."""

    NEW = "new"
    IN_PROGRESS = "indeterminate"
    DONE = "done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BacklogItem:
    """One item of a backlog as its source last told it. `id` is the identity; `key` may change with a move."""

    source: SourceName
    id: str
    key: str
    project: str
    type: str
    summary: str
    status: str
    category: StatusCategory
    created: datetime
    updated: datetime
    resolved: datetime | None = None
    priority: str | None = None
    assignee: str | None = None
    reporter: str | None = None
    components: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    """The id and the name of the configured team field's value, whichever there are (R36)."""
    parent: str | None = None
    """The key of the parent or epic (R35)."""
    estimate: float | None = None
    """Story points, in the unit of the board that plans it."""
    sprints: tuple[str, ...] = ()
    """The ids of the sprints it was or is in."""

    def is_dated_after(self, at: datetime) -> bool:
        """Whether it tells of anything that is still to come then, as where a clock is ahead."""
        return max(self.updated, self.resolved or self.updated) > at


class Loss(StrEnum):
    """How a record is gone (R48): deleted, as its source said; not visible, which may be either, where the source does
    not tell the two apart; or left out: still there, but not among those to be mirrored, so that nothing would tell of
    its changes.
    """

    DELETED = "deleted"
    NOT_VISIBLE = "not_visible"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Lapse:
    """A record was gone from `at` until it was `back_at`, both by its source's clock; nobody knew before either."""

    at: datetime
    back_at: datetime
    how: Loss


@dataclass(frozen=True, slots=True)
class BacklogEvent:
    """One field of one item changed: who did it, when, from what to what. `position` orders the fields of a change."""

    source: SourceName
    item_id: str
    change_id: str
    position: int
    at: datetime
    field: str
    author: str | None = None
    field_id: str | None = None
    from_value: str | None = None
    from_text: str | None = None
    to_value: str | None = None
    to_text: str | None = None


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """A change, and when it was first read here: nothing was known of it before."""

    event: BacklogEvent
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """An item as last read, every key it ever had, when it was first read, all its changes its source told of, and when
    it was gone and came back. `read_at` is when that last version was read, if it is dated after that.
    """

    item: BacklogItem
    keys: tuple[str, ...]
    first_seen: datetime
    events: tuple[SeenEvent, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A record beside the bytes it was read from."""

    item: BacklogItem
    raw: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that its source no longer shows, and since when, by the source's own clock."""

    source: SourceName
    id: str
    at: datetime
    how: Loss = Loss.NOT_VISIBLE


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that could not be read: its id where one could be seen, why, and its bytes."""

    source: SourceName
    id: str
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Reference:
    """A project, component, status or user of a source, as the source names it. `category` is that of a status."""

    source: SourceName
    kind: str
    id: str
    name: str
    raw: bytes
    key: str | None = None
    active: bool = True
    email: str | None = field(default=None, repr=False)
    """Of a user, where the account that reads may see it."""
    category: StatusCategory | None = None


LONGEST_KEY = 255
DEEPEST = 20
"""Levels of parents followed; Jira's own hierarchies have at most a handful."""

PARENT_FIELDS = frozenset({"epic link", "parent link", "parent", "parent issue", "issueparentassociation"})
"""The names, in small letters, of the fields by which Jira has told parents and epics over the years."""


JIRAS_OWN = frozenset(
    {"status", "priority", "labels", "timeoriginalestimate", "fix version", "description", "remoteissuelink"}
    | {"parent", "parent issue", "issueparentassociation"}
)
"""The names, in small letters, of fields that are never custom ones: a custom field of the same name is another one.

Others that Jira comes with, such as `Rank`, `Sprint` and `Epic Link`, are custom fields themselves.
"""


def is_custom(event: BacklogEvent) -> bool:
    """Whether the changed field is one of the site's own, which may be called like any of the vendor's."""
    return (event.field_id or "").startswith("customfield_")


def former_key(event: BacklogEvent) -> str | None:
    """The key an item had before a move, where an event tells of one. Custom fields may be called `Key` as well."""
    told = event.from_text if event.field == "Key" and not is_custom(event) else None
    return told if told and len(told) <= LONGEST_KEY else None


def normalised(name: str) -> str:
    """A name as selectors compare it: trimmed and in Unicode form NFC, case kept (R34)."""
    return unicodedata.normalize("NFC", name.strip())


def criteria_of(item: BacklogItem, lineage: Collection[str] = ()) -> dict[Criterion, frozenset[str]]:
    """What an item offers to selectors; `lineage` holds the keys of all its ancestors and its own others (R30, R35)."""
    offered = {
        Criterion.EPIC: (item.key, *((item.parent,) if item.parent else ()), *lineage),
        Criterion.COMPONENT: item.components,
        Criterion.TEAM: item.team,
        Criterion.LABEL: item.labels,
        Criterion.TYPE: (item.type,),
        Criterion.PROJECT: (item.project,),
    }
    return {criterion: frozenset(normalised(value) for value in values) for criterion, values in offered.items()}
