"""The one way out: an HTTP client with phase time-outs, bounded concurrency, retries and answers turned into trouble.

A request is never cancelled inside the pool: with httpcore 1.0.9 a slot cancelled under contention is lost for good
(encode/httpcore issue 1093). Hence a time-out per phase, and a semaphore below the pool's size.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import stamina

from remit.domain.errors import Limited, Rejected, Unavailable

LARGEST_BODY_BYTES = 64 * 1024 * 1024
IN_FLIGHT = 8


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying: the first wait doubles up to `longest_s`; asked to wait longer, the run gives up."""

    attempts: int = 4
    first_s: float = 2.0
    longest_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one site. `what` names it in messages; `settings` names what its owner should look at."""

    client: httpx.AsyncClient
    room: asyncio.Semaphore
    what: str
    settings: str
    patience: Patience

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> bytes:
        """The body of a GET; raises Rejected, Limited or Unavailable."""
        return await self._call("GET", path, {"params": params or {}})

    async def post(self, path: str, body: Mapping[str, object]) -> bytes:
        """The body of a POST that changes nothing and may be repeated; raises Rejected, Limited or Unavailable."""
        return await self._call("POST", path, {"json": body})

    async def _call(self, method: str, path: str, request: Mapping[str, Any]) -> bytes:
        patience = self.patience
        async for attempt in stamina.retry_context(
            on=lambda error: _wait(error, patience),
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.first_s,
            wait_max=patience.longest_s,
            wait_jitter=patience.first_s / 2,
        ):
            with attempt:
                return await self._once(method, path, request)
        raise Unavailable(f"{self.what} was not asked")  # the loop either returns or raises

    async def _once(self, method: str, path: str, request: Mapping[str, Any]) -> bytes:
        async with self.room:
            try:
                async with self.client.stream(method, path, **request) as response:
                    body = await _read(response)
            except httpx.TransportError as error:
                raise Unavailable(f"{self.what} cannot be reached ({_plain(error)}); check {self.settings}") from error
            except httpx.InvalidURL as error:
                raise Rejected(f"{self.what} has no valid address ({error}); check {self.settings}") from error
        return self._judged(response, body)

    def _judged(self, response: httpx.Response, body: bytes) -> bytes:
        """The body of a good answer; anything else becomes the trouble it means."""
        status, where = response.status_code, f"{response.request.method} {response.request.url.path}"
        if status == 200 and "json" in response.headers.get("content-type", "application/json"):
            return body
        if status in (401, 403):
            raise Rejected(f"{self.what} refused the credentials for {where} ({status}); check {self.settings}")
        if status == 429:
            raise Limited(f"{self.what} asked to slow down", retry_after_s=retry_after_s(response.headers))
        if status >= 500 or status in (408, 425):
            raise Unavailable(f"{self.what} answered {status} to {where}; it may be down, try again later")
        if status == 200:
            raise Unavailable(f"{self.what} answered {where} with a page for people; check {self.settings}")
        if 300 <= status < 400:
            target = httpx.URL(response.headers.get("location", "")).host or "another path"
            raise Rejected(f"{self.what} redirects {where} to {target}; put the final address in {self.settings}")
        raise Rejected(f"{self.what} refused {where} ({status}): {_excerpt(body)}", status=status)


@asynccontextmanager
async def calling(
    base_url: str,
    *,
    what: str,
    settings: str,
    auth: httpx.Auth | tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    patience: Patience | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Caller]:
    """A caller for one site; its connections close with the block. Redirects are never followed."""
    client = httpx.AsyncClient(
        base_url=base_url,
        auth=auth,
        headers={"Accept": "application/json", **(headers or {})},
        timeout=httpx.Timeout(connect=10, read=60, write=30, pool=120),
        limits=httpx.Limits(max_connections=IN_FLIGHT * 2, max_keepalive_connections=IN_FLIGHT),
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )
    async with client:
        yield Caller(client, asyncio.Semaphore(IN_FLIGHT), what, settings, patience or Patience())


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as `Retry-After` says, in seconds or as a date; None when it is missing or makes no sense."""
    told = headers.get("retry-after", "").strip()
    if told.isdecimal() and len(told) < 10:
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())


def _wait(error: Exception, patience: Patience) -> bool | float:
    """Whether to try again, and after how many seconds when the source said so."""
    if isinstance(error, Limited):
        if error.retry_after_s is None:
            return True
        return error.retry_after_s if error.retry_after_s <= patience.longest_s else False
    return isinstance(error, Unavailable)


async def _read(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_BODY_BYTES:
            raise Unavailable(f"an answer is larger than {LARGEST_BODY_BYTES >> 20} MB; ask for smaller pages")
        parts.append(part)
    return b"".join(parts)


def _plain(error: httpx.TransportError) -> str:
    return f"{type(error).__name__}{f': {error}' if str(error) else ''}"


def _excerpt(body: bytes) -> str:
    return " ".join(body[:300].decode(errors="replace").split()) or "no reason given"
