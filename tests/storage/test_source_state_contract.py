"""What every mirror promises about how a source is doing: its cursor, attempts, successes and trouble."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.domain.records import Parked
from remit.ports import MirrorStore, SourceState
from remit.storage.mirror import PostgresMirror
from support.desks import JIRA, NOW, a_page
from support.memory_mirror import MemoryMirror

LATER = NOW + timedelta(hours=1)


class SourceStateContract:
    async def test_a_source_never_tried_has_no_state(self, mirror: MirrorStore) -> None:
        assert await mirror.sources() == ()

    async def test_an_attempt_is_noted(self, mirror: MirrorStore) -> None:
        await mirror.attempted(JIRA, NOW, None)
        assert await mirror.sources() == (SourceState(JIRA, last_attempt_at=NOW),)

    async def test_a_page_moves_the_cursor_and_is_no_success_yet(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(cursor=b"here"))
        assert await mirror.sources() == (SourceState(JIRA, b"here", None, NOW),)

    async def test_a_success_is_noted_with_its_cursor(self, mirror: MirrorStore) -> None:
        await mirror.succeeded(JIRA, NOW, b"here")
        assert await mirror.sources() == (SourceState(JIRA, b"here", NOW, NOW),)

    async def test_trouble_leaves_cursor_and_last_success_alone(self, mirror: MirrorStore) -> None:
        await mirror.succeeded(JIRA, NOW, b"here")
        await mirror.attempted(JIRA, LATER, "it is down")
        assert await mirror.sources() == (SourceState(JIRA, b"here", NOW, LATER, "it is down", 1),)

    async def test_trouble_stays_while_the_next_attempt_is_under_way(self, mirror: MirrorStore) -> None:
        await mirror.attempted(JIRA, NOW, "it is down", failures=3, retry_at=LATER)
        await mirror.attempted(JIRA, LATER, None)
        await mirror.take(a_page(cursor=b"here", at=LATER))
        assert await mirror.sources() == (SourceState(JIRA, b"here", None, LATER, "it is down", 3, LATER),)

    async def test_trouble_is_noted_with_how_often_and_until_when(self, mirror: MirrorStore) -> None:
        await mirror.attempted(JIRA, NOW, "it is down", failures=3, retry_at=LATER)
        await mirror.attempted(JIRA, LATER, "it wants silence", failures=3)
        assert await mirror.sources() == (SourceState(JIRA, None, None, LATER, "it wants silence", 3, None),)

    async def test_a_success_ends_the_trouble(self, mirror: MirrorStore) -> None:
        await mirror.attempted(JIRA, NOW, "it is down", failures=3, retry_at=LATER)
        await mirror.succeeded(JIRA, LATER, b"here")
        assert await mirror.sources() == (SourceState(JIRA, b"here", LATER, LATER),)

    async def test_a_success_may_leave_trouble_of_its_own(self, mirror: MirrorStore) -> None:
        await mirror.attempted(JIRA, NOW, "it is down")
        await mirror.succeeded(JIRA, LATER, b"here", "too much is gone")
        assert await mirror.sources() == (SourceState(JIRA, b"here", LATER, LATER, "too much is gone"),)

    async def test_what_was_parked_before_a_whole_reading_and_not_in_it_is_forgotten(self, mirror: MirrorStore) -> None:
        forum, stays, goes = SourceName("forum"), Parked(JIRA, "1", "broken", b"{}"), Parked(JIRA, "2", "broken", b"{}")
        await mirror.take(a_page(parked=(stays, goes)))
        await mirror.take(replace(a_page(parked=(Parked(forum, "1", "broken", b"{}"),)), source=forum))
        await mirror.take(a_page(parked=(stays,), at=LATER))
        await mirror.forget_parked(JIRA, LATER)
        assert {name: counts.parked for name, counts in (await mirror.counts()).items()} == {JIRA: 1, forum: 1}

    async def test_sources_are_told_by_name(self, mirror: MirrorStore) -> None:
        for name in ("jira", "forum", "mail"):
            await mirror.attempted(SourceName(name), NOW, None)
        assert [source.name for source in await mirror.sources()] == ["forum", "jira", "mail"]

    async def test_an_earlier_instant_has_the_last_success_by_then_and_no_more(self, mirror: MirrorStore) -> None:
        await mirror.succeeded(JIRA, NOW, b"here")
        await mirror.succeeded(JIRA, LATER, b"further")
        await mirror.attempted(JIRA, LATER, "it is down")
        before, moment = NOW - timedelta(seconds=1), timedelta(seconds=1)
        told = {at: await mirror.sources(at) for at in (before, NOW, LATER - moment, LATER, LATER + moment)}
        assert told == {
            before: (SourceState(JIRA),),
            NOW: (SourceState(JIRA, last_success_at=NOW),),
            LATER - moment: (SourceState(JIRA, last_success_at=NOW),),
            LATER: (SourceState(JIRA, last_success_at=LATER),),
            LATER + moment: (SourceState(JIRA, last_success_at=LATER),),
        }

    async def test_of_days_long_past_the_last_success_is_kept(self, mirror: MirrorStore) -> None:
        """Each day is read at noon and at 18 hours, UTC; at last on day 10."""
        noons = [NOW + timedelta(days=day) for day in range(11)]
        for noon in noons:
            await mirror.succeeded(JIRA, noon, b"here")
            await mirror.succeeded(JIRA, noon + timedelta(hours=6), b"here")
        told = [(await mirror.sources(noon))[0].last_success_at for noon in noons]
        evenings = [noon - timedelta(hours=18) for noon in noons]
        assert told == [None, evenings[1], *noons[2:]]


class TestInMemory(SourceStateContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(SourceStateContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)
