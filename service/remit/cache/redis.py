"""Answers kept in Redis and shared between processes: one round trip for many, and never an error."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import quote

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from remit import __version__
from remit.cache.codec import (
    FORMAT,
    decode,
    decode_counts,
    decode_figures,
    encode,
    encode_counts,
    encode_figures,
)
from remit.domain.answers import Ownership
from remit.domain.errors import Invalid
from remit.ports import CellKey, CountKey, CountRows, Figures, SignalKey

log = structlog.get_logger()
Found = TypeVar("Found")
Key = TypeVar("Key")
Value = TypeVar("Value")

KEPT_FOR_S, FIGURES_FOR_S = 24 * 3600, 300
"""Unaddressable answers are swept after this; nothing is ever deleted by hand. Signals are addressed for a minute."""
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


class _RedisKept(Generic[Key, Value]):
    """Values in Redis. A server that is absent, restarted, flushed or full means a miss."""

    def __init__(
        self,
        client: Redis,
        name: Callable[[Key], str],
        encode: Callable[[Value], bytes],
        decode: Callable[[bytes], Value | None],
        monotonic: Callable[[], float],
        kept_for_s: int = KEPT_FOR_S,
    ) -> None:
        self._client, self._monotonic, self._kept_for_s = client, monotonic, kept_for_s
        self._name, self._encode, self._decode = name, encode, decode
        self._rest_until = 0.0

    async def get(self, keys: Sequence[Key]) -> Mapping[Key, Value]:
        if not keys:
            return {}
        values = await self._try(lambda: self._client.mget([self._name(key) for key in keys]))
        found: dict[Key, Value] = {}
        if values is None or len(values) != len(keys):  # not an answer to what was asked
            return {}
        for key, value in zip(keys, values, strict=True):
            known = self._decode(value) if isinstance(value, bytes) else None
            if known is not None:
                found[key] = known
            elif value is not None:
                log.warning("cache.unreadable", key=self._name(key))
        return found

    async def put(self, kept: Mapping[Key, Value]) -> None:
        if not kept:
            return
        pipeline = self._client.pipeline(transaction=False)
        for key, value in kept.items():
            pipeline.set(self._name(key), self._encode(value), ex=self._kept_for_s)
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


class RedisAnswers(_RedisKept[CellKey, tuple[Ownership, ...]]):
    """A `KeptAnswers` in Redis."""

    def __init__(self, client: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(client, name, encode, decode, monotonic)


class RedisCounts(_RedisKept[CountKey, CountRows]):
    """A `KeptCounts` in Redis."""

    def __init__(self, client: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(client, name_of_counts, encode_counts, decode_counts, monotonic)


class RedisSignals(_RedisKept[SignalKey, Figures]):
    """A `KeptSignals` in Redis."""

    def __init__(self, client: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(client, name_of_signals, encode_figures, decode_figures, monotonic, FIGURES_FOR_S)


def name(key: CellKey) -> str:
    """The Redis key of an area's answers; holds everything they depend on, this program's version included."""
    program = f"{__version__}.{FORMAT}"
    return f"remit:ownership:{program}:{key.version}:{key.segment}:{quote(key.area, safe='')}:{key.watermark}"


def name_of_counts(key: CountKey) -> str:
    """The Redis key of what was counted of an area; holds everything that depends on, this program's version too."""
    program = f"{__version__}.{FORMAT}"
    return f"remit:counts:{program}:{key.version}:{key.windows}:{quote(key.area, safe='')}:{key.watermark}"


def name_of_signals(key: SignalKey) -> str:
    """The Redis key of what signals of an area came to; holds everything that depends on, as the others do."""
    program, scope = f"{__version__}.{FORMAT}", "below" if key.with_below else "own"
    area = quote(key.area, safe="")
    return f"remit:signals:{program}:{key.tree}:{key.windows}:{scope}:{area}:{key.watermarks}"
