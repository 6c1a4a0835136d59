"""A recorded issue as Jira Cloud's REST API v3 shows it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from remit_integrations.standins.jira.adf import document

Json = dict[str, Any]

TIMES = ("created", "updated", "resolutiondate", "lastViewed")
PEOPLE = ("assignee", "reporter", "creator")
TEXTS = ("description", "environment")
NAVIGABLE_NOT = ("comment", "attachment", "worklog", "issuelinks")
USER = ("accountId", "displayName", "active", "timeZone", "accountType")
"""What the Cloud tells of a user: no name, no key; the e-mail address only where its owner allows."""
ACTOR = {
    "accountId": "7b1f00d5c0ffee0123456789", "accountType": "atlassian", "name": "casey", "key": "JIRAUSER10100",
    "emailAddress": "casey@example.com", "displayName": "Casey", "active": True, "timeZone": "Etc/UTC",
}  # fmt: skip
"""Whoever changes a stand-in site's issues."""


def issue(record: Json, base: str, fields: frozenset[str], zone: ZoneInfo) -> Json:
    """The issue with the asked fields only."""
    return issue_head(record, base) | {"fields": shown_fields(record["fields"], fields, zone)}


def issue_head(record: Json, base: str) -> Json:
    """All of an issue but its fields."""
    self_ = f"{base}/rest/api/3/issue/{record['id']}"
    return {"expand": "", "id": record["id"], "self": self_, "key": record["key"]}


def user(told: Json, base: str) -> Json:
    account = told.get("accountId", "")
    shown = {name: told[name] for name in USER if name in told}
    return {"self": f"{base}/rest/api/3/user?accountId={account}", "accountType": "atlassian"} | shown


def stamp(told: str, zone: ZoneInfo) -> str:
    """A time as the account sees it: 2015-04-24T12:04:05.000+0200, the offset without a colon."""
    at = datetime.fromisoformat(told).astimezone(zone)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}{at:%z}"


def shown_fields(told: Json, asked: frozenset[str], zone: ZoneInfo) -> Json:
    """The asked of an issue's fields, as the Cloud shows them."""
    every = "*all" in asked
    shown: Json = {}
    for name, value in told.items():
        navigable = "*navigable" in asked and name not in NAVIGABLE_NOT
        if every or navigable or name in asked:
            shown[name] = _value(name, value, zone)
    return shown


def _value(name: str, value: Any, zone: ZoneInfo) -> Any:
    if value is None:
        return None
    if name in TIMES:
        return stamp(value, zone)
    if name in PEOPLE:
        return user(value, "")
    if name in TEXTS:
        return document(value) if isinstance(value, str) else value
    if name == "comment":
        comments = [_comment(one, zone) for one in value.get("comments", ())]
        return {**value, "comments": comments}
    return value


def _comment(told: Json, zone: ZoneInfo) -> Json:
    shown = dict(told)
    for name in ("author", "updateAuthor"):
        if isinstance(shown.get(name), dict):
            shown[name] = user(shown[name], "")
    for name in ("created", "updated"):
        if shown.get(name):
            shown[name] = stamp(shown[name], zone)
    if isinstance(shown.get("body"), str):
        shown["body"] = document(shown["body"])
    return shown
