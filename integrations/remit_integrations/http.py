"""The one way out: an HTTP client with phase time-outs, bounded concurrency, retries and answers turned into trouble.

A request is never cancelled inside the pool: with httpcore 1.0.9 a slot cancelled under contention is lost for good
(encode/httpcore issue 1093). Hence a time-out per phase, and a semaphore below the pool's size.
"""

import asyncio
import math
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import stamina

from remit.domain.errors import Limited, Rejected, Unavailable
from remit.ports import Pace
from remit_integrations.authorisation import Authorisation, Basic
from remit_integrations.keeping import scrubbed
from remit_integrations.trust import trusted
from remit_integrations.waits import Patience, asked_to_wait_s, next_wait, retry_after_s

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Never asked through a proxy: to that, the names would mean itself."""
LARGEST_BODY_BYTES = 64 * 1024 * 1024
PROXIES = "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
IN_FLIGHT = 16
"""Requests at a time: with 100 ms of latency twice the rate of 8, and below Jira's burst limit of 100 a second."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer; some sites tell in its head where to go on, and what time it is there."""

    body: bytes
    headers: Mapping[str, str]

    @property
    def next_link(self) -> str | None:
        """Where the head's `Link` says that the next page is (RFC 8288)."""
        return httpx.Response(200, headers={"link": self.headers.get("link", "")}).links.get("next", {}).get("url")


