"""Applies what sources sent of their own accord, within seconds, beside the synchronisation."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from remit.domain.arrivals import Waiting
from remit.domain.errors import Broken, Rejected, SourceTrouble
from remit.domain.ids import SourceName
from remit.ports import Batch, Inbox
from remit.usecases.desk import Desk
from remit_integrations.applying import WAITS_S, Applied, apply, failed
from remit_integrations.pausing import pause
from remit_integrations.source import Feed, Source
from remit_integrations.unforeseen import outlived, unforeseen
from remit_integrations.waits import asked_to_wait_s

log = structlog.get_logger()

LOOKS_EVERY_S = 1.0
MOST_AT_ONCE = 1000
FEED_LASTS_S = 300.0
"""How long a connection is used before the account is asked again who it is."""
TROUBLED_WAIT_S = 10.0
REJECTED_WAIT_S = 60.0
RENAMED_EVERY_S = 60.0
"""All that a source calls its projects and users is read at most so often, however many were changed."""
KEPT_FOR = timedelta(days=7)
"""A delivery that is repeated later than this is not known again; vendors repeat for hours (Atlassian: 2026-01)."""
SWEPT_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True)
class Applying:
    """Runs until told to stop; then what is under way is ended. Any number of workers may run.

    Nothing is lost when it is killed: what is not noted as applied is applied again, which changes nothing.
    """

    desk: Desk
    inbox: Inbox
    stop: asyncio.Event
    every_s: float = LOOKS_EVERY_S

    async def run(self, sources: Sequence[Source]) -> None:
        await asyncio.gather(*(self._keep_on(source) for source in sources), self._sweep(), self.stop.wait())

    async def _keep_on(self, source: Source) -> None:
        while not self.stop.is_set():
            wait_s = TROUBLED_WAIT_S
            with outlived("applying deliveries", source.name):
                wait_s = await self._turn(source)
            await pause(self.stop, wait_s)

    async def _turn(self, source: Source) -> float:
        """Apply what came, if anything did; seconds until it is worth looking again."""
        try:
            async with self.inbox.due(source.name, 1) as batch:
                some = bool(batch.waiting)
            if some:
                await self._apply_for_a_while(source)
        except (SourceTrouble, Broken) as trouble:  # the deliveries stay due; it is not they that are at fault
            wait_s = asked_to_wait_s(trouble) or _patience_s(trouble)
            log.warning("inbox.waits", source=source.name, code=trouble.code, wait_s=wait_s, trouble=trouble.message)
            return wait_s
        return self.every_s

    async def _apply_for_a_while(self, source: Source) -> None:
        """Over one connection, which is opened when something came and used while more may come."""
        loop = asyncio.get_running_loop()
        async with source.open() as feed:
            await feed.greet()
            ends, names = loop.time() + FEED_LASTS_S, Names(feed, self.desk)
            while loop.time() < ends and not self.stop.is_set():
                async with self.inbox.due(source.name, MOST_AT_ONCE) as batch:
                    if batch.waiting:
                        await self._apply(source.name, feed, names, batch)
                if len(batch.waiting) < MOST_AT_ONCE:
                    await pause(self.stop, self.every_s)

    async def _apply(self, source: SourceName, feed: Feed, names: "Names", batch: Batch) -> None:
        came = await apply(self.desk, source, feed, batch.waiting)
        renaming = [one for one in batch.waiting if one.hint.renames and one.id in came.done]
        came.done -= {one.id for one in renaming}
        await settle(batch, came)
        if renaming:
            named = await self._name(source, names, batch, renaming)
            await settle(batch, named)
            came.add(named)
        log.info(
            "inbox.applied",
            source=source,
            deliveries=len(came.done),
            again=len(came.again),
            read=came.read,
            changed=came.changed,
            gone=came.gone,
        )

    async def _name(self, source: SourceName, names: "Names", batch: Batch, renaming: Sequence[Waiting]) -> Applied:
        """What deliveries come to that tell of other names."""
        ids, wait_s = {one.id for one in renaming}, 0.0
        with unforeseen() as caught:
            wait_s = await names.read(source)
        if caught.error is not None:
            return failed(source, renaming, caught.error)
        if wait_s > 0:
            await batch.again(ids, "names were read not long ago", wait_s)
            return Applied()
        return Applied(done=ids)

    async def _sweep(self) -> None:
        while not self.stop.is_set():
            with outlived("forgetting deliveries"):
                await self._swept()
            await pause(self.stop, SWEPT_EVERY_S)

    async def _swept(self) -> None:
        try:
            forgotten = await self.inbox.sweep(self.desk.clock() - KEPT_FOR)
        except Broken as trouble:
            log.warning("inbox.not_swept", code=trouble.code, trouble=trouble.message)
            return
        if forgotten:
            log.info("inbox.swept", deliveries=forgotten)


async def settle(batch: Batch, came: Applied) -> None:
    """Note what came of each delivery."""
    await batch.applied(came.done)
    tries = {one.id: one.tries for one in batch.waiting}
    for reason, wait_s, ids in _alike(came.again, tries):
        await batch.again(ids, reason, wait_s)
    for id_, reason in came.aside.items():
        await batch.aside([id_], reason)
        log.warning("inbox.parked", delivery=id_, reason=reason)


def _alike(again: Mapping[str, str], tries: Mapping[str, int]) -> Sequence[tuple[str, float, Sequence[str]]]:
    """Deliveries that wait for the same reason and for as long, to be noted together."""
    found: dict[tuple[str, float], list[str]] = {}
    for id_, reason in again.items():
        found.setdefault((reason, WAITS_S[tries[id_]]), []).append(id_)
    return [(*alike, ids) for alike, ids in found.items()]


def _patience_s(trouble: SourceTrouble | Broken) -> float:
    return REJECTED_WAIT_S if isinstance(trouble, Rejected) else TROUBLED_WAIT_S


@dataclass(slots=True)
class Names:
    """Reads what a source calls its projects and users, when it told that this may have changed."""

    feed: Feed
    desk: Desk
    read_at: float | None = None

    async def read(self, source: SourceName) -> float:
        """Seconds to wait because they were read not long ago; 0 when they were read now."""
        now = asyncio.get_running_loop().time()
        if self.read_at is not None and now < self.read_at + RENAMED_EVERY_S:
            return self.read_at + RENAMED_EVERY_S - now
        async for references in self.feed.references(None):
            await self.desk.mirror.refer(source, references)
        self.read_at = now
        return 0.0
