"""A recorded issue as Jira shows it: Cloud's REST API v3, Data Center's v2, and the bodies of webhooks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from remit_integrations.standins.jira.adf import document

Json = dict[str, Any]

TIMES = ("created", "updated", "resolutiondate", "lastViewed")
PEOPLE = ("assignee", "reporter", "creator")
TEXTS = ("description", "environment")
SPRINT_DATES = ("startDate", "endDate", "completeDate")
NAVIGABLE_NOT = ("comment", "attachment", "worklog", "issuelinks")
USER = ("accountId", "displayName", "active", "timeZone", "accountType")
"""What the Cloud tells of a user: no name, no key; the e-mail address only where its owner allows."""
ACTOR = {
    "accountId": "7b1f00d5c0ffee0123456789", "accountType": "atlassian", "name": "casey", "key": "JIRAUSER10100",
    "emailAddress": "casey@example.com", "displayName": "Casey", "active": True, "timeZone": "Etc/UTC",
}  # fmt: skip
"""Whoever changes a stand-in site's issues."""


def user(told: Json, base: str) -> Json:
    account = told.get("accountId", "")
    shown = {name: told[name] for name in USER if name in told}
    return {"self": f"{base}/rest/api/3/user?accountId={account}", "accountType": "atlassian"} | shown


def server_user(told: Json, base: str) -> Json:
    """What a Data Center tells of a user: a name and a key that Cloud has given up, and no account."""
    name = told.get("name") or told.get("accountId", "")
    key = told.get("key") or name
    shown = {known: told[known] for known in ("emailAddress", "displayName", "active", "timeZone") if known in told}
    return {"self": f"{base}/rest/api/2/user?username={name}", "name": name, "key": key} | shown


def server_sprint(told: Json) -> str:
    """A sprint as a Data Center tells it: as the text of an object of its own language."""
    known = {"id": told["id"], "rapidViewId": told.get("boardId"), "state": str(told.get("state", "")).upper()}
    named = known | {"name": told.get("name", ""), **{name: told.get(name) or "<null>" for name in SPRINT_DATES}}
    inside = ",".join(f"{name}={value}" for name, value in named.items())
    return f"com.atlassian.greenhopper.service.sprint.Sprint@1f2e3d4c[{inside}]"


@dataclass(frozen=True, slots=True)
class Style:
    """In which words an issue is shown: the API's version, how people and how long texts are told."""

    version: str
    person: Callable[[Json, str], Json]
    text: Callable[[str], Any]
    sprint: Callable[[Json], Any] = dict


CLOUD = Style("3", user, document)
SERVER = Style("2", server_user, str, server_sprint)
TOLD = Style("2", user, str)
"""In the bodies of Cloud's webhooks, which are of the API's second version."""


def issue(record: Json, base: str, fields: frozenset[str], zone: ZoneInfo, style: Style = CLOUD) -> Json:
    """The issue with the asked fields only."""
    return issue_head(record, base, style) | {"fields": shown_fields(record["fields"], fields, zone, style)}


def issue_head(record: Json, base: str, style: Style = CLOUD) -> Json:
    """All of an issue but its fields."""
    self_ = f"{base}/rest/api/{style.version}/issue/{record['id']}"
    return {"expand": "", "id": record["id"], "self": self_, "key": record["key"]}


def stamp(told: str, zone: ZoneInfo) -> str:
    """A time as the account sees it: 2015-04-24T12:04:05.000+0200, the offset without a colon."""
    at = datetime.fromisoformat(told).astimezone(zone)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}{at:%z}"


def shown_fields(told: Json, asked: frozenset[str], zone: ZoneInfo, style: Style = CLOUD) -> Json:
    """The asked of an issue's fields."""
    every = "*all" in asked
    shown: Json = {}
    for name, value in told.items():
        navigable = "*navigable" in asked and name not in NAVIGABLE_NOT
        if every or navigable or name in asked:
            shown[name] = _value(name, value, zone, style)
    return shown


def _value(name: str, value: Any, zone: ZoneInfo, style: Style) -> Any:
    if value is None:
        return None
    if name in TIMES:
        return stamp(value, zone)
    if name in PEOPLE:
        return style.person(value, "")
    if name in TEXTS:
        return style.text(value) if isinstance(value, str) else value
    if name.startswith("customfield_") and isinstance(value, list) and all(_is_sprint(one) for one in value):
        return [style.sprint(one) for one in value]
    if name == "comment":
        comments = [comment(one, zone, style) for one in value.get("comments", ())]
        return {**value, "comments": comments}
    return value


def _is_sprint(value: Any) -> bool:
    return isinstance(value, dict) and "boardId" in value and "id" in value


def comment(told: Json, zone: ZoneInfo, style: Style) -> Json:
    shown = dict(told)
    for name in ("author", "updateAuthor"):
        if isinstance(shown.get(name), dict):
            shown[name] = style.person(shown[name], "")
    for name in ("created", "updated"):
        if shown.get(name):
            shown[name] = stamp(shown[name], zone)
    if isinstance(shown.get("body"), str):
        shown["body"] = style.text(shown["body"])
    return shown
