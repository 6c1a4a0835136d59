"""Follow what is told of changes, from now on: one look a second, however many follow."""

import asyncio
from collections.abc import AsyncIterator

from remit.domain.events import ChangeEvent, Shift
from remit.ports import Outbox

LOOKS_EVERY_S = 1.0
AT_A_TIME = 5
"""A change of a whole organisation of 10,000 areas is some 40 MB."""


class Feed:
    """One per process: everybody who follows shares its looks into the outbox."""

    def __init__(self, outbox: Outbox, every_s: float = LOOKS_EVERY_S) -> None:
        self._outbox, self._every_s = outbox, every_s
        self._look = asyncio.Lock()
        self._newest, self._looked_at = 0, float("-inf")

    async def events(self) -> AsyncIterator[tuple[ChangeEvent, tuple[Shift, ...]]]:
        """Each change that is told from now on with what it comes to, in the order of recording."""
        seen = await self._outbox.newest()
        while True:
            if await self._last() > seen:
                for event, shifts in await self._outbox.told_after(seen, AT_A_TIME):
                    yield event, shifts
                    seen = event.change
            else:
                await asyncio.sleep(self._every_s)

    async def _last(self) -> int:
        """The newest change of which everything is told, as of a moment ago."""
        async with self._look:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= self._every_s:
                self._newest, self._looked_at = await self._outbox.newest(), now
            return self._newest
