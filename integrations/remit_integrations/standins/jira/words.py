"""What a scenario says in words, as an issue's fields hold it: `status="Done"` is a status, its category and an end."""

from datetime import datetime
from typing import Any
from zlib import crc32

from remit_integrations.standins.jira.custom_fields import SPRINT, STORY_POINTS

Json = dict[str, Any]
CATEGORIES = {
    "done": ("done", "closed", "resolved"),
    "indeterminate": ("in progress", "in review", "doing"),
}
FIELD_OF = {"points": STORY_POINTS["id"], "sprints": SPRINT["id"]}


def fields(said: Json, now: datetime) -> Json:
    """The fields of what is said; what is no text where a text is expected is taken as the field's own value."""
    told: Json = {}
    for name, value in said.items():
        told[FIELD_OF.get(name, name)] = _of(name, value)
    status = told.get("status")
    if isinstance(status, dict) and "resolution" not in said:
        ended = status["statusCategory"]["key"] == "done"
        told["resolution"] = {"id": "10000", "name": "Done"} if ended else None
        told["resolutiondate"] = now.isoformat() if ended else None
    return told


def new_issue(id_: str, key: str, project: Json, said: Json, now: datetime) -> Json:
    """An issue as it is made, with nothing but what every issue has and what is said."""
    beginning = {"summary": f"Issue {key}", "status": "Open", "issuetype": "Task", "components": [], "labels": []}
    told = {"project": project, "created": now.isoformat(), "updated": now.isoformat()}
    return {"id": id_, "key": key, "fields": told | fields(beginning | said, now)}


def project(key: str) -> Json:
    return {"id": f"1{sum(map(ord, key))}", "key": key, "name": key.title()}


def person(name: str) -> Json:
    number = crc32(name.encode())
    address = f"{name.lower().replace(' ', '.')}@example.com"
    told = {"accountId": f"{number:024x}", "key": f"JIRAUSER{number % 100_000}", "name": name.lower()}
    return told | {"displayName": name.title(), "emailAddress": address, "active": True, "timeZone": "Etc/UTC"}


def status(name: str) -> Json:
    category = next((key for key, names in CATEGORIES.items() if name.lower() in names), "new")
    return {"id": _id(name), "name": name, "statusCategory": {"key": category}}


def sprint(name: str) -> Json:
    return {"id": int(_id(name)), "name": name, "state": "active", "boardId": 1, "goal": ""}


def _of(name: str, value: Any) -> Any:
    match name, value:
        case "status", str():
            return status(value)
        case "assignee" | "reporter", str():
            return person(value)
        case "issuetype" | "priority" | "resolution", str():
            return {"id": _id(value), "name": value}
        case "components" | "fixVersions", list():
            return [{"id": _id(one), "name": one} if isinstance(one, str) else one for one in value]
        case "sprints", list():
            return [sprint(one) if isinstance(one, str) else one for one in value]
        case _:
            return value


def _id(name: str) -> str:
    return str(10_000 + crc32(name.encode()) % 50_000)
