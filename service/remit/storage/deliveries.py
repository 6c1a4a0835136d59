"""What each subscriber is still to be told, handed out one at a time to any number of workers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Text, cast, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.events import Delivery, Settled, Subscriber, Telling
from remit.domain.ids import AreaKey
from remit.storage.engine import writing
from remit.storage.outbox import EVENT, event_of, shifts_of
from remit.storage.tables import change, outbox, webhook_delivery


class PostgresDeliveries:
    """`Deliveries` in PostgreSQL. A try is a transaction, so that one whose process dies has never been."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def due(self) -> AsyncIterator["PostgresClaim | None"]:
        async with writing(self._engine) as connection:
            subscriber = await _subscriber(connection)
            if subscriber is not None:
                await connection.execute(_FOR_A_WHILE)
            # Asked once the subscriber is held: another worker may just have told this very event.
            delivery = await _oldest(connection, subscriber) if subscriber is not None else None
            yield PostgresClaim(connection, delivery) if delivery is not None else None


@dataclass(frozen=True, slots=True)
class PostgresClaim:
    connection: AsyncConnection
    delivery: Delivery

    async def settle(self, how: Settled) -> None:
        name, told = self.delivery.subscriber.name, how.telling
        values = {"webhook": name, "change": self.delivery.event.change, "trouble": how.trouble, "wait": how.wait_s}
        await self.connection.execute(_SETTLE, {**values, "telling": told.value})
        if told is Telling.STOPPED:
            await self.connection.execute(_STOP, {"webhook": name})


async def _subscriber(connection: AsyncConnection) -> Subscriber | None:
    row = (await connection.execute(_CLAIM)).one_or_none()
    if row is None:
        return None
    return Subscriber(row.name, row.url, row.secret, AreaKey(row.area) if row.area is not None else None)


async def _oldest(connection: AsyncConnection, subscriber: Subscriber) -> Delivery | None:
    pending = webhook_delivery
    oldest = (
        select(
            *EVENT,
            cast(outbox.c.shifts, Text).label("shifts"),
            pending.c.message,
            pending.c.tries,
            (pending.c.due_at <= text("clock_timestamp()")).label("is_due"),
        )
        .join(outbox, outbox.c.change == change.c.id)
        .join(pending, pending.c.change == change.c.id)
        .where(pending.c.webhook == subscriber.name, pending.c.due_at.is_not(None))
        .order_by(pending.c.change)
        .limit(1)
    )
    row = (await connection.execute(oldest)).one_or_none()
    if row is None or not row.is_due:
        return None
    return Delivery(subscriber, f"msg_{row.message.hex}", row.tries, event_of(row), shifts_of(row.shifts))


# A machine that vanishes with its worker leaves a session behind, which would hold the subscriber for hours.
_FOR_A_WHILE = text("SET LOCAL idle_in_transaction_session_timeout = '2min'")
# A lock that lets new deliveries be queued meanwhile, whose foreign key holds the subscriber's name only.
_CLAIM = text("""
SELECT name, url, secret, area FROM webhook
CROSS JOIN LATERAL (
  SELECT due_at FROM webhook_delivery
  WHERE webhook_delivery.webhook = webhook.name AND due_at IS NOT NULL ORDER BY change LIMIT 1
) AS oldest
WHERE active AND oldest.due_at <= clock_timestamp()
ORDER BY oldest.due_at LIMIT 1
FOR NO KEY UPDATE OF webhook SKIP LOCKED
""")
_SETTLE = text("""
UPDATE webhook_delivery SET
  tries = tries + 1,
  trouble = CAST(:trouble AS text),
  delivered_at = CASE WHEN :telling = 'delivered' THEN clock_timestamp() END,
  due_at = CASE WHEN :telling = 'again' THEN clock_timestamp() + make_interval(secs => :wait) END
WHERE webhook = :webhook AND change = :change
""")
_STOP = text("UPDATE webhook SET active = false WHERE name = :webhook")
