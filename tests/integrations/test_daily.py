"""Days are kept by whichever worker comes first, each once, and trouble is tried again in the next turn."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from structlog.testing import capture_logs

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.domain.errors import Broken
from remit.ports import Leases
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_integrations.daily import LEASE, Daily
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.memory_days import MemoryDays
from support.memory_mirror import MemoryLeases

DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 22)


class Unsteady(MemoryDays):
    """Fails to write some days, by their number, and notes which were written."""

    def __init__(self, *fails: int, stop: asyncio.Event | None = None, stop_after: int = 0) -> None:
        super().__init__()
        self._fails, self._stop, self._stop_after = fails, stop, stop_after
        self._tries = 0
        self.written: list[date] = []

    async def keep(
        self, kept: KeptDay, names: Sequence[str], areas: Sequence[AreaDay], people: Sequence[PersonDay]
    ) -> None:
        self._tries += 1
        if self._tries in self._fails:
            raise Broken("the database cannot be reached")
        await super().keep(kept, names, areas, people)
        self.written.append(kept.day)
        if self._stop is not None and len(self.written) == self._stop_after:
            self._stop.set()


async def a_desk_with(days: MemoryDays, clock: AClock | None = None) -> Desk:
    desk = await a_desk(clock=clock)
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-1", created=NOW - 3 * DAY)),)))
    desk.evidence.days = days  # type: ignore[misc]  # what a store in memory is given to keep days in
    return desk


def daily(desk: Desk, leases: Leases | None = None, stop: asyncio.Event | None = None, **said: timedelta) -> Daily:
    return Daily(desk, leases or MemoryLeases(), stop or asyncio.Event(), **said, every_s=0.001)  # type: ignore[arg-type]


async def test_every_day_is_written_once_the_last_one_first_and_each_is_told() -> None:
    days = Unsteady()
    worker = daily(await a_desk_with(days))
    with capture_logs() as logs:
        assert [await worker.once(), await worker.once()] == [28, 0]
    assert days.written == [YESTERDAY - back * DAY for back in range(28)]
    assert [one["event"] for one in logs] == ["days.kept"] * 28
    assert logs[0] == {
        "event": "days.kept", "log_level": "info", "day": "2026-11-22", "areas": 5, "people": 2, "degraded": [],
    }  # fmt: skip


async def test_while_another_process_does_nobody_else_does() -> None:
    days, leases = Unsteady(), MemoryLeases()
    worker = daily(await a_desk_with(days), leases)
    async with leases.lease(LEASE):
        assert await worker.once() == 0
    assert days.written == []
    assert await worker.once() == 28


async def test_workers_side_by_side_write_each_day_once() -> None:
    days, leases = Unsteady(), MemoryLeases()
    desk = await a_desk_with(days)
    written = await asyncio.gather(*(daily(desk, leases).once() for _ in range(4)))
    assert sorted(written) == [0, 0, 0, 28]
    assert len(days.written) == len(set(days.written)) == 28


async def test_a_database_that_goes_away_ends_the_turn_and_the_next_one_goes_on_where_it_was() -> None:
    days = Unsteady(4)
    worker = daily(await a_desk_with(days))
    with capture_logs() as logs:
        assert await worker.once() == 0
    assert [(one["event"], one.get("code")) for one in logs[-1:]] == [("days.wait", "BROKEN")]
    assert days.written == [YESTERDAY, YESTERDAY - DAY, YESTERDAY - 2 * DAY]
    assert await worker.once() == 25
    assert days.written == [YESTERDAY - back * DAY for back in range(28)]


async def test_told_to_stop_it_ends_after_the_day_under_way() -> None:
    stop = asyncio.Event()
    days = Unsteady(stop=stop, stop_after=3)
    await daily(await a_desk_with(days), stop=stop).run()
    assert len(days.written) == 3


async def test_as_each_day_ends_it_is_written_and_the_oldest_leaves() -> None:
    clock, days = AClock(), Unsteady()
    desk = await a_desk_with(days, clock)
    worker = daily(desk, kept_for=3 * DAY)
    assert await worker.once() == 3
    clock.goes_on(days=1)
    await desk.mirror.succeeded(JIRA, clock(), b"a cursor")
    assert [await worker.once(), await worker.once()] == [1, 0]
    assert set(await days.kept(YESTERDAY - 99 * DAY)) == {YESTERDAY + DAY, YESTERDAY, YESTERDAY - DAY}


class Unheard(MemoryDays):
    """Fails in a way nobody foresaw, and lets the worker end the second time."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop, self._tries = stop, 0

    async def kept(self, since: date) -> Mapping[date, KeptDay]:
        self._tries += 1
        if self._tries == 2:
            self._stop.set()
        raise KeyError("day")


async def test_what_nobody_foresaw_is_told_and_it_is_tried_again_in_the_next_turn() -> None:
    stop = asyncio.Event()
    with capture_logs() as logs:
        await daily(await a_desk_with(Unheard(stop)), stop=stop).run()
    assert [(one["event"], one["doing"]) for one in logs] == [
        ("worker.unforeseen", "keeping what is told of each day")
    ] * 2
