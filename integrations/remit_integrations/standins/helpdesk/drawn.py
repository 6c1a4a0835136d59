"""Tickets drawn by chance, in the shape that Zendesk documents. Nobody real wrote or answers any of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from remit_integrations.standins.helpdesk.audits import AUTOMATION, Json, audit, change, comment, created
from remit_integrations.standins.helpdesk.desk import stamp

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
    came = until - timedelta(minutes=5) - timedelta(days=DAYS) * chance.random() ** 2
    reach = _reach(chance, until - came)
    metrics = _metrics(chance, came, until, reach)
    last = max((at for at in metrics.values() if isinstance(at, datetime)), default=came)
    topic = chance.choice(list(TOPICS))
    about, complaint = chance.choice(TOPICS[topic]), chance.random() < 0.7
    subject = f"{about[0].upper()}{about[1:]} {chance.choice(PROBLEMS if complaint else WISHES)}"
    group, name = chance.choice(GROUPS)
    ticket = {
        "id": id_,
        "external_id": None,
        "via": {"channel": chance.choice(("web", "email", "api"))},
        "created_at": stamp(came),
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
    return ticket | {"audits": _audits(ticket, came, metrics, last)}


def _audits(ticket: Json, came: datetime, metrics: Json, last: datetime) -> list[Json]:
    """What its agent did with it on its way, and an automation at its end."""
    id_, agent, reach = ticket["id"], ticket["assignee_id"], ticket["status"]
    told = [created(ticket["requester_id"], came, id_)]
    if reach == "new":
        return told
    at = metrics["initially_assigned_at"]
    told.append(audit(id_, 1, at, agent, change("assignee_id", None, agent), change("status", "new", "open")))
    if reach == "hold":
        told.append(audit(id_, 2, last, agent, change("status", "open", "hold"), comment(public=False)))
    if reach in ANSWERED:
        replied = came + timedelta(minutes=metrics["reply_time_in_minutes"]["calendar"])
        told.append(audit(id_, 3, replied, agent, comment(public=True), change("status", "open", "pending")))
    if metrics["solved_at"] is not None:
        told.append(audit(id_, 4, metrics["solved_at"], agent, change("status", "pending", "solved")))
    if reach == "closed":
        told.append(audit(id_, 5, last, AUTOMATION, change("status", "solved", "closed", via="Automation")))
    return told


def _reach(chance: Random, age: timedelta) -> str:
    """The older, the further; some are left lying about for ever."""
    if chance.random() < 0.08:
        return "new"
    furthest = 1 if age < timedelta(hours=4) else 4 if age < timedelta(days=6) else len(REACHES)
    return chance.choice(REACHES[max(0, furthest - 4) : furthest])


def _metrics(chance: Random, came: datetime, until: datetime, reach: str) -> dict[str, Any]:
    """When it was first assigned, first answered and solved, as far as it has come and not later than now."""
    room = until - came
    told: dict[str, Any] = {"reopens": 0, "initially_assigned_at": None, "solved_at": None}
    if reach == "new":
        return told | {"reply_time_in_minutes": {"calendar": None, "business": None}}
    assigned = room * 0.4 * chance.random() ** 3
    told["initially_assigned_at"] = came + assigned
    answered = int((assigned + room * 0.3 * chance.random() ** 2).total_seconds() // 60)
    minutes = answered if reach in ANSWERED else None
    if reach in ("solved", "closed"):
        told["solved_at"] = came + timedelta(minutes=answered) + room * 0.3 * chance.random()
    return told | {"reply_time_in_minutes": {"calendar": minutes, "business": minutes}}
