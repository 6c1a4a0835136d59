"""What of an issue can be searched, as a row of values."""

from datetime import UTC, datetime
from typing import Any

from remit_integrations.standins.jira.jql import Row

Json = dict[str, Any]


def row(record: Json) -> Row:
    """An issue's searchable values."""
    return {**field_row(record["fields"]), "id": record["id"], "key": record["key"]}


def field_row(fields: Json) -> Row:
    """All but its id and its key."""
    return {
        "project": [fields["project"].get(name, "") for name in ("key", "id", "name")],
        "issuetype": _names(fields.get("issuetype")),
        "status": _names(fields.get("status")),
        "component": [one["name"] for one in fields.get("components") or ()],
        "labels": fields.get("labels") or [],
        "assignee": _person(fields.get("assignee")),
        "reporter": _person(fields.get("reporter")),
        "updated": _instant(fields["updated"]),
        "created": _instant(fields["created"]),
    }


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told).astimezone(UTC)


def _names(value: Json | None) -> list[str]:
    return [value[name] for name in ("id", "name") if value.get(name)] if value else []


def _person(value: Json | None) -> list[str]:
    names = ("accountId", "name", "key", "displayName")
    return [value[name] for name in names if value.get(name)] if isinstance(value, dict) else []
