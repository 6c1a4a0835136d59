"""How fast a site may be called by all processes together: a budget in Redis, and one of its own without Redis."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from remit.cache.redis import RETRY_AFTER_S
from remit.domain.errors import Limited

log = structlog.get_logger()

BURST_S = 1.0
"""After a pause so many seconds' worth of requests may go out at once; then they go out at the rate."""
PORTION_S = 0.1
"""A process takes a tenth of a second's worth at a time: at most ten round trips a second, whatever the rate."""
STALE_AFTER_S = 1.0
"""What is left of a portion is good for so long; later it would come on top of what others were given meanwhile."""
LONGEST_SILENCE_S = 2 * 3600.0
"""No site is silenced for longer, whatever it asks for: the longest quota known is of an hour (Atlassian, 2026-03)."""

# The same arithmetic as `Budget.take`. The server's clock counts, so that those of the processes may differ.
# Redis 6.2 command set. The state: from when on a request is free, and until when the site is to be left alone.
_TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1e6
local silent_s = (tonumber(redis.call('HGET', KEYS[1], 'silent_until')) or 0) - now
if silent_s > 0 then return {'0', tostring(silent_s)} end
local cost_s = tonumber(ARGV[1])
local room_s = math.max(cost_s, tonumber(ARGV[2]))
local free_at = math.max(tonumber(redis.call('HGET', KEYS[1], 'free_at')) or 0, now - room_s) + cost_s
redis.call('HSET', KEYS[1], 'free_at', string.format('%.6f', free_at))
redis.call('PEXPIRE', KEYS[1], 60000 + math.ceil(math.max(0, free_at - now) * 1000))
return {tostring(math.max(0, free_at - now)), '0'}
"""
_SILENCE = """
local now = redis.call('TIME')
local till = now[1] + now[2] / 1e6 + tonumber(ARGV[1])
for _, what in ipairs({'silent_until', 'free_at'}) do
  local known = tonumber(redis.call('HGET', KEYS[1], what)) or 0
  redis.call('HSET', KEYS[1], what, string.format('%.6f', math.max(known, till)))
end
local last = math.max(till, tonumber(redis.call('HGET', KEYS[1], 'silent_until')))
redis.call('PEXPIRE', KEYS[1], 60000 + math.ceil((last - now[1]) * 1000))
return 1
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """What came of asking for a portion: it is good after `wait_s`; or the site is to be left alone for `silent_s`."""

    wait_s: float = 0.0
    silent_s: float = 0.0


@dataclass(slots=True)
class Budget:
    """A budget within one process: a bucket that holds `BURST_S`, or one portion, and is filled all the time."""

    free_at: float = -math.inf
    silent_until: float = -math.inf

    def take(self, cost_s: float, now: float) -> Grant:
        """Take what costs so many seconds of the rate; nothing is taken while the site is to be left alone."""
        if self.silent_until > now:
            return Grant(silent_s=self.silent_until - now)
        self.free_at = max(self.free_at, now - max(cost_s, BURST_S)) + cost_s
        return Grant(wait_s=max(0.0, self.free_at - now))

    def silence(self, seconds: float, now: float) -> None:
        """Afterwards the bucket is empty, so that not everybody who waited calls at once."""
        self.silent_until = max(self.silent_until, now + seconds)
        self.free_at = max(self.free_at, self.silent_until)


class SitePace:
    """A `Pace`. Who asks first is served first; those who wait are waited for one after another."""

    def __init__(
        self,
        site: str,
        per_second: float,
        client: Redis | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._site, self._per_second, self._client = site, per_second, client
        self._clock, self._sleep = clock, sleep
        self._key = f"remit:pace:{sha256(site.encode()).hexdigest()[:32]}"
        self._portion = max(1, math.floor(per_second * PORTION_S))
        self._own, self._lock = Budget(), asyncio.Lock()
        self._left, self._good_until, self._rest_until = 0, 0.0, 0.0

    async def turn(self, longest_s: float) -> None:
        async with self._lock:
            while True:
                silent_s = self._own.silent_until - self._clock()
                if silent_s > longest_s:
                    raise self._limited(silent_s)
                if silent_s > 0:
                    await self._sleep(silent_s)
                elif self._left > 0 and self._clock() < self._good_until:
                    self._left -= 1
                    return
                else:
                    await self._fetch()

    async def silence(self, seconds: float) -> None:
        seconds = min(seconds, LONGEST_SILENCE_S)
        if seconds <= 0:
            return
        self._left = 0
        self._own.silence(seconds, self._clock())
        await self._ask(_SILENCE, seconds)

    async def _fetch(self) -> None:
        """Take the next portion, and wait until it is good; or learn how long the site is to be left alone."""
        grant = await self._granted(self._portion / self._per_second)
        if grant.silent_s > 0:
            self._own.silence(grant.silent_s, self._clock())
            return
        if grant.wait_s > 0:
            await self._sleep(grant.wait_s)
        self._left, self._good_until = self._portion, self._clock() + STALE_AFTER_S

    async def _granted(self, cost_s: float) -> Grant:
        told = await self._ask(_TAKE, cost_s, BURST_S)
        if told is None:  # each process keeps to the budget alone: more than allowed together, less than no limit
            return self._own.take(cost_s, self._clock())
        wait_s, silent_s = (float(one) for one in told)
        return Grant(wait_s, silent_s)

    async def _ask(self, script: str, *arguments: float) -> list[bytes] | None:
        """None when Redis does not answer, which is then left alone for a while."""
        if self._client is None or self._clock() < self._rest_until:
            return None
        try:
            told: list[bytes] = await self._client.eval(script, 1, self._key, *map(str, arguments))
        except (RedisError, OSError) as trouble:
            self._rest_until = self._clock() + RETRY_AFTER_S
            log.warning("pace.alone", site=self._site, trouble=type(trouble).__name__)
            return None
        return told

    def _limited(self, silent_s: float) -> Limited:
        return Limited(
            f"{self._site} asked not to be called for another {math.ceil(silent_s)} s; try again after that",
            retry_after_s=silent_s,
        )


class SitePaces:
    """A `Paces`: in Redis where there is one."""

    def __init__(self, client: Redis | None = None) -> None:
        self._client = client
        self._paces: dict[tuple[str, float], SitePace] = {}

    def of(self, site: str, *, per_second: float) -> SitePace:
        return self._paces.setdefault((site, per_second), SitePace(site, per_second, self._client))
