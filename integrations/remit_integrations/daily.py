"""Keeps what is told of each day once it has ended, one process at a time."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from remit.domain.errors import Broken
from remit.domain.ids import SourceName
from remit.ports import Leases
from remit.usecases.desk import Desk
from remit.usecases.keep_days import KEPT_FOR, due_days, forget_days, keep_day
from remit_integrations.pausing import pause
from remit_integrations.unforeseen import outlived

log = structlog.get_logger()

EVERY_S = 60.0
LEASE = SourceName("daily values")


@dataclass(frozen=True, slots=True)
class Daily:
    """Looks every so often whether a day is to be measured, until told to stop. Any number of processes may."""

    desk: Desk
    leases: Leases
    stop: asyncio.Event
    kept_for: timedelta = KEPT_FOR
    every_s: float = EVERY_S

    async def run(self) -> None:
        """Ends when `stop` is set, after the day under way. Trouble is told and tried again the next time."""
        while not self.stop.is_set():
            with outlived("keeping what is told of each day"):
                await self.once()
            await pause(self.stop, self.every_s)

    async def once(self) -> int:
        """Measure and write what is due, unless another process does; returns how many days were written."""
        try:
            if not await due_days(self.desk, self.kept_for):
                await forget_days(self.desk, self.kept_for)
                return 0
            async with self.leases.lease(LEASE) as held:
                if held is None:
                    return 0
                written = 0
                for day in await due_days(self.desk, self.kept_for):  # another may have written them by now
                    await held.still()
                    if self.stop.is_set() or not await self._write(day):
                        break
                    written += 1
                return written
        except Broken as broken:
            log.warning("days.wait", code=broken.code, trouble=broken.message, wait_s=self.every_s)
            return 0

    async def _write(self, day: date) -> bool:
        """Whether it was written; where not, it cannot be measured yet, and no other can."""
        told = await keep_day(self.desk, day)
        if told is not None:
            degraded = list(told.kept.degraded)
            log.info("days.kept", day=day.isoformat(), areas=told.areas, people=told.people, degraded=degraded)
        return told is not None
