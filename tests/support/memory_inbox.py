"""An `Inbox` in memory, with the same promises as the one in PostgreSQL; its time is that of a clock."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from remit.domain.arrivals import Arrival, Waiting
from remit.domain.ids import SourceName
from remit.ports import Aside, Clock

Name = tuple[SourceName, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery: waiting for its time, done with, or, with neither, for a person."""

    waiting: Waiting
    due_at: datetime | None
    done_at: datetime | None = None
    reason: str = ""


@dataclass(slots=True)
class MemoryInbox:
    clock: Clock
    kept: dict[Name, Kept] = field(default_factory=dict)
    held: set[SourceName] = field(default_factory=set)

    async def put(self, arrivals: Sequence[Arrival]) -> int:
        before = len(self.kept)
        now = self.clock()
        for one in arrivals:
            self.kept.setdefault((one.source, one.id), Kept(Waiting(one.id, one.hint, 0, now), now))
        return len(self.kept) - before

    @asynccontextmanager
    async def due(self, source: SourceName, most: int) -> AsyncIterator["MemoryBatch"]:
        if source in self.held:
            yield MemoryBatch(self, source, ())
            return
        now = self.clock()
        due = [(one.due_at, one.waiting) for (of, _), one in self.kept.items() if of == source and one.due_at]
        due = sorted((one for one in due if one[0] <= now), key=lambda one: one[0])
        self.held.add(source)
        try:
            yield MemoryBatch(self, source, tuple(waiting for _, waiting in due[:most]))
        finally:
            self.held.discard(source)

    async def asides(self) -> Sequence[Aside]:
        found = [
            Aside(source, one.waiting, one.reason)
            for (source, _), one in self.kept.items()
            if one.due_at is None and one.done_at is None
        ]
        return sorted(found, key=lambda one: (one.waiting.received_at, one.waiting.id))

    async def settled(self, source: SourceName, ids: Collection[str]) -> None:
        await MemoryBatch(self, source, ()).applied(ids)

    async def sweep(self, before: datetime) -> int:
        old = [name for name, one in self.kept.items() if one.done_at is not None and one.done_at < before]
        for name in old:
            del self.kept[name]
        return len(old)


@dataclass(frozen=True, slots=True)
class MemoryBatch:
    inbox: MemoryInbox
    source: SourceName
    waiting: tuple[Waiting, ...]

    async def applied(self, ids: Collection[str]) -> None:
        now = self.inbox.clock()
        for name, one in self._of(ids):
            self.inbox.kept[name] = replace(one, due_at=None, done_at=now)

    async def again(self, ids: Collection[str], reason: str, wait_s: float) -> None:
        due = self.inbox.clock() + timedelta(seconds=wait_s)
        for name, one in self._of(ids):
            waiting = replace(one.waiting, tries=one.waiting.tries + 1)
            self.inbox.kept[name] = replace(one, waiting=waiting, due_at=due, reason=reason)

    async def aside(self, ids: Collection[str], reason: str) -> None:
        for name, one in self._of(ids):
            self.inbox.kept[name] = replace(one, due_at=None, reason=reason)

    def _of(self, ids: Collection[str]) -> list[tuple[Name, Kept]]:
        named = [((self.source, id_), self.inbox.kept.get((self.source, id_))) for id_ in ids]
        return [(name, one) for name, one in named if one is not None and one.done_at is None]
