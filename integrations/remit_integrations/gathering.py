"""Keeps deliveries durably, those that come meanwhile together: one transaction for all that wait for it."""

import asyncio
from dataclasses import dataclass, field

import structlog

from remit.domain.arrivals import Arrival
from remit.domain.errors import Broken
from remit.ports import Inbox

log = structlog.get_logger()

MOST_AT_ONCE = 500


@dataclass(slots=True)
class Gathering:
    """Alone, a delivery is written at once. One that comes while a transaction is under way goes with the next.

    So a storm costs as many transactions as the database can make, and not one each.
    """

    inbox: Inbox
    _waiting: list[tuple[Arrival, asyncio.Future[None]]] = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None

    async def keep(self, arrival: Arrival) -> None:
        """Returns once the delivery is there to stay; raises Broken when that cannot be said."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())  # outlives a sender who hangs up: others wait for it
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                new = await self.inbox.put([arrival for arrival, _ in batch])
            except Broken as trouble:
                self._tell(batch, trouble)
                continue
            except BaseException:
                self._tell(batch, Broken("deliveries could not be kept; the log says more"))
                if self._waiting:
                    self._writing = asyncio.create_task(self._write())  # those that came meanwhile have done nothing
                raise
            self._tell(batch, None)
            log.info("inbox.received", deliveries=len(batch), repeated=len(batch) - new)

    def _tell(self, batch: list[tuple[Arrival, asyncio.Future[None]]], trouble: Broken | None) -> None:
        for _, kept in batch:
            if kept.done():  # its sender has hung up
                continue
            if trouble is None:
                kept.set_result(None)
            else:
                kept.set_exception(Broken(trouble.message))
