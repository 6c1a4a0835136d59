"""What Jira's payloads say, in our words: typed structs of only the fields needed, and the records read from them.

Vendor words: `statusCategory.key` is new, indeterminate or done; `resolutiondate`; `parent` is the parent or, since
epics are parents too, the epic. People are named by `accountId`, or on a Data Center, which has none, by their key;
never by display name.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogItem, Parked, Pulled, StatusCategory
from remit_integrations.decoding import UNDECODABLE, clean, glimpsed, instant, lenient, needed, parked, text
from remit_integrations.jira.custom import Custom, points, sprint_ids, team_names

FIELDS = (
    "summary", "status", "issuetype", "project", "created", "updated", "resolutiondate", "resolution", "priority",
    "assignee", "reporter", "components", "labels", "parent", "fixVersions", "duedate",
)  # fmt: skip
"""Asked for by name: the default of the search is the id alone."""


class Named(Struct, rename="camel"):
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
    id: str | int
    key: str
    fields: Fields


class Found(Struct, rename="camel"):
    """A page of the search. `nextPageToken` absent is the end; `isLast` is known to lie and is not read."""

    issues: list[Raw] | None = None
    next_page_token: str | None = None


class ById(Struct, rename="camel"):
    """Issues asked for by id, and those that exist but could not be told this time."""

    issues: list[Raw] | None = None
    issue_errors: list[Raw] | None = None


class Histories(Struct, rename="camel"):
    issue_change_logs: list[Raw] | None = None
    next_page_token: str | None = None


NONE = Custom()


class IssueReader:
    """Reads issues; `team_field` is the id of the custom field that names a team (R36)."""

    def __init__(self, source: SourceName, team_field: str | None = None, custom: Custom = NONE) -> None:
        self._source, self._team, self._custom = source, team_field, custom
        own = dict.fromkeys((*([team_field] if team_field else []), *custom.ids))
        fields = msgspec.defstruct("FieldsOfTheSite", [(id_, Any, None) for id_ in own], bases=(Fields,))
        shape: Any = msgspec.defstruct("IssueOfTheSite", [("id", str | int), ("key", str), ("fields", fields)])
        self._decoder = msgspec.json.Decoder(shape)

    def read(self, raw: bytes) -> Pulled | Parked:
        """The record, or what is parked in its place with the reason."""
        try:
            return Pulled(self._item(lenient(raw, self._decoder)), raw)
        except (*UNDECODABLE, Unreadable) as wrong:
            return parked(self._source, glimpsed(raw), wrong, raw)

    def _item(self, issue: Any) -> BacklogItem:
        fields = issue.fields
        status = fields.status or Named()
        estimates = (points(getattr(fields, id_)) for id_ in self._custom.estimates)
        sprints = (told for id_ in self._custom.sprints for told in sprint_ids(getattr(fields, id_)))
        category = (status.status_category.key if status.status_category is not None else None) or ""
        return BacklogItem(
            source=self._source,
            id=needed(issue.id, "id"),
            key=needed(issue.key, "key"),
            project=needed(fields.project.key if fields.project is not None else None, "project"),
            type=clean((fields.issuetype.name if fields.issuetype is not None else None) or ""),
            summary=clean(fields.summary or ""),
            status=clean(status.name or ""),
            category=_CATEGORIES.get(category, StatusCategory.UNKNOWN),
            created=instant(fields.created),
            updated=instant(fields.updated),
            resolved=instant(fields.resolutiondate) if fields.resolutiondate else None,
            priority=text(fields.priority.name) if fields.priority is not None else None,
            assignee=person(fields.assignee),
            reporter=person(fields.reporter),
            components=tuple(clean(c.name) for c in fields.components or () if c is not None and c.name),
            labels=tuple(clean(label) for label in fields.labels or () if label),
            team=tuple(team_names(getattr(fields, self._team, None))) if self._team else (),
            parent=_parent(fields.parent.key) if fields.parent is not None else None,
            estimate=next((told for told in estimates if told is not None), None),
            sprints=tuple(dict.fromkeys(sprints)),
        )


_CATEGORIES: dict[str, StatusCategory] = {one.value: one for one in StatusCategory}


def person(told: Named | None) -> str | None:
    """Who is meant: an account of the Cloud; on a Data Center a user's key, which unlike the name stays."""
    return text(told.account_id) or text(told.key) or text(told.name) if told is not None else None


def _parent(key: str | None) -> str | None:
    return needed(key, "parent") if key else None
