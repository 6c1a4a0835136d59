"""Keeps the declared model: changes, and facts with valid and recorded time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, cast, func, insert, select, text
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.errors import Conflict, Stale
from remit.domain.facts import BODIES, Body, Fact, FactKind, Recorded
from remit.domain.history import Excerpt, Past
from remit.domain.intervals import Interval
from remit.ports import Head, Recording, Request
from remit.storage import history, outbox, requests
from remit.storage.dismissals import PostgresDismissals
from remit.storage.engine import reading, writing
from remit.storage.tables import INSTANT, change, fact

CHANGING = 0x4D6F6465  # "Mode": the advisory lock that puts changes of the model in a row
MOVED_ON = "the model has changed since this change was prepared; look at it again and repeat"

_DECODERS = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


class PostgresModels:
    """A `ModelStore` in PostgreSQL. Changes are recorded one after another, stamped by the database's clock."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.dismissals = PostgresDismissals(engine)

    async def head(self, known_at: datetime | None = None) -> Head:
        async with reading(self._engine) as connection:
            return await _head(connection, known_at)

    async def facts(self, head: Head) -> tuple[Fact[Body], ...]:
        if head.recorded_at is None:
            return ()
        believed = (
            select(fact.c.kind, fact.c.key, fact.c.valid, cast(fact.c.body, Text), change.c.actor, change.c.recorded_at)
            .join(change, change.c.id == fact.c.opened_by)
            .where(fact.c.recorded.contains(head.recorded_at))
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(believed)).all()
        return tuple(_fact(*row) for row in rows)

    async def pasts(self, asked: Collection[Excerpt]) -> Mapping[Excerpt, Past]:
        async with reading(self._engine) as connection:
            return await history.pasts(connection, asked)

    async def record(self, recording: Recording) -> Head:
        try:
            return await self._record(recording)
        except IntegrityError as refused:
            raise Conflict("two facts of this change exclude each other; nothing was recorded") from refused

    async def keep(self, request: Request, expected: Head) -> None:
        async with writing(self._engine) as connection:
            await _take_turn(connection, expected)
            if not await requests.keep(connection, request, expected):
                raise Stale(MOVED_ON)

    async def answered(self, actor: str, key: str) -> tuple[Request, Head] | None:
        async with reading(self._engine) as connection:
            return await requests.answered(connection, actor, key)

    async def _record(self, recording: Recording) -> Head:
        async with writing(self._engine) as connection:
            await _take_turn(connection, recording.expected)
            new = await _open_change(connection, recording)
            if recording.request is not None and not await requests.keep(connection, recording.request, new):
                raise Stale(MOVED_ON)
            await _close(connection, recording.closes, new)
            await _open(connection, recording.opens, new)
            await outbox.write(connection, recording, new)
            return new


async def _take_turn(connection: AsyncConnection, expected: Head) -> None:
    """Wait for other changes to end; the model must still be as expected then."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHANGING})
    if (await _head(connection, None)).id != expected.id:
        raise Stale(MOVED_ON)


async def _head(connection: AsyncConnection, known_at: datetime | None) -> Head:
    asked = (_NEWEST,) if known_at is None else (_NEWEST_BY, {"known_at": known_at})
    row = (await connection.execute(*asked)).one_or_none()
    return Head(row.id, row.digest, row.recorded_at) if row is not None else Head(0, "", None)


async def _open_change(connection: AsyncConnection, recording: Recording) -> Head:
    """A clock set back must not put a change before an earlier one: at least a microsecond after the newest."""
    last = select(func.max(change.c.recorded_at)).scalar_subquery()
    after = last + text("interval '1 microsecond'")
    row = (
        await connection.execute(
            insert(change)
            .values(
                recorded_at=func.greatest(func.clock_timestamp(), after),
                actor=recording.actor,
                reason=recording.reason,
                digest=recording.digest,
            )
            .returning(change.c.id, change.c.recorded_at)
        )
    ).one()
    return Head(row.id, recording.digest, row.recorded_at)


async def _close(connection: AsyncConnection, closes: Sequence[Fact[Body]], head: Head) -> None:
    """End beliefs, all in one statement; what is not believed any more was changed by somebody else."""
    if closes:
        columns = _columns(closes) | {"at": head.recorded_at, "change": head.id}
        if (await connection.execute(_CLOSE, columns)).rowcount != len(closes):
            raise Stale(MOVED_ON)


async def _open(connection: AsyncConnection, opens: Sequence[Fact[Body]], head: Head) -> None:
    if opens:
        bodies = [msgspec.json.encode(fact.body).decode() for fact in opens]
        columns = _columns(opens) | {"body": bodies, "at": head.recorded_at, "change": head.id}
        await connection.execute(_OPEN, columns)


def _columns(facts: Sequence[Fact[Body]]) -> dict[str, Any]:
    """What names each fact, a list per column."""
    return {
        "kind": [fact.kind.value for fact in facts],
        "key": [fact.key for fact in facts],
        "start": [fact.valid.start for fact in facts],
        "end": [fact.valid.end for fact in facts],
    }


_NEWEST = select(change.c.id, change.c.digest, change.c.recorded_at).order_by(change.c.recorded_at.desc()).limit(1)
_NEWEST_BY = _NEWEST.where(change.c.recorded_at <= bindparam("known_at", type_=INSTANT))
_NAMES = (
    bindparam("kind", type_=ARRAY(Text)),
    bindparam("key", type_=ARRAY(Text)),
    bindparam("start", type_=ARRAY(INSTANT)),
    bindparam("end", type_=ARRAY(INSTANT)),
    bindparam("at", type_=INSTANT),
    bindparam("change", type_=BigInteger),
)
_CLOSE = text("""
UPDATE fact SET recorded = tstzrange(lower(fact.recorded), :at), closed_by = :change
FROM unnest(:kind, :key, :start, :end) AS closing (kind, key, starts, ends)
WHERE fact.kind = closing.kind AND fact.key = closing.key AND fact.valid = tstzrange(closing.starts, closing.ends)
  AND upper_inf(fact.recorded)
""").bindparams(*_NAMES)
_OPEN = text("""
INSERT INTO fact (kind, key, valid, recorded, body, opened_by)
SELECT kind, key, tstzrange(starts, ends), tstzrange(:at, NULL), body::jsonb, :change
FROM unnest(:kind, :key, :start, :end, :body) AS opening (kind, key, starts, ends, body)
""").bindparams(*_NAMES, bindparam("body", type_=ARRAY(Text)))


def _fact(kind: str, key: str, valid: Range[datetime], body: str, actor: str, at: datetime) -> Fact[Body]:
    window = Interval(_bound(valid.lower), _bound(valid.upper))
    return Fact(key, _DECODERS[FactKind(kind)].decode(body), window, Recorded(actor, at))


def _bound(at: datetime | None) -> datetime | None:
    """The driver reads an infinite bound, which nothing here writes, as an instant without an offset."""
    return at if at is not None and at.tzinfo is not None else None
