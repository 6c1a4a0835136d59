"""Keeps the declared model: changes, and facts with valid and recorded time."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Text, bindparam, cast, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.errors import Stale
from remit.domain.facts import BODIES, Body, Fact, FactKind, Recorded
from remit.domain.intervals import Interval
from remit.ports import Head, Recording
from remit.storage.engine import reading, writing
from remit.storage.tables import change, fact

CHANGING = 0x4D6F6465  # "Mode": the advisory lock that puts changes of the model in a row

_DECODERS = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


class PostgresModels:
    """A `ModelStore` in PostgreSQL. Changes are recorded one after another, stamped by the database's clock."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

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

    async def record(self, recording: Recording) -> Head:
        async with writing(self._engine) as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHANGING})
            head = await _head(connection, None)
            if head.id != recording.expected.id:
                raise Stale("the model has changed since this change was prepared; look at it again and repeat")
            new = await _open_change(connection, recording)
            await _close(connection, recording.closes, new)
            await _open(connection, recording.opens, new)
            return new


async def _head(connection: AsyncConnection, known_at: datetime | None) -> Head:
    newest = select(change.c.id, change.c.digest, change.c.recorded_at).order_by(change.c.recorded_at.desc()).limit(1)
    if known_at is not None:
        newest = newest.where(change.c.recorded_at <= known_at)
    row = (await connection.execute(newest)).one_or_none()
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


async def _close(connection: AsyncConnection, closes: Iterable[Fact[Body]], head: Head) -> None:
    rows = [{"a_kind": f.kind.value, "a_key": f.key, "a_valid": _range(f.valid)} for f in closes]
    if not rows:
        return
    closing = (
        update(fact)
        .where(fact.c.kind == bindparam("a_kind"), fact.c.key == bindparam("a_key"))
        .where(fact.c.valid == bindparam("a_valid"), func.upper_inf(fact.c.recorded))
        .values(recorded=func.tstzrange(func.lower(fact.c.recorded), head.recorded_at), closed_by=head.id)
    )
    await connection.execute(closing, rows)


async def _open(connection: AsyncConnection, opens: Iterable[Fact[Body]], head: Head) -> None:
    recorded = Range(head.recorded_at, None)
    rows = [
        {
            "kind": f.kind.value,
            "key": f.key,
            "valid": _range(f.valid),
            "recorded": recorded,
            "body": msgspec.to_builtins(f.body),
            "opened_by": head.id,
        }
        for f in opens
    ]
    if rows:
        await connection.execute(insert(fact), rows)


def _fact(kind: str, key: str, valid: Range[datetime], body: str, actor: str, at: datetime) -> Fact[Body]:
    return Fact(key, _DECODERS[FactKind(kind)].decode(body), Interval(valid.lower, valid.upper), Recorded(actor, at))


def _range(interval: Interval) -> Range[datetime]:
    return Range(interval.start, interval.end)
