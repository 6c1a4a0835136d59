"""Answers kept in Redis and shared between processes: one round trip for many, and never an error."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from remit import __version__
from remit.cache.codec import FORMAT, decode, encode
from remit.domain.answers import Ownership
from remit.domain.errors import Invalid
from remit.ports import CellKey

log = structlog.get_logger()
Found = TypeVar("Found")

KEPT_FOR_S = 24 * 3600
"""Unaddressable answers are swept after this; nothing is ever deleted by hand."""
RETRY_AFTER_S = 2.0
"""After a failure Redis is left alone this long, so that its absence costs one time-out, not one per question."""


def connect(url: str) -> Redis:
    """A client for the Redis 6.2 command set; short time-outs, since computing anew is always possible.

    Raises Invalid for a URL that cannot be meant.
    """
    try:
        return Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0, protocol=2)
    except ValueError:  # `from None`: it may quote the URL, the password too
        raise Invalid("REMIT_REDIS_URL is not a URL; write redis://user:password@host:port/0") from None


class RedisAnswers:
    """A `KeptAnswers` in Redis. A server that is absent, restarted, flushed or full means a miss."""

    def __init__(self, client: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client, self._monotonic = client, monotonic
        self._rest_until = 0.0

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        if not keys:
            return {}
        values = await self._try(lambda: self._client.mget([name(key) for key in keys]))
        found: dict[CellKey, tuple[Ownership, ...]] = {}
        if values is None or len(values) != len(keys):  # not an answer to what was asked
            return {}
        for key, value in zip(keys, values, strict=True):
            answers = decode(value) if isinstance(value, bytes) else None
            if answers is not None:
                found[key] = answers
            elif value is not None:
                log.warning("cache.unreadable", key=name(key))
        return found

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        if not answers:
            return
        pipeline = self._client.pipeline(transaction=False)
        for key, value in answers.items():
            pipeline.set(name(key), encode(value), ex=KEPT_FOR_S)
        await self._try(pipeline.execute)

    async def _try(self, ask: Callable[[], Awaitable[Found]]) -> Found | None:
        if self._monotonic() < self._rest_until:
            return None
        try:
            return await ask()
        except (RedisError, OSError) as trouble:
            self._rest_until = self._monotonic() + RETRY_AFTER_S
            log.warning("cache.unavailable", trouble=type(trouble).__name__)
            return None


def name(key: CellKey) -> str:
    """The Redis key of an area's answers; holds everything they depend on, this program's version included."""
    program = f"{__version__}.{FORMAT}"
    return f"remit:ownership:{program}:{key.version}:{key.segment}:{quote(key.area, safe='')}:{key.watermark}"
