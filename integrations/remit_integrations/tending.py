"""Sees to it, now and then, that sources go on sending what happens."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from remit.domain.errors import Broken, SourceTrouble
from remit.domain.ids import SourceName
from remit.ports import Leases
from remit_integrations.pausing import pause
from remit_integrations.source import Source
from remit_integrations.unforeseen import outlived

log = structlog.get_logger()

EVERY_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tending:
    """Looks after each source every so often until told to stop, one process at a time."""

    leases: Leases
    stop: asyncio.Event
    every_s: float = EVERY_S

    async def run(self, sources: Sequence[Source]) -> None:
        """Ends when `stop` is set. Trouble is told and tried again next time: sources are polled all the same."""
        await asyncio.gather(*(self._again_and_again(source) for source in sources if source.tend is not None))

    async def _again_and_again(self, source: Source) -> None:
        while not self.stop.is_set():
            with outlived("seeing to it that it sends", source.name):
                await self.once(source)
            await pause(self.stop, self.every_s)

    async def once(self, source: Source) -> None:
        """Look after a source now, unless another process does."""
        if source.tend is None:
            return
        try:
            async with self.leases.lease(SourceName(f"{source.name} webhooks")) as lease:
                if lease is not None:
                    await source.tend()
        except (SourceTrouble, Broken) as trouble:
            log.warning("tending.failed", source=source.name, code=trouble.code, trouble=trouble.message)
