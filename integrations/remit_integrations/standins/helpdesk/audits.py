"""What was done with a ticket, update by update, in the shape of Zendesk's export of ticket events."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
AUTOMATION = -1
"""Who updates a ticket when nobody does."""
FIELDS = ("status", "group_id", "assignee_id", "priority", "tags")
"""Whose changes an edit of a ticket tells."""


def audit(ticket_id: int, number: int, at: datetime, by: int, *children: Json) -> Json:
    """The update of that number of a ticket."""
    id_ = ticket_id * 1000 + number
    return {
        "id": id_,
        "ticket_id": ticket_id,
        "timestamp": int(at.timestamp()),
        "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updater_id": by,
        "via": "Web form" if by != AUTOMATION else "Automation",
        "system": {},
        "event_type": "Audit",
        "child_events": [{"id": id_ * 10 + place, **child} for place, child in enumerate(children)],
    }


def change(field: str, before: Any, after: Any, via: str = "Web form") -> Json:
    return {"via": via, "via_reference_id": None, field: after, "event_type": "Change", "previous_value": before}


def comment(*, public: bool) -> Json:
    """That there is one: what it says is told only to who asks for that."""
    return {"via": "Web form", "event_type": "Comment", "comment_present": True, "comment_public": public}


def created(requester: int | None, at: datetime, ticket_id: int) -> Json:
    """The first update, which is its requester's."""
    told = {"via": "Web form", "event_type": "Create", "status": "new"}
    return audit(ticket_id, 0, at, requester or AUTOMATION, told, comment(public=True))
