"""Histories as JSON, shaped like the GraphQL types."""

from typing import Any

from remit.domain.intervals import Interval, instant_text
from remit.usecases.ask_history import Change, Difference, History

Json = dict[str, Any]


def connection(found: History, after: str | None) -> Json:
    """A page as the GraphQL type `ChangeConnection`."""
    cursors = [change.cursor for change in found.changes]
    return {
        "edges": [{"cursor": one.cursor, "node": change(one)} for one in found.changes],
        "pageInfo": {
            "hasNextPage": found.more,
            "hasPreviousPage": after is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "totalCount": found.total,
    }


def change(told: Change) -> Json:
    return {
        "kind": told.kind.name,
        "key": told.key,
        "action": told.action.name,
        "recordedAt": instant_text(told.recorded_at),
        "actor": told.actor,
        "reason": told.reason,
        "before": [valid_time(valid) for valid in told.before],
        "after": [valid_time(valid) for valid in told.after],
        "differences": [difference(one) for one in told.differences],
        "message": told.message,
    }


def difference(told: Difference) -> Json:
    return {"field": told.field, "before": told.before, "after": told.after, "valid": valid_time(told.valid)}


def valid_time(valid: Interval) -> Json:
    return {
        "from": instant_text(valid.start) if valid.start is not None else None,
        "to": instant_text(valid.end) if valid.end is not None else None,
    }
