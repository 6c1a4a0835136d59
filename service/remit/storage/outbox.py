"""Keeps an event for every change: its rows with the change itself, what it comes to and whom it concerns after it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Row, Text, bindparam, cast, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.events import ChangeEvent, Shift, Touched, rows_touched
from remit.ports import Head, Recording
from remit.storage.engine import reading, writing
from remit.storage.tables import change, outbox

shifts_of = msgspec.json.Decoder(tuple[Shift, ...]).decode
_rows_of = msgspec.json.Decoder(tuple[Touched, ...]).decode

EVENT = (change.c.id, change.c.recorded_at, change.c.actor, change.c.reason, cast(outbox.c.rows, Text).label("rows"))
"""The columns an event is made of."""


async def write(connection: AsyncConnection, recording: Recording, head: Head) -> None:
    """The event of a change, in the change's own transaction."""
    rows = msgspec.json.encode(rows_touched(recording.closes, recording.opens)).decode()
    await connection.execute(_WRITE, {"change": head.id, "rows": rows})


def event_of(row: Row[Any]) -> ChangeEvent:
    return ChangeEvent(row.id, row.recorded_at, row.actor, row.reason, _rows_of(row.rows))


class PostgresOutbox:
    """An `Outbox` in PostgreSQL. Changes are recorded one after another, and so are their events."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def untold(self) -> ChangeEvent | None:
        oldest = (
            select(*EVENT)
            .join(outbox, outbox.c.change == change.c.id)
            .where(outbox.c.told_at.is_(None))
            .order_by(outbox.c.change)
            .limit(1)
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(oldest)).one_or_none()
        return event_of(row) if row is not None else None

    async def newest(self) -> int:
        asked = select(outbox.c.change).where(outbox.c.told_at.is_not(None)).order_by(outbox.c.change.desc()).limit(1)
        async with reading(self._engine) as connection:
            return (await connection.execute(asked)).scalar_one_or_none() or 0

    async def told_after(self, change_id: int, most: int) -> Sequence[tuple[ChangeEvent, tuple[Shift, ...]]]:
        asked = (
            select(*EVENT, cast(outbox.c.shifts, Text).label("shifts"))
            .join(outbox, outbox.c.change == change.c.id)
            .where(outbox.c.change > change_id, outbox.c.told_at.is_not(None))
            .order_by(outbox.c.change)
            .limit(most)
        )
        async with reading(self._engine) as connection:
            return [(event_of(row), shifts_of(row.shifts)) for row in await connection.execute(asked)]

    async def tell(self, change: int, shifts: Sequence[Shift]) -> None:
        areas = sorted({area for shift in shifts for area in shift.within})
        told = {"change": change, "shifts": msgspec.json.encode(shifts).decode(), "areas": areas}
        async with writing(self._engine) as connection:
            if (await connection.execute(_TELL, told)).rowcount:
                await connection.execute(_QUEUE, {"change": change})


_WRITE = text("INSERT INTO outbox (change, rows) VALUES (:change, CAST(:rows AS jsonb))")
_TELL = text("""
UPDATE outbox SET shifts = CAST(:shifts AS jsonb), areas = :areas, told_at = clock_timestamp()
WHERE change = :change AND told_at IS NULL
""").bindparams(bindparam("areas", type_=ARRAY(Text)))
_QUEUE = text("""
INSERT INTO webhook_delivery (webhook, change)
SELECT webhook.name, outbox.change
FROM outbox JOIN change ON change.id = outbox.change JOIN webhook ON webhook.created_at <= change.recorded_at
WHERE outbox.change = :change AND webhook.active AND (webhook.area IS NULL OR webhook.area = ANY (outbox.areas))
""")
