"""Deliveries of the sources in PostgreSQL: kept once, handed out to one worker per source at a time."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, delete, literal_column, null, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.arrivals import Arrival, Hint, Waiting
from remit.domain.ids import SourceName
from remit.ports import Aside
from remit.storage.engine import reading, writing
from remit.storage.leases import APPLYING, PostgresLeases
from remit.storage.tables import inbox, parked

NOW: ColumnElement[datetime] = literal_column("clock_timestamp()")
PUT_WITHIN_S = 15.0
"""Before the sender gives up waiting; what is told to have failed is sent again."""


class PostgresInbox:
    """`Inbox` in PostgreSQL. What is handed out is held by a lease and not by a transaction, which may last long."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._leases = PostgresLeases(engine, APPLYING)

    async def put(self, arrivals: Sequence[Arrival]) -> int:
        if not arrivals:
            return 0
        rows = sorted(map(_row, arrivals), key=itemgetter("source", "id"))  # two writers never wait in a ring
        async with writing(self._engine, within_s=PUT_WITHIN_S) as connection:
            return len((await connection.execute(_PUT, rows)).all())

    @asynccontextmanager
    async def due(self, source: SourceName, most: int) -> AsyncIterator["PostgresBatch"]:
        nothing = PostgresBatch(self._engine, source, ())
        if not await self._due(source, 1):  # a lease costs more than this question, which is asked every second
            yield nothing
            return
        async with self._leases.lease(source) as free:
            yield PostgresBatch(self._engine, source, await self._due(source, most)) if free else nothing

    async def _due(self, source: SourceName, most: int) -> tuple[Waiting, ...]:
        asked = _WAITING.where(inbox.c.source == source, inbox.c.due_at <= NOW).order_by(inbox.c.due_at).limit(most)
        async with reading(self._engine) as connection:
            return tuple(_waiting(row) for row in await connection.execute(asked))

    async def asides(self) -> Sequence[Aside]:
        asked = _WAITING.where(inbox.c.due_at.is_(None), inbox.c.done_at.is_(None))
        async with reading(self._engine) as connection:
            rows = await connection.execute(asked.order_by(inbox.c.received_at, inbox.c.id))
            return [Aside(SourceName(row.source), _waiting(row), row.reason or "") for row in rows]

    async def settled(self, source: SourceName, ids: Collection[str]) -> None:
        await PostgresBatch(self._engine, source, ()).applied(ids)

    async def sweep(self, before: datetime) -> int:
        async with writing(self._engine) as connection:
            return (await connection.execute(delete(inbox).where(inbox.c.done_at < before))).rowcount


@dataclass(frozen=True, slots=True)
class PostgresBatch:
    engine: AsyncEngine
    source: SourceName
    waiting: tuple[Waiting, ...]

    async def applied(self, ids: Collection[str]) -> None:
        await self._write(_APPLIED, ids)

    async def again(self, ids: Collection[str], reason: str, wait_s: float) -> None:
        await self._write(_AGAIN, ids, reason=reason, wait=wait_s)

    async def aside(self, ids: Collection[str], reason: str) -> None:
        await self._write(_ASIDE, ids, reason=reason)

    async def _write(self, statement: Any, ids: Collection[str], **told: object) -> None:
        if ids:
            async with writing(self.engine) as connection:
                await connection.execute(statement, {"source": self.source, "ids": sorted(ids), **told})


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery, or a record that could not be read, that waits for a person. `event` is None for a record."""

    source: SourceName
    id: str
    event: str | None
    reason: str
    since: datetime


async def parked_now(engine: AsyncEngine) -> Sequence[Parked]:
    """Everything that waits for a person, oldest first."""
    deliveries = select(inbox.c.source, inbox.c.id, inbox.c.event, inbox.c.reason, inbox.c.received_at.label("since"))
    records = select(parked.c.source, parked.c.id, null().label("event"), parked.c.reason, parked.c.at)
    aside = deliveries.where(inbox.c.due_at.is_(None), inbox.c.done_at.is_(None)).union_all(records).subquery()
    async with reading(engine) as connection:
        rows = await connection.execute(select(aside).order_by(aside.c.since, aside.c.source, aside.c.id))
        return [Parked(SourceName(row.source), row.id, row.event, row.reason or "", row.since) for row in rows]


async def discard_parked(engine: AsyncEngine, chosen: Sequence[Parked]) -> None:
    """Records are forgotten, and deliveries are done with: they leave with the others. One that is tried again at this
    moment stays.
    """
    async with writing(engine) as connection:
        for one in chosen:
            statement = _FORGET if one.event is None else _GIVE_UP
            await connection.execute(statement, {"source": one.source, "id": one.id})


def _row(arrival: Arrival) -> dict[str, Any]:
    hint = arrival.hint
    return {
        "source": arrival.source,
        "id": arrival.id,
        "event": hint.event,
        "concerns": list(hint.concerns),
        "deleted": list(hint.deleted),
        "renames": hint.renames,
        "at": hint.at,
        "body": arrival.body,
    }


def _waiting(row: Any) -> Waiting:
    hint = Hint(row.event, tuple(row.concerns), tuple(row.deleted), row.renames, row.at)
    return Waiting(row.id, hint, row.tries, row.received_at)


_PUT = insert(inbox).values(tries=0, received_at=NOW, due_at=NOW).on_conflict_do_nothing().returning(inbox.c.id)
# Without the bodies, which may be large: what they told is beside them.
_WAITING = select(
    inbox.c.source,
    inbox.c.id,
    inbox.c.event,
    inbox.c.concerns,
    inbox.c.deleted,
    inbox.c.renames,
    inbox.c.at,
    inbox.c.tries,
    inbox.c.received_at,
    inbox.c.reason,
)
_IDS = bindparam("ids", type_=ARRAY(Text))
_APPLIED = text("""
UPDATE inbox SET done_at = clock_timestamp(), due_at = NULL, reason = NULL
WHERE source = :source AND id = ANY (:ids) AND done_at IS NULL
""").bindparams(_IDS)
_AGAIN = text("""
UPDATE inbox SET tries = tries + 1, reason = :reason, due_at = clock_timestamp() + make_interval(secs => :wait)
WHERE source = :source AND id = ANY (:ids) AND done_at IS NULL
""").bindparams(_IDS)
_ASIDE = text("""
UPDATE inbox SET due_at = NULL, reason = :reason WHERE source = :source AND id = ANY (:ids) AND done_at IS NULL
""").bindparams(_IDS)
_FORGET = text("DELETE FROM parked WHERE source = :source AND id = :id")
_GIVE_UP = text("""
UPDATE inbox SET done_at = clock_timestamp()
WHERE source = :source AND id = :id AND done_at IS NULL AND due_at IS NULL
""")
