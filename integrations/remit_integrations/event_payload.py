"""What a subscriber is sent of a change: JSON in the words of the graph, the same in every try; see docs/events.md."""

from collections.abc import Mapping
from typing import Any

import orjson

from remit.domain.differences import CellState
from remit.domain.events import ChangeEvent, Delivery, Shift, Touched
from remit.domain.intervals import Interval, instant_text
from remit.domain.people import OwnerRef

MOST_CELLS = 1000
"""Listed in one event, some 400 kB; `cellCount` tells all of them."""
OWNERSHIP_CHANGED = "ownership.changed"
MODEL_CHANGED = "model.changed"

Shape = Mapping[str, Any]


def body_of(delivery: Delivery) -> bytes:
    """The body of the request: of a subscriber to an area, the cells in that area and below it alone."""
    area = delivery.subscriber.area
    shifts = tuple(shift for shift in delivery.shifts if area is None or area in shift.within)
    return orjson.dumps(payload(delivery.event, shifts))


def payload(event: ChangeEvent, shifts: tuple[Shift, ...]) -> Shape:
    return {
        "type": OWNERSHIP_CHANGED if shifts else MODEL_CHANGED,
        "timestamp": instant_text(event.recorded_at),
        "data": {
            "change": {
                "id": event.change,
                "recordedAt": instant_text(event.recorded_at),
                "actor": event.actor,
                "reason": event.reason,
                "rows": [_row(row) for row in event.rows[:MOST_CELLS]],
                "rowCount": len(event.rows),
            },
            "cells": [_cell(shift) for shift in shifts[:MOST_CELLS]],
            "cellCount": len(shifts),
        },
    }


def _row(row: Touched) -> Shape:
    return {
        "kind": row.kind.value.upper(),
        "key": row.key,
        "closed": [_window(window) for window in row.closed],
        "opened": [_window(window) for window in row.opened],
    }


def _window(window: Interval) -> Shape:
    return {
        "from": instant_text(window.start) if window.start is not None else None,
        "to": instant_text(window.end) if window.end is not None else None,
    }


def _cell(shift: Shift) -> Shape:
    return {
        "area": shift.area,
        "responsibility": shift.responsibility,
        "within": list(shift.within),
        "lost": _owner(shift.lost),
        "gained": _owner(shift.gained),
        "before": _state(shift.before),
        "after": _state(shift.after),
        "informed": [_owner(owner) for owner in shift.informed],
    }


def _state(state: CellState | None) -> Shape | None:
    if state is None:
        return None
    return {"outcome": state.outcome.value, "lead": state.lead, "accountable": _owner(state.accountable)}


def _owner(owner: OwnerRef | None) -> Shape | None:
    return {"kind": owner.kind.value, "key": owner.key} if owner is not None else None
