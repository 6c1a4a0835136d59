"""When sources are synchronised: every so often, one process per source at a time, gently after trouble."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from remit.domain.errors import Broken, SourceTrouble
from remit.domain.ids import SourceName
from remit.ports import Leases
from remit.usecases.desk import Desk
from remit_integrations.pausing import pause
from remit_integrations.source import Source
from remit_integrations.sync import state_of, synchronise
from remit_integrations.turns import due_in_s, retry
from remit_integrations.unforeseen import outlived

log = structlog.get_logger()

LOOK_AGAIN_S = 2.0
"""How soon another worker notices that the one which held the lease has died."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reads each source every `every_s` seconds, together with any number of other workers, until told to stop.

    When a source is due is kept with the source, so that it holds over restarts and for whichever worker takes its
    turn. Told to stop, the run under way ends its page and nothing is cut.
    """

    desk: Desk
    leases: Leases
    every_s: float
    stop: asyncio.Event

    async def run(self, sources: Sequence[Source]) -> None:
        """Ends when `stop` is set."""
        await asyncio.gather(*(self._poll(source) for source in sources), self.stop.wait())

    async def _poll(self, source: Source) -> None:
        breaks = 0
        while not self.stop.is_set():
            wait_s = self.every_s
            with outlived("reading", source.name):
                try:
                    wait_s = await self._turn(source)
                    breaks = 0
                except Broken as broken:  # the database cannot be told of its own absence, so this is counted here
                    after = retry(broken, breaks, self.every_s)
                    breaks, wait_s = after.failures, after.wait_s
                    log.warning("schedule.waits", source=source.name, code=broken.code, wait_s=wait_s)
            await pause(self.stop, wait_s)

    async def _turn(self, source: Source) -> float:
        """Read the source if its turn has come and nobody else reads it; seconds until it is worth looking again."""
        wait_s = await self._due_in_s(source.name)
        if wait_s > 0:
            return min(wait_s, self.every_s)  # somebody may have read it by hand meanwhile, which changes its turn
        async with self.leases.lease(source.name) as held:
            if held is None:
                return min(LOOK_AGAIN_S, self.every_s)
            if await self._due_in_s(source.name) == 0:  # not so when another worker has just finished
                with suppress(SourceTrouble):  # told and noted, with the time to try again
                    await synchronise(self.desk, source, stop=self.stop, held=held, every_s=self.every_s)
        return min(await self._due_in_s(source.name), self.every_s)

    async def _due_in_s(self, source: SourceName) -> float:
        return due_in_s(await state_of(self.desk, source), self.desk.clock(), self.every_s)
