"""What a change history says of a change: one item a field, in the words the vendor uses."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
NAMES = {"components": "Component", "fixVersions": "Fix Version", "versions": "Version", "customfield_10020": "Sprint"}
"""Fields that a history calls otherwise than the issue does (recorded 2019 to 2021)."""
ONE_BY_ONE = ("components", "fixVersions", "versions")
"""Lists whose every entry that comes or goes is an item of its own."""
PEOPLE = ("assignee", "reporter", "creator")
CLOUD_ONLY = ("fieldId", "tmpFromAccountId", "tmpToAccountId")
UNTOLD = ("updated", "created", "resolutiondate", "statuscategorychangedate", "lastViewed", "comment")


def items(before: Json, after: Json) -> list[Json]:
    """The items of the change from these fields to those; none where only times differ."""
    return [
        item
        for name, value in after.items()
        if name not in UNTOLD and before.get(name) != value
        for item in _of(name, before.get(name), value)
    ]


def moved(before: Json, after: Json) -> list[Json]:
    """Of an issue that gets another project and with it another key; the key is no field and has no id."""
    key = {"field": "Key", "fieldtype": "jira", "from": None, "fromString": before["key"]}
    project = _item("project", "project", _side(before["fields"]["project"]), _side(after["fields"]["project"]))
    return [project, key | {"to": None, "toString": after["key"]}]


def on_premises(told: list[Json]) -> list[Json]:
    """The same items as a Data Center writes them: without the ids of fields and of accounts (recorded 2019)."""
    return [{name: value for name, value in item.items() if name not in CLOUD_ONLY} for item in told]


def kind(told: list[Json]) -> str:
    """The name of the event that such a change is, `issue_event_type_name`."""
    fields = {item["field"] for item in told}
    if "Key" in fields:
        return "issue_moved"
    if fields == {"assignee"}:
        return "issue_assigned"
    return "issue_generic" if fields & {"status", "resolution"} else "issue_updated"


def _of(name: str, before: Any, after: Any) -> Iterator[Json]:
    called = NAMES.get(name, name)
    if name in ONE_BY_ONE and _entries(before) is not None and _entries(after) is not None:
        old, new = _entries(before) or {}, _entries(after) or {}
        yield from (_item(called, name, _side(old[id_]), (None, None)) for id_ in old if id_ not in new)
        yield from (_item(called, name, (None, None), _side(new[id_])) for id_ in new if id_ not in old)
        return
    item = _item(called, name, _side(before), _side(after))
    if name in PEOPLE:
        item |= {"tmpFromAccountId": _account(before), "tmpToAccountId": _account(after)}
    yield item


def _item(called: str, name: str, before: tuple[str | None, str | None], after: tuple[str | None, str | None]) -> Json:
    type_ = "custom" if name.startswith("customfield_") else "jira"
    (from_, from_text), (to, to_text) = before, after
    told = {"field": called, "fieldtype": type_, "fieldId": name, "from": from_, "fromString": from_text}
    return told | {"to": to, "toString": to_text}


def _side(value: Any) -> tuple[str | None, str | None]:
    """The value's id and its text: a person, a choice, a list of those or of texts, or plain text, which has no id."""
    if isinstance(value, dict):
        id_ = value.get("accountId") or value.get("key") if "displayName" in value else value.get("id")
        return id_, value.get("displayName") or value.get("name") or value.get("value")
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        sides = [_side(one) for one in value]
        return ", ".join(str(id_) for id_, _ in sides), ", ".join(str(text) for _, text in sides)
    if isinstance(value, list):
        return "", " ".join(str(one) for one in value)
    return None, None if value is None else str(value)


def _entries(value: Any) -> dict[str, Json] | None:
    """A list's entries by id; None for what is no list of such."""
    if value is None:
        return {}
    if isinstance(value, list) and all(isinstance(one, dict) and "id" in one for one in value):
        return {one["id"]: one for one in value}
    return None


def _account(value: Any) -> str | None:
    return value.get("accountId") if isinstance(value, dict) else None
