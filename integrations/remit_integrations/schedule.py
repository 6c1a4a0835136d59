"""When sources are synchronised: every so often, one process per source at a time, gently after trouble."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from remit.domain.errors import Broken, Limited, SourceTrouble
from remit.ports import Leases
from remit.usecases.desk import Desk
from remit_integrations.source import Source
from remit_integrations.sync import synchronise

log = structlog.get_logger()

SLOWEST_FACTOR = 12
"""After repeated trouble a source is tried at least every twelfth turn: hourly at the default five minutes."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Polls every `every_s` seconds until told to stop; then the run under way ends its page and nothing is cut."""

    desk: Desk
    leases: Leases
    every_s: float
    stop: asyncio.Event

    async def run(self, sources: Sequence[Source]) -> None:
        """Ends when `stop` is set."""
        await asyncio.gather(*(self._poll(source) for source in sources), self.stop.wait())

    async def _poll(self, source: Source) -> None:
        failures = 0
        while not self.stop.is_set():
            wait_s = self.every_s
            try:
                async with self.leases.lease(source.name) as free:
                    if free:
                        await synchronise(self.desk, source, stop=self.stop)
                failures = 0
            except Limited as limited:  # waits of half an hour are normal: come back then instead of sleeping inside
                wait_s = max(self.every_s, limited.retry_after_s or 0.0)
                log.warning("schedule.waits", source=source.name, code=limited.code, wait_s=wait_s)
            except (SourceTrouble, Broken) as trouble:
                failures += 1
                wait_s = self.every_s * min(SLOWEST_FACTOR, 2 ** min(failures - 1, 10))
                log.warning("schedule.waits", source=source.name, code=trouble.code, wait_s=wait_s)
            await self._rest(wait_s)

    async def _rest(self, wait_s: float) -> None:
        stopped = asyncio.ensure_future(self.stop.wait())
        await asyncio.wait([stopped], timeout=wait_s)
        if not stopped.done():
            stopped.cancel()
