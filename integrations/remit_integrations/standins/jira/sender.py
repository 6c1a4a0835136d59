"""Sends a site's webhooks: at least once, in any order, again when they fail, with a ledger of what became of each."""

import asyncio
import ssl
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx

from remit_integrations.standins.jira.deliveries import body
from remit_integrations.standins.jira.happenings import Happening
from remit_integrations.standins.jira.jql import parse
from remit_integrations.standins.jira.proofs import bearer, signature
from remit_integrations.standins.jira.registered import Registered
from remit_integrations.standins.jira.rows import row
from remit_integrations.standins.jira.site import Site

DELIVERED = (200, 204)
AGAIN_ON = frozenset({408, 409, 425, 429, *range(500, 600)})
"""Any other status loses the delivery."""
TRIES = 6
"""The first, and five more."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(minutes=15)
"""Between two tries, by the site's clock."""
PATIENCE_S = 20.0
PRIMARY_WITHIN = timedelta(seconds=30)
NO_ANSWER = 0
"""In the ledger: the connection failed, or no answer came in time."""


@dataclass(slots=True)
class Sent:
    """A delivery and what became of it: the status of every answer, `dropped` when it was lost before it was sent."""

    id: str
    event: str
    url: str
    body: bytes
    at: datetime
    due: datetime
    by_app: bool = False
    statuses: list[int] = field(default_factory=list)
    dropped: bool = False

    @property
    def acknowledged(self) -> bool:
        return any(status in DELIVERED for status in self.statuses)

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        if self.dropped or self.acknowledged or len(self.statuses) >= TRIES:
            return False
        return not self.statuses or self.statuses[-1] == NO_ANSWER or self.statuses[-1] in AGAIN_ON


@dataclass(slots=True)
class Sender:
    """Listens to a site from the moment it is made, and sends when it is told to.

    `url` and `secret` are those of a webhook that an administrator has made; None where there is only an app's. What
    is to go wrong on the way is chosen by `chance`: of each delivery, `drops` is how likely it is lost, `twice` how
    likely it comes two times, `late` how likely it stays behind for a later round.
    """

    site: Site
    url: str | None = None
    secret: str | None = None
    client_id: str = "stand-in-app"
    client_secret: str = "stand-in-app-secret-of-a-fitting-length"
    chance: Random = field(default_factory=Random)
    at_once: int = 8
    ledger: dict[str, Sent] = field(default_factory=dict)
    _no_authorities: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    """Plain HTTP on loopback needs none, and reading them takes longer than many deliveries do."""

    def __post_init__(self) -> None:
        self.site.listeners.append(self.hear)

    def hear(self, happening: Happening) -> None:
        """Queue what a happening is told with."""
        if self.url is not None:
            self._queue(happening, self.url)
        matched: dict[str, tuple[int, ...]] = {}
        for one in self.site.registrations.values():
            if _wants(self.site, one, happening):
                matched[one.url] = (*matched.get(one.url, ()), one.id)
        for url, ids in matched.items():
            self._queue(happening, url, ids)

    @property
    def waiting(self) -> list[Sent]:
        return [one for one in self.ledger.values() if one.waits]

    async def deliver(
        self, *, shuffled: bool = False, drops: float = 0.0, twice: float = 0.0, late: float = 0.0
    ) -> None:
        """One round of what is due, many at once but in order unless `shuffled`."""
        now = self.site.clock()
        round_: list[Sent] = []
        for one in self.waiting:
            if not one.statuses and self.chance.random() < drops:
                one.dropped = True
            elif one.due <= now and self.chance.random() >= late:
                round_ += [one, one] if self.chance.random() < twice else [one]
        if shuffled:
            self.chance.shuffle(round_)
        await self._send_all(round_, now)

    async def deliver_all(self, *, pause_s: float = 0.05, until: Callable[[], bool] = lambda: False) -> None:
        """Round after round, without the waits between tries, until nothing waits or `until` says so."""
        while (left := self.waiting) and not until():
            await self._send_all(left, self.site.clock())
            if self.waiting:
                await asyncio.sleep(pause_s)

    def _queue(self, happening: Happening, url: str, matched: tuple[int, ...] = ()) -> None:
        told = body(self.site, happening, self.site_url, matched=matched)
        id_ = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        at = happening.at
        self.ledger[id_] = Sent(id_, happening.event, url, told, at, at, by_app=bool(matched))

    @property
    def site_url(self) -> str:
        """What the issues' own addresses begin with."""
        return f"https://{self.site.flavour}.example"

    async def _send_all(self, round_: Iterable[Sent], now: datetime) -> None:
        places = asyncio.Semaphore(self.at_once)
        async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False, verify=self._no_authorities) as client:

            async def send(one: Sent) -> None:
                async with places:
                    one.statuses.append(await self._status(client, one, now))
                one.due = now + self.chance.uniform(1, LONGEST / SHORTEST) * SHORTEST

            await asyncio.gather(*(send(one) for one in round_))

    async def _status(self, client: httpx.AsyncClient, one: Sent, now: datetime) -> int:
        try:
            answer = await client.post(one.url, content=one.body, headers=self._headers(one, now))
        except httpx.TransportError:
            return NO_ANSWER
        return answer.status_code

    def _headers(self, one: Sent, now: datetime) -> dict[str, str]:
        flow = "Primary" if now - one.at <= PRIMARY_WITHIN else "Secondary"
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian HttpClient stand-in",
            "X-Atlassian-Webhook-Identifier": one.id,
            "X-Atlassian-Webhook-Flow": flow,
            "X-Atlassian-Webhook-Timestamp": str(round(one.at.timestamp() * 1000)),
        }
        if one.statuses:
            headers["X-Atlassian-Webhook-Retry"] = str(len(one.statuses))
        if one.by_app:
            return headers | {"Authorization": bearer(self.client_secret, self.client_id, now)}
        return headers | ({"X-Hub-Signature": signature(self.secret, one.body)} if self.secret is not None else {})


def _wants(site: Site, one: Registered, happening: Happening) -> bool:
    """Whether an app's webhook, if it has not run out, is to be told of this."""
    if one.expires <= site.clock() or happening.event not in one.events:
        return False
    changed = {item.get("fieldId") for item in (happening.change or {}).get("items", ())}
    if one.field_ids and happening.event == "jira:issue_updated" and not changed & set(one.field_ids):
        return False
    return parse(one.jql, site.zone, site.clock()).fits(row(happening.issue))