class Unhurried:
    """The pace of a process that is alone."""

    async def turn(self, longest_s: float) -> None:
        return

    async def silence(self, seconds: float) -> None:
        return


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one site. `what` names it in messages; `settings` names what its owner should look at, `address` where its
    address is told.
    """

    client: httpx.AsyncClient
    room: asyncio.Semaphore
    what: str
    settings: str
    address: str
    patience: Patience
    pace: Pace = field(default_factory=Unhurried)
    secrets: Callable[[], Collection[str]] = field(default=tuple, repr=False)
    """Blotted out wherever a site's answer is quoted: some echo what they were sent."""

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> bytes:
        """The body of a GET; raises Rejected, Limited or Unavailable."""
        return (await self.ask(path, params)).body

    async def ask(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """The whole answer to a GET; raises Rejected, Limited or Unavailable."""
        return await self._call("GET", path, {"params": params or None})  # an empty one would take away a path's query

    async def post(self, path: str, body: Mapping[str, object]) -> bytes:
        """The body of a POST that changes nothing and may be repeated; raises Rejected, Limited or Unavailable."""
        return (await self.inquire(path, body)).body

    async def inquire(self, path: str, body: Mapping[str, object]) -> Answer:
        """The whole answer to such a POST."""
        return await self._call("POST", path, {"json": body})

    async def put(self, path: str, body: Mapping[str, object]) -> bytes:
        """The body of a PUT, which may be repeated; raises Rejected, Limited or Unavailable."""
        return (await self._call("PUT", path, {"json": body})).body

    async def delete(self, path: str, body: Mapping[str, object]) -> bytes:
        """The body, if any, of a DELETE; raises Rejected, Limited or Unavailable."""
        return (await self._call("DELETE", path, {"json": body})).body

    async def _call(self, method: str, path: str, request: Mapping[str, Any]) -> Answer:
        patience, tries = self.patience, count(1)
        async for attempt in stamina.retry_context(
            on=lambda error: next_wait(error, next(tries), patience), attempts=patience.attempts, timeout=None
        ):
            with attempt:
                return await self._once(method, path, request)
        raise Unavailable(f"{self.what} was not asked")  # the loop either returns or raises

    async def _once(self, method: str, path: str, request: Mapping[str, Any]) -> Answer:
        where = f"{method} {path}"
        async with self.room:
            await self.pace.turn(self.patience.longest_s)
            try:
                async with self.client.stream(method, path, **request) as response:
                    body = await self._read(response, where)
            except httpx.ProxyError as error:
                raise Unavailable(f"the proxy does not lead to {self.what} ({error}); check {PROXIES}") from error
            except httpx.RequestError as error:
                told = self._blotted(_plain(error))
                raise Unavailable(f"{self.what} cannot be reached ({told}); check {self.settings}") from error
            except (httpx.InvalidURL, UnicodeError) as error:
                raise Rejected(f"{self.what} has no valid address ({error}); check {self.address}") from error
        try:
            return Answer(self._judged(response, body, where), response.headers)
        except (Limited, Unavailable) as trouble:
            wait_s = asked_to_wait_s(trouble)
            if wait_s is not None or isinstance(trouble, Limited):
                await self.pace.silence(wait_s or self.patience.first_s)
            raise

    async def _read(self, response: httpx.Response, where: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > LARGEST_BODY_BYTES:
                raise Rejected(
                    f"{self.what} answered {where} with more than {LARGEST_BODY_BYTES >> 20} MB, "
                    f"which no page of records has; check {self.settings}"
                )
            parts.append(part)
        return b"".join(parts)

    def _judged(self, response: httpx.Response, body: bytes, where: str) -> bytes:
        """The body of a good answer; anything else becomes the trouble it means."""
        status, check = response.status_code, f"check {self.settings}"
        of_people = "json" not in response.headers.get("content-type", "application/json")
        if (status == 200 and not of_people) or (status in (202, 204) and where.startswith("DELETE ")):
            return body
        if status == 200:
            raise Unavailable(f"{self.what} answered {where} with a page for people; {check}")
        if status == 401:
            raise Rejected(
                f"{self.what} does not accept the credentials (401 to {where}); {check}",
                status=status,
                told=self._excerpt(body),
            )
        if status == 429 or (status == 403 and _is_limit(response.headers)):
            raise _limited(self.what, response.headers)
        if status == 403:
            raise Rejected(
                f"{self.what} does not let this account call {where} (403); give it the permission, or {check}",
                status=status,
                told=self._excerpt(body),
            )
        if status >= 500 or status in (408, 425):
            raise _down(self.what, response, where)
        if 300 <= status < 400:
            target = _host(response.headers.get("location", "")) or "another path"
            raise Rejected(
                f"{self.what} redirects {where} to {target}; put the final address in {self.address}", status=status
            )
        if status < 300:
            raise Rejected(f"{self.what} answered {where} with {status} and no content; {check}", status=status)
        if of_people or status == 404:
            told = "a page for people" if of_people else self._excerpt(body)
            raise Rejected(f"{self.what} does not know {where} ({status}: {told}); {check}", status=status)
        told = self._excerpt(body)
        raise Rejected(f"{self.what} refused {where} ({status}): {told}", status=status, told=told)

    def _excerpt(self, body: bytes) -> str:
        return self._blotted(" ".join(body.decode(errors="replace").split()))[:300] or "no reason given"

    def _blotted(self, text: str) -> str:
        """Without what was sent, and without the addresses of people whom a refusal may name."""
        for secret in sorted(self.secrets(), key=len, reverse=True):  # one may be a part of another
            text = text.replace(secret, "***")
        return scrubbed(text)


@asynccontextmanager
async def calling(
    base_url: str,
    *,
    what: str,
    settings: str,
    address: str | None = None,
    auth: Authorisation | tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    patience: Patience | None = None,
    pace: Pace | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Caller]:
    """A caller for one site; its connections close with the block. Redirects are never followed.

    `settings` and `address` name what to look at when something is wrong; a pair is a name and a password.

    Proxies and certificate authorities are those of the environment, as other programs read them; loopback is reached
    directly. Raises Rejected for an address that is none, and for an environment that cannot be followed.
    """
    patience, address = patience or Patience(), address or settings
    auth = Basic(*auth) if isinstance(auth, tuple) else auth
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as wrong:
        raise Rejected(f"{what} has no valid address ({wrong}); check {address}") from wrong
    direct: Mapping[str, None] = {f"all://{host}": None for host in LOOPBACK}
    try:
        client = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            verify=trusted(),
            headers={"Accept": "application/json", **(headers or {})},
            timeout=httpx.Timeout(connect=10, read=patience.silence_s, write=30, pool=120),
            limits=httpx.Limits(max_connections=IN_FLIGHT * 2, max_keepalive_connections=IN_FLIGHT),
            follow_redirects=False,
            mounts=direct,
            transport=transport,
        )
    except OSError as wrong:
        raise Rejected(f"{what} cannot be reached: SSL_CERT_FILE or SSL_CERT_DIR holds no certificates") from wrong
    except (httpx.InvalidURL, ValueError, ImportError):  # not quoted, nor chained: the address may hold a password
        raise Rejected(f"{what} cannot be reached: the address of the proxy cannot be used; check {PROXIES}") from None
    async with client:
        secrets = auth.secrets if auth is not None else tuple
        room = asyncio.Semaphore(IN_FLIGHT)
        yield Caller(client, room, what, settings, address, patience, pace or Unhurried(), secrets)


def _is_limit(headers: Mapping[str, str]) -> bool:
    """Whether a 403 is no lack of permission: GitHub tells so of its limits (2026)."""
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"


def _limited(what: str, headers: Mapping[str, str]) -> Limited:
    wait_s = retry_after_s(headers)
    reason = re.sub(r"[^A-Za-z0-9._-]", "", headers.get("ratelimit-reason", ""))[:60] or None
    why = f" ({reason})" if reason is not None else ""
    when = f" for {math.ceil(wait_s)} s{why}; try again after that" if wait_s is not None else f"{why}; try again later"
    return Limited(f"{what} asked to slow down{when}", retry_after_s=wait_s, reason=reason)


def _down(what: str, response: httpx.Response, where: str) -> Unavailable:
    wait_s = retry_after_s({"retry-after": response.headers.get("retry-after", "")})
    when = f"in {math.ceil(wait_s)} s" if wait_s is not None else "later"
    told = {} if wait_s is None else {"retry_after_s": wait_s}
    return Unavailable(f"{what} answered {response.status_code} to {where}; it may be down, try again {when}", **told)


def _plain(error: httpx.RequestError) -> str:
    return f"{type(error).__name__}{f': {error}' if str(error) else ''}"


def _host(location: str) -> str:
    try:
        return httpx.URL(location).host
    except httpx.InvalidURL:
        return ""
