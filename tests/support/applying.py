"""A worker that applies deliveries in memory, of a source that a test fills, and how to wait for what it does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from structlog.testing import capture_logs

from remit.domain.arrivals import Arrival, Hint
from remit.domain.ids import SourceName
from remit.domain.records import Gone, Reference
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page
from remit_integrations.inbox import Applying
from remit_integrations.source import Feed, Greeting, Source
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.memory_inbox import MemoryInbox

SOON = 0.001


@dataclass(slots=True)
class Shown:
    """A source that shows these issues by id; `troubles` end its next openings."""

    name: SourceName = JIRA
    issues: dict[str, str] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    named: int = 0
    opened: int = 0
    at_once: int = 0
    most_at_once: int = 0
    before: Callable[[], None] = lambda: None
    names: Callable[[], None] = lambda: None

    def source(self) -> Source:
        return Source(self.name, "shown", self.open)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Feed]:
        self.opened += 1
        yield self  # type: ignore[misc]

    async def greet(self) -> Greeting:
        if self.troubles:
            raise self.troubles.pop(0)
        return Greeting("me", 0.0)

    async def confirmed(self, ids: Sequence[str]) -> AsyncIterator[Page]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.asked.append(tuple(ids))
        self.before()
        await asyncio.sleep(0)
        items = tuple(pulled(an_issue(key, id=id_, updated=NOW)) for id_, key in self.issues.items() if id_ in ids)
        gone = tuple(Gone(self.name, id_, NOW) for id_ in ids if id_ not in self.issues)
        self.at_once -= 1
        if ids:
            yield Page(items=items, gone=gone, asked_at=NOW)

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        self.named += 1
        self.names()
        yield [Reference(self.name, "project", "1", f"Shop {self.named}", b"{}")]


def told(id_: str, *concerns: str, renames: bool = False) -> Arrival:
    return Arrival(JIRA, id_, Hint("jira:issue_updated", concerns, renames=renames), b"{}")


@dataclass(slots=True)
class Working:
    """A worker, what it works on, and how to wait for what it does."""

    desk: Desk
    inbox: MemoryInbox
    shown: Shown
    clock: AClock
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def worker(self) -> Applying:
        return Applying(self.desk, self.inbox, self.stop, every_s=SOON)

    async def until(self, happens: Callable[[], bool], workers: int = 1) -> list[str]:
        """Let workers work until something has happened, then end them; the events they logged."""
        with capture_logs() as logs:
            running = [asyncio.create_task(self.worker().run([self.shown.source()])) for _ in range(workers)]
            while not happens() and not any(one.done() for one in running):  # noqa: ASYNC110 - whatever it is
                await asyncio.sleep(SOON)
            self.stop.set()
            await asyncio.gather(*running)
        return [one["event"] for one in logs]

    def done(self, *ids: str) -> bool:
        return all(self.inbox.kept[JIRA, id_].done_at is not None for id_ in ids)


async def a_worker() -> Working:
    """One with nothing to do yet."""
    clock = AClock()
    desk = await a_desk(clock=clock, model=None)
    return Working(desk, MemoryInbox(clock), Shown(), clock)


async def keys(desk: Desk, ids: Collection[str]) -> set[str]:
    """Of the records with these ids that are mirrored."""
    return {one.item.key for one in (await desk.mirror.by_ids(JIRA, ids)).values()}
