"""Tells subscribers of changes: prepares each event, signs it, sends it, and tries again for a day."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import structlog
from standardwebhooks import Webhook

from remit.domain.errors import Broken
from remit.domain.events import Delivery, Settled, Telling
from remit.ports import Deliveries, Outbox
from remit.usecases.desk import Desk
from remit.usecases.tell_changes import tell_next
from remit_integrations.event_payload import body_of
from remit_integrations.outward import NotAllowed
from remit_integrations.pausing import pause
from remit_integrations.unforeseen import outlived, unforeseen

log = structlog.get_logger()

TRIES = 8
FIRST_WAIT_S = 15.0
FACTOR = 4
"""15 s, 1 min, 4 min, 16 min, 64 min, 4 h 16 min, 17 h 4 min: seven waits between eight tries, almost 23 hours."""
JITTER = 0.2
"""By how much a wait is longer or shorter at random, so that many events do not come back at one moment."""
LONGEST_TRY_S = 40.0
"""However slowly a subscriber answers."""
LANES = 3
"""Subscribers told at a time by one worker; each holds a connection to the database meanwhile."""
LOOKS_EVERY_S = 2.0
LOST_DATABASE_S = 10.0

Client = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Runs beside the synchronisation until told to stop; the tries under way are made first."""

    desk: Desk
    outbox: Outbox
    deliveries: Deliveries
    client: Client
    stop: asyncio.Event
    every_s: float = LOOKS_EVERY_S
    chance: random.Random = field(default_factory=random.SystemRandom)

    async def run(self) -> None:
        await asyncio.gather(self._keep_on(self._prepare), *(self._keep_on(self._deliver) for _ in range(LANES)))

    async def _keep_on(self, step: Callable[[], Awaitable[bool]]) -> None:
        """Step after step while there is something to do, then rest."""
        while not self.stop.is_set():
            try:
                with outlived("telling"):
                    if await step():
                        continue
                await pause(self.stop, self.every_s)
            except Broken as trouble:
                log.warning("webhooks.wait", code=trouble.code, wait_s=LOST_DATABASE_S, trouble=trouble.message)
                await pause(self.stop, LOST_DATABASE_S)

    async def _prepare(self) -> bool:
        return await tell_next(self.desk, self.outbox)

    async def _deliver(self) -> bool:
        """One try; False when nothing is due."""
        async with self.deliveries.due() as claim:
            if claim is None:
                return False
            how = judged(claim.delivery.tries, await sent(claim.delivery, self.client, self.desk.clock()), self.chance)
            await claim.settle(how)
        _noted(claim.delivery, how)
        return True


async def sent(delivery: Delivery, client: Client, now: datetime) -> int | str:
    """The status a subscriber answered with, or why there is none, unforeseen reasons among them: one subscriber must
    not end a worker, and with it what all others are told.
    """
    answer: int | str = ""
    with unforeseen() as caught:
        answer = await _answer(delivery, client, now)
    if (error := caught.error) is not None:
        log.error("webhook.unforeseen", webhook=delivery.subscriber.name, change=delivery.event.change, exc_info=error)
        return f"sending it failed ({type(error).__name__}); the log says more"
    return answer


async def _answer(delivery: Delivery, client: Client, now: datetime) -> int | str:
    """Its words are not read: they may tell secrets."""
    body = body_of(delivery)
    signed = Webhook(delivery.subscriber.secret).sign(delivery.message, now.astimezone(UTC), body.decode())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signed,
    }
    try:
        async with (
            asyncio.timeout(LONGEST_TRY_S),
            client() as sending,
            sending.stream("POST", delivery.subscriber.url, content=body, headers=headers) as answer,
        ):
            return answer.status_code
    except TimeoutError:
        return f"no answer within {LONGEST_TRY_S:g} s"
    except NotAllowed as refused:
        return f"{refused}; REMIT_WEBHOOKS_ALLOW_PRIVATE=true allows it"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        return f"it cannot be reached ({type(error).__name__})"


def judged(tries: int, answer: int | str, chance: random.Random) -> Settled:
    """What a try comes to, when there were that many before it."""
    if isinstance(answer, int) and 200 <= answer < 300:
        return Settled(Telling.DELIVERED)
    trouble = f"it answered {answer}" if isinstance(answer, int) else answer
    if answer == httpx.codes.GONE:
        return Settled(Telling.STOPPED, trouble)
    if tries + 1 >= TRIES:
        return Settled(Telling.PARKED, trouble)
    return Settled(Telling.AGAIN, trouble, FIRST_WAIT_S * FACTOR**tries * chance.uniform(1 - JITTER, 1 + JITTER))


def _noted(delivery: Delivery, how: Settled) -> None:
    name, change, attempt = delivery.subscriber.name, delivery.event.change, delivery.tries + 1
    match how.telling:
        case Telling.DELIVERED:
            log.info("webhook.delivered", webhook=name, change=change, attempt=attempt)
        case Telling.AGAIN:
            log.warning(
                "webhook.failed",
                webhook=name,
                change=change,
                attempt=attempt,
                trouble=how.trouble,
                wait_s=round(how.wait_s),
            )
        case Telling.PARKED:
            log.warning("webhook.parked", webhook=name, change=change, attempt=attempt, trouble=how.trouble)
        case Telling.STOPPED:
            log.warning("webhook.stopped", webhook=name, change=change, attempt=attempt)
