"""Tickets drawn by chance, in the shape that Zendesk documents. Nobody real wrote or answers any of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from remit_integrations.standins.helpdesk.desk import Json, stamp

GROUPS = ((7001, "Support"), (7002, "Product feedback"), (7003, "Escalations"))
TOPICS = {
    "markup": ("the XML compiler", "a view with two namespaces", "an included view"),
    "runtime": ("the start of the app", "an event handler", "a controller that is opened twice"),
    "tooling": ("the command line", "a project with spaces in its path", "the build after an upgrade"),
    "models": ("a model with a migration", "a collection that is sorted", "the SQLite adapter"),
    "styling": ("a theme", "a style of one platform only", "a font size"),
    "docs": ("the guide for widgets", "the samples", "the list of changes"),
}
"""What tickets are about, by tag."""
PROBLEMS = ("fails without a message", "is slow", "does what it should only once", "is not what the guide says")
WISHES = ("could be shorter", "should be an option", "would help us", "is needed on every platform")
SEGMENTS = ("free", "team", "enterprise")
SEGMENT_FIELD = 360001
DAYS = 200
REACHES = ("new", "open", "hold", "pending", "solved", "closed")
"""How far a ticket may have come."""
ANSWERED = ("pending", "solved", "closed")


def drawn(chance: Random, count: int, until: datetime) -> Iterator[Json]:
    """So many tickets of the months before an instant, more of late, with what became of each."""
    for number in range(1, count + 1):
        yield _ticket(chance, 35_000 + number, until)


def _ticket(chance: Random, id_: int, until: datetime) -> Json:
    created = until - timedelta(minutes=5) - timedelta(days=DAYS) * chance.random() ** 2
    reach = _reach(chance, until - created)
    metrics = _metrics(chance, created, until, reach)
    last = max((at for at in metrics.values() if isinstance(at, datetime)), default=created)
    topic = chance.choice(list(TOPICS))
    about, complaint = chance.choice(TOPICS[topic]), chance.random() < 0.7
    subject = f"{about[0].upper()}{about[1:]} {chance.choice(PROBLEMS if complaint else WISHES)}"
    group, name = chance.choice(GROUPS)
    return {
        "id": id_,
        "external_id": None,
        "via": {"channel": chance.choice(("web", "email", "api"))},
        "created_at": stamp(created),
        "updated_at": stamp(last),
        "type": "problem" if complaint else "question",
        "subject": subject,
        "raw_subject": subject,
        "description": f"{subject}. We use it every day.",
        "priority": chance.choice(("low", "normal", "normal", "high")),
        "status": reach,
        "requester_id": 500_000 + chance.randrange(900),
        "assignee_id": None if reach == "new" else 900 + chance.randrange(4),
        "group_id": group,
        "tags": sorted({topic, "defect" if complaint else "wish"}),
        "custom_fields": [{"id": SEGMENT_FIELD, "value": chance.choice(SEGMENTS)}],
        "brand_id": 8001,
        "group": {"id": group, "name": name},
        "metric_set": {key: stamp(told) if isinstance(told, datetime) else told for key, told in metrics.items()},
    }


def _reach(chance: Random, age: timedelta) -> str:
    """The older, the further; some are left lying about for ever."""
    if chance.random() < 0.08:
        return "new"
    furthest = 1 if age < timedelta(hours=4) else 4 if age < timedelta(days=6) else len(REACHES)
    return chance.choice(REACHES[max(0, furthest - 4) : furthest])


def _metrics(chance: Random, created: datetime, until: datetime, reach: str) -> dict[str, Any]:
    """When it was first assigned, first answered and solved, as far as it has come and not later than now."""
    room = until - created
    told: dict[str, Any] = {"reopens": 0, "initially_assigned_at": None, "solved_at": None}
    if reach == "new":
        return told | {"reply_time_in_minutes": {"calendar": None, "business": None}}
    assigned = room * 0.4 * chance.random() ** 3
    told["initially_assigned_at"] = created + assigned
    answered = int((assigned + room * 0.3 * chance.random() ** 2).total_seconds() // 60)
    minutes = answered if reach in ANSWERED else None
    if reach in ("solved", "closed"):
        told["solved_at"] = created + timedelta(minutes=answered) + room * 0.3 * chance.random()
    return told | {"reply_time_in_minutes": {"calendar": minutes, "business": minutes}}
