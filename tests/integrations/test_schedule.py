"""When sources are synchronised: again and again, gently after trouble, one holder of a lease at a time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Broken, Limited, Rejected, Unavailable
from remit.domain.records import Reference
from remit.ports import SourceState
from remit.usecases.take_records import Page
from remit_integrations.schedule import Schedule
from remit_integrations.source import Census, Doubt, Feed, Greeting, Source
from remit_integrations.sync import Synchronised, synchronise
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.memory_mirror import MemoryLeases

SOON = 0.001
Ending = Exception | None


@dataclass(slots=True)
class Scripted:
    """A source whose runs end as written down; `done` is set when all have been made."""

    endings: Sequence[Ending] = (None,)
    pages_of_a_run: Sequence[Page] = (Page(cursor=b"c"),)
    runs: int = 0
    running: int = 0
    at_once: int = 0
    cursors: list[bytes | None] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    before_page: Callable[[int], None] = lambda page: None

    def source(self) -> Source:
        return Source(JIRA, "scripted", self.open)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Feed]:
        self.running += 1
        self.at_once = max(self.at_once, self.running)
        yield self
        self.running -= 1

    async def greet(self) -> Greeting:
        ending = self.endings[self.runs] if self.runs < len(self.endings) else None
        self.runs += 1
        self.running -= 1 if ending is not None else 0
        if self.runs >= len(self.endings):
            self.done.set()
        if ending is not None:
            raise ending
        return Greeting("me", 0.0)

    async def withheld(self) -> Sequence[str]:
        return ()

    async def estimate(self, cursor: bytes | None) -> int | None:
        return None

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        return
        yield

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        self.cursors.append(cursor)
        for number, page in enumerate(self.pages_of_a_run):
            self.before_page(number)
            yield page

    def is_whole(self, cursor: bytes | None) -> bool:
        return cursor is None

    def census(self, cursor: bytes | None) -> Census:
        return Census(due=False)

    async def shown(self) -> AsyncGenerator[Collection[str], None]:
        return
        yield

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        return
        yield

    def counted(self, cursor: bytes, doubt: Doubt | None) -> bytes:
        return cursor


def now() -> datetime:
    return datetime.now(UTC)


async def logged(scripted: Scripted, every_s: float = SOON) -> Sequence[MutableMapping[str, Any]]:
    """Run a schedule until the script is over; what it told."""
    desk, stop = await a_desk(model=None, synchronised=False, clock=now), asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.ensure_future(Schedule(desk, MemoryLeases(), every_s, stop).run([scripted.source()]))
        await scripted.done.wait()
        stop.set()
        await running
    return logs


async def polled(scripted: Scripted, every_s: float = SOON) -> list[tuple[str, float]]:
    """The waits a schedule told of until the script was over."""
    logs = await logged(scripted, every_s)
    return [(log["code"], log["wait_s"]) for log in logs if log["event"] in ("schedule.waits", "sync.failed")]


async def test_a_source_is_read_again_and_again() -> None:
    scripted = Scripted([None] * 5)
    assert await polled(scripted) == []
    assert scripted.runs >= 5


async def test_after_trouble_the_waits_double_up_to_twelve_turns_and_start_anew_after_success() -> None:
    down, no = Unavailable("down"), Rejected("no")
    waits = await polled(Scripted([down, no, down, down, down, down, None, down, None]))
    assert [code for code, _ in waits] == ["SOURCE_UNAVAILABLE", "SOURCE_REJECTED", *["SOURCE_UNAVAILABLE"] * 5]
    assert [wait_s / SOON for _, wait_s in waits] == [1, 2, 4, 8, 12, 12, 1]


async def test_a_database_that_is_gone_is_tried_gently_as_well() -> None:
    waits = await polled(Scripted([Broken("no database"), Broken("no database"), None]))
    assert waits == [("BROKEN", SOON), ("BROKEN", SOON * 2)]


async def test_what_nobody_foresaw_ends_one_run_and_not_the_worker() -> None:
    scripted = Scripted([KeyError("fields"), None])
    (told,) = [one for one in await logged(scripted) if one["event"] == "worker.unforeseen"]
    assert (told["doing"], told["source"], repr(told["exc_info"])) == ("reading", JIRA, "KeyError('fields')")
    assert scripted.runs >= 2


async def test_what_nobody_foresaw_is_told_as_the_sources_trouble_and_come_back_to_gently() -> None:
    desk, scripted = await a_desk(model=None, synchronised=False), Scripted([KeyError("fields"), KeyError("fields")])
    for failures in (1, 2):
        with pytest.raises(KeyError):
            await synchronise(desk, scripted.source(), every_s=300)
        (state,) = await desk.mirror.sources()
        assert (state.failures, state.retry_at) == (failures, NOW + timedelta(seconds=300 * failures))
    assert state.trouble == "reading jira failed in a way nobody foresaw (KeyError); report what the log says"
    await synchronise(desk, scripted.source())
    (state,) = await desk.mirror.sources()
    assert (state.trouble, state.failures, state.retry_at) == (None, 0, None)


async def test_a_limit_is_waited_out_instead_of_slept_through_in_a_run() -> None:
    waits = await polled(Scripted([Limited("slow", retry_after_s=SOON * 30), Limited("slow"), Limited("slow"), None]))
    assert waits == [("SOURCE_LIMITED", SOON * 30), ("SOURCE_LIMITED", SOON), ("SOURCE_LIMITED", SOON * 2)]


async def test_being_told_to_stop_ends_a_wait_of_an_hour_at_once() -> None:
    await asyncio.wait_for(polled(Scripted([None]), every_s=3600), timeout=60)


async def test_another_worker_or_a_restart_honours_the_wait_a_source_asked_for() -> None:
    clock, stop, leases = AClock(), asyncio.Event(), MemoryLeases()
    desk = await a_desk(model=None, synchronised=False, clock=clock)
    limited, after = Scripted([Limited("slow", retry_after_s=1847.0)]), Scripted()
    with pytest.raises(Limited):
        await synchronise(desk, limited.source())
    (noted,) = await desk.mirror.sources()
    running = asyncio.ensure_future(Schedule(desk, leases, SOON, stop).run([after.source()]))
    for _ in range(50):
        await asyncio.sleep(0)
    before = after.runs
    clock.goes_on(seconds=1847)
    while (await desk.mirror.sources())[0].trouble is not None:  # noqa: ASYNC110 - no event tells of it
        await asyncio.sleep(0)
    stop.set()
    await running
    assert noted == SourceState(JIRA, None, None, NOW, "slow", 0, NOW + timedelta(seconds=1847))
    assert before == 0
    (closed,) = await desk.mirror.sources()
    assert (closed.trouble, closed.failures, closed.retry_at) == (None, 0, None)


async def test_a_source_that_another_worker_has_just_read_is_not_read_again() -> None:
    desk, stop, scripted = await a_desk(model=None, clock=now), asyncio.Event(), Scripted()
    running = asyncio.ensure_future(Schedule(desk, MemoryLeases(), 3600, stop).run([scripted.source()]))
    for _ in range(50):
        await asyncio.sleep(0)
    stop.set()
    await running
    assert scripted.runs == 0


async def test_a_source_whose_lease_is_held_elsewhere_is_left_alone() -> None:
    desk, leases, stop = await a_desk(model=None, synchronised=False, clock=now), MemoryLeases(), asyncio.Event()
    scripted = Scripted()
    async with leases.lease(JIRA):
        running = asyncio.ensure_future(Schedule(desk, leases, SOON, stop).run([scripted.source()]))
        for _ in range(50):
            await asyncio.sleep(0)
        runs = scripted.runs
    await scripted.done.wait()
    stop.set()
    await running
    assert (runs, scripted.runs > 0) == (0, True)


async def test_many_workers_do_not_read_one_source_at_once() -> None:
    desk, leases, stop = await a_desk(model=None, clock=now), MemoryLeases(), asyncio.Event()
    scripted = Scripted([None] * 20)
    schedules = [Schedule(desk, leases, SOON, stop).run([scripted.source()]) for _ in range(5)]
    running = asyncio.gather(*schedules)
    await scripted.done.wait()
    stop.set()
    await running
    assert scripted.at_once == 1


@dataclass(slots=True)
class Lost:
    """A lease that is lost after so many pages."""

    after: int
    asked: int = 0

    async def still(self) -> None:
        self.asked += 1
        if self.asked > self.after:
            raise Broken("the lease was lost")


async def test_who_has_lost_the_lease_writes_no_further_page() -> None:
    pages = [Page((pulled(an_issue(f"SHOP-{number}")),), cursor=b"%d" % number) for number in range(4)]
    desk = await a_desk(model=None, synchronised=False)
    with pytest.raises(Broken, match="the lease was lost"):
        await synchronise(desk, Scripted(pages_of_a_run=pages).source(), held=Lost(after=2))
    (state,) = await desk.mirror.sources()
    assert (state.cursor, state.last_success_at, await desk.mirror.present(JIRA)) == (
        b"1", None, {an_issue("SHOP-0").id, an_issue("SHOP-1").id},
    )  # fmt: skip


async def test_a_run_told_to_stop_ends_its_page_and_the_next_goes_on_after_it() -> None:
    pages = [Page((pulled(an_issue(f"SHOP-{number}")),), cursor=b"%d" % number) for number in range(4)]
    desk, stop = await a_desk(model=None, synchronised=False), asyncio.Event()
    scripted = Scripted(pages_of_a_run=pages, before_page=lambda number: stop.set() if number == 1 else None)
    done = await synchronise(desk, scripted.source(), stop=stop)
    (state,) = await desk.mirror.sources()
    await synchronise(desk, scripted.source())
    assert (done.seen, state.last_success_at) in [(1, None), (2, None)]
    assert scripted.cursors == [None, b"%d" % (done.seen - 1)]


async def test_a_watcher_is_told_how_a_run_goes() -> None:
    told: list[object] = []

    class Watching:
        def begins(self, source: str, about: int | None) -> None:
            told.append((source, about))

        def goes_on(self, so_far: Synchronised) -> None:
            told.append(so_far)

    pages = [Page((pulled(an_issue(f"SHOP-{number}")),), cursor=b"c") for number in range(2)]
    desk = await a_desk(model=None, synchronised=False)
    await synchronise(desk, Scripted(pages_of_a_run=pages).source(), watcher=Watching())
    assert told == [(JIRA, None), Synchronised(JIRA, 1, 1, 0), Synchronised(JIRA, 2, 2, 0)]
