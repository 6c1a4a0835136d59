"""Subscribers of changes: who is told, where and about what. A secret is shown once, and kept as it signs."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Conflict, NotFound
from remit.storage.engine import reading, writing
from remit.storage.tables import INSTANT, webhook, webhook_delivery

PREFIX = "whsec_"
"""By which Standard Webhooks marks a secret; 24 to 64 random bytes in base64 follow."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is shown of a subscriber, with how many events wait for it, and how many were given up."""

    name: str
    url: str
    area: str | None
    active: bool
    created_at: datetime
    waiting: int
    parked: int


async def add(engine: AsyncEngine, name: str, url: str, area: str | None) -> str:
    """A new subscriber's secret, told this once; raises Conflict while there is one of that name."""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        async with writing(engine) as connection:
            await connection.execute(insert(webhook).values(name=name, url=url, secret=secret, area=area))
    except IntegrityError as taken:
        raise Conflict(f"there is a webhook named {name!r}; choose another name, or remove it first") from taken
    return secret


async def listed(engine: AsyncEngine) -> Sequence[Webhook]:
    waiting = func.count(webhook_delivery.c.change).filter(webhook_delivery.c.due_at.is_not(None))
    parked = func.count(webhook_delivery.c.change).filter(
        webhook_delivery.c.due_at.is_(None), webhook_delivery.c.delivered_at.is_(None)
    )
    shown = (
        select(webhook.c.name, webhook.c.url, webhook.c.area, webhook.c.active, webhook.c.created_at, waiting, parked)
        .join(webhook_delivery, webhook_delivery.c.webhook == webhook.c.name, isouter=True)
        .group_by(webhook.c.name)
        .order_by(webhook.c.name)
    )
    async with reading(engine) as connection:
        return [Webhook(*row) for row in await connection.execute(shown)]


async def remove(engine: AsyncEngine, name: str) -> None:
    """Forget a subscriber, its secret and what it was to be told; raises NotFound when there is none of that name."""
    async with writing(engine) as connection:
        if (await connection.execute(delete(webhook).where(webhook.c.name == name))).rowcount == 0:
            raise _no_such(name)


async def replay(engine: AsyncEngine, name: str | None = None, since: datetime | None = None) -> int:
    """Let a subscriber, or every active one, be told again; returns how many events are to be sent.

    With `since`: everything recorded from then on, accepted or not, even from before the subscriber was there. Without
    it: what was not accepted yet. A message keeps its id. One that had stopped is active again when it is named; raises
    NotFound when there is none of that name.
    """
    async with writing(engine) as connection:
        if name is not None:
            started = update(webhook).where(webhook.c.name == name).values(active=True)
            if (await connection.execute(started)).rowcount == 0:
                raise _no_such(name)
        again = _AGAIN if since is None else _SINCE
        told = {"name": name} if since is None else {"name": name, "since": since}
        return (await connection.execute(again, told)).rowcount


def _no_such(name: str) -> NotFound:
    return NotFound(f"there is no webhook named {name!r}; see `remit webhook list`")


_NAME = bindparam("name", type_=Text)
_AGAIN = text("""
UPDATE webhook_delivery SET due_at = clock_timestamp(), tries = 0
FROM webhook
WHERE webhook.name = webhook_delivery.webhook AND webhook.active AND delivered_at IS NULL
  AND webhook.name = coalesce(:name, webhook.name)
""").bindparams(_NAME)
_SINCE = text("""
INSERT INTO webhook_delivery (webhook, change)
SELECT webhook.name, outbox.change
FROM webhook CROSS JOIN outbox JOIN change ON change.id = outbox.change
WHERE change.recorded_at >= :since AND outbox.told_at IS NOT NULL
  AND webhook.active AND webhook.name = coalesce(:name, webhook.name)
  AND (webhook.area IS NULL OR webhook.area = ANY (outbox.areas))
ON CONFLICT (webhook, change) DO UPDATE SET due_at = clock_timestamp(), tries = 0, delivered_at = NULL, trouble = NULL
""").bindparams(_NAME, bindparam("since", type_=INSTANT))
