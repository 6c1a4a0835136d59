"""What a source no longer shows is marked as gone, unless too much of it would be; whatever the source."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Broken, Unavailable
from remit.domain.ids import AreaKey
from remit.ports import Intake, SourceState
from remit.usecases.desk import Desk
from remit_integrations.census import FEW, MARKED_AT_ONCE
from remit_integrations.sync import Synchronised, synchronise
from support.census import AFeed, numbered
from support.desks import JIRA, AClock, a_desk
from support.memory_mirror import MemoryMirror

WEEK = timedelta(days=7)


class Interrupted(MemoryMirror):
    """A mirror whose process ends before the page with a number, counted from when it is set."""

    ends_before: int | None = None

    async def take(self, intake: Intake) -> None:
        if self.ends_before == 0:
            raise Broken("the process ended here")
        if self.ends_before is not None:
            self.ends_before -= 1
        await super().take(intake)


@dataclass(frozen=True, slots=True)
class Counting:
    """A source of 300 records, all of them mirrored and counted a day ago."""

    feed: AFeed
    desk: Desk
    mirror: Interrupted
    clock: AClock

    async def run(self, *, full: bool = False) -> Synchronised:
        return await synchronise(self.desk, self.feed.source(), full=full)

    async def state(self) -> SourceState:
        (state,) = await self.mirror.sources()
        return state

    async def gone(self) -> set[str]:
        return numbered(2000) & ({id_ for _, id_ in self.mirror.items} - await self.mirror.present(JIRA))

    async def marks(self) -> Mapping[AreaKey, int]:
        return await self.mirror.watermarks([AreaKey("shop"), AreaKey("checkout")])


async def counting_of(records: int) -> Counting:
    clock, mirror = AClock(), Interrupted()
    feed = AFeed(clock, numbered(records))
    parts = Counting(feed, await a_desk(mirror=mirror, clock=clock, synchronised=False), mirror, clock)
    await parts.run()
    clock.goes_on(days=1)
    feed.asked.clear()
    return parts


@pytest.fixture
async def counting() -> Counting:
    return await counting_of(300)


async def test_what_is_there_no_more_is_marked_with_the_present_and_told(counting: Counting) -> None:
    counting.feed.there -= {"7", "8"}
    with capture_logs() as logs:
        assert await counting.run() == Synchronised(JIRA, 0, 0, 0, gone=2)
    held = await counting.mirror.by_ids(JIRA, ["6", "7", "8"])
    assert {id_: one.gone_at for id_, one in held.items()} == {"6": None, "7": counting.clock(), "8": counting.clock()}
    assert [entry for entry in logs if entry["event"] == "census.done"] == [
        {"event": "census.done", "log_level": "info", "source": JIRA, "held": 300, "seen": 0, "gone": 2}
    ]


async def test_only_what_is_not_shown_is_asked_for(counting: Counting) -> None:
    counting.feed.there.remove("7")
    counting.feed.unindexed = {"8"}
    await counting.run()
    assert counting.feed.asked == ["7", "8"]


async def test_what_a_search_does_not_show_but_is_there_stays(counting: Counting) -> None:
    counting.feed.unindexed = {"7", "8"}
    assert await counting.run() == Synchronised(JIRA, 2, 0, 0)
    assert await counting.gone() == set()


async def test_what_a_search_still_shows_is_asked_for_by_its_id_and_stays_gone(counting: Counting) -> None:
    counting.feed.there -= {"7"}
    await counting.run()
    counting.clock.goes_on(minutes=5)
    counting.feed.asked.clear()
    counting.feed.lingering = {"6", "7"}
    assert await counting.run() == Synchronised(JIRA, 2, 0, 0)
    assert (await counting.gone(), counting.feed.asked) == ({"7"}, ["7"])


async def test_what_a_search_shows_again_is_back_at_once_when_it_is_there_by_its_id(counting: Counting) -> None:
    counting.feed.there -= {"7"}
    await counting.run()
    counting.clock.goes_on(minutes=5)
    counting.feed.there |= {"7"}
    counting.feed.lingering = {"7"}
    await counting.run()
    assert await counting.gone() == set()


async def test_what_is_there_but_left_out_is_marked_too(counting: Counting) -> None:
    counting.feed.left_out = {"7"}
    assert (await counting.run()).gone == 1
    assert await counting.gone() == {"7"}


async def test_it_is_held_once_a_day(counting: Counting) -> None:
    await counting.run()
    counting.feed.there.remove("7")
    counting.clock.goes_on(hours=23)
    early = await counting.run()
    counting.clock.goes_on(hours=1)
    assert (early.gone, (await counting.run()).gone) == (0, 1)


async def test_it_is_held_after_every_whole_reading(counting: Counting) -> None:
    await counting.run()
    counting.feed.there.remove("7")
    assert (await counting.run(full=True)).gone == 1


async def test_the_watermark_of_an_area_rises_with_each_record_it_lost(counting: Counting) -> None:
    before = await counting.marks()
    counting.feed.there -= {"7", "8"}
    await counting.run()
    assert await counting.marks() == {AreaKey("shop"): before[AreaKey("shop")] + 2}


async def test_what_is_gone_already_is_not_marked_again(counting: Counting) -> None:
    counting.feed.there.remove("7")
    await counting.run()
    before, since = await counting.marks(), counting.clock()
    counting.clock.goes_on(days=1)
    assert await counting.run() == Synchronised(JIRA, 0, 0, 0)
    assert (await counting.mirror.by_ids(JIRA, ["7"]))["7"].gone_at == since
    assert await counting.marks() == before


async def test_what_is_there_again_is_present_again_though_it_has_not_changed(counting: Counting) -> None:
    counting.feed.there.remove("7")
    await counting.run()
    counting.clock.goes_on(days=1)
    counting.feed.there.add("7")
    assert await counting.run() == Synchronised(JIRA, 1, 1, 0)
    assert await counting.gone() == set()


async def test_what_is_new_to_the_mirror_is_read(counting: Counting) -> None:
    counting.feed.there.add("301")
    assert await counting.run() == Synchronised(JIRA, 1, 1, 0)
    assert "301" in await counting.mirror.present(JIRA)


@pytest.mark.parametrize(("records", "lost"), [(FEW + 10, FEW), (300, 60), (100, 50)])
async def test_a_small_share_or_a_small_number_may_vanish_at_once(records: int, lost: int) -> None:
    counting = await counting_of(records)
    counting.feed.there -= numbered(lost)
    assert (await counting.run()).gone == lost


@pytest.mark.parametrize(("records", "lost"), [(FEW + 10, FEW + 1), (300, 61), (1, 1), (20, 20)])
async def test_when_more_would_vanish_nothing_is_marked_and_the_source_is_in_trouble(records: int, lost: int) -> None:
    counting = await counting_of(records)
    counting.feed.there -= numbered(lost)
    with capture_logs() as logs:
        done = await counting.run()
    says = (
        f"jira no longer shows a great part of the {records} records it showed before; they are kept until "
        "2026-12-01T12:00:00Z: check the permissions of the account and the site's address"
    )
    state = await counting.state()
    assert done == Synchronised(JIRA, 0, 0, 0, doubt=says)
    assert (await counting.gone(), state.trouble, state.last_success_at) == (set(), says, counting.clock())
    assert [(entry["log_level"], entry["trouble"]) for entry in logs if entry["event"] == "census.doubted"] == [
        ("warning", says)
    ]


async def test_what_is_left_out_on_purpose_may_be_most_of_it(counting: Counting) -> None:
    counting.feed.left_out = numbered(250)
    assert (await counting.run()).gone == 250
    assert (await counting.state()).trouble is None


async def test_a_doubt_does_not_keep_new_records_out_nor_mark_those_asked_for_with_them(counting: Counting) -> None:
    counting.feed.there = numbered(330) - numbered(100)
    done = await counting.run()
    assert (done.seen, done.changed, done.gone) == (30, 30, 0)
    assert await counting.gone() == set()


async def test_a_doubt_is_told_by_every_run_until_a_census_finds_all_well(counting: Counting) -> None:
    everything = set(counting.feed.there)
    counting.feed.there -= numbered(100)
    await counting.run()
    told = (await counting.state()).trouble
    counting.clock.goes_on(hours=1)
    again = await counting.run()
    assert told is not None
    assert ((await counting.state()).trouble, again.doubt) == (told, told)
    counting.clock.goes_on(days=1)
    counting.feed.there = everything
    await counting.run()
    assert (await counting.state()).trouble is None


async def test_a_doubt_outlives_other_trouble_and_a_whole_reading(counting: Counting) -> None:
    counting.feed.there -= numbered(100)
    await counting.run()
    told = (await counting.state()).trouble
    await counting.mirror.attempted(JIRA, counting.clock(), "it was down")
    counting.clock.goes_on(days=1)
    await counting.run(full=True)
    assert (await counting.state()).trouble == told


async def test_a_doubt_that_has_stood_as_long_as_a_source_may_be_silent_is_given_up(counting: Counting) -> None:
    counting.feed.there -= numbered(100)
    gone = []
    for _ in range(9):
        gone.append((await counting.run()).gone)
        counting.clock.goes_on(days=1)
    assert gone == [0] * 8 + [100]
    assert (await counting.gone(), (await counting.state()).trouble) == (numbered(100), None)


async def test_trouble_during_a_census_takes_nothing_from_what_was_read(counting: Counting) -> None:
    def fail() -> None:
        raise Unavailable("Jira is down")

    counting.feed.there.remove("7")
    counting.feed.confirms = fail
    with pytest.raises(Unavailable):
        await counting.run()
    state = await counting.state()
    assert (state.last_success_at, state.trouble) == (counting.clock(), "Jira is down")
    assert await counting.gone() == set()
    counting.feed.confirms = lambda: None
    assert (await counting.run()).gone == 1


async def test_credentials_are_proven_once_more_before_anything_is_marked(counting: Counting) -> None:
    greeted = counting.feed.greeted
    await counting.run()
    assert counting.feed.greeted == greeted + 1
    counting.feed.there.remove("7")
    counting.clock.goes_on(days=1)
    await counting.run()
    assert counting.feed.greeted == greeted + 3


async def test_a_census_told_to_stop_marks_nothing_and_is_held_again(counting: Counting) -> None:
    stop = asyncio.Event()
    counting.feed.there.remove("7")
    counting.feed.confirms = stop.set
    done = await synchronise(counting.desk, replace(counting.feed.source()), stop=stop)
    assert (done.gone, await counting.gone()) == (0, set())
    assert (await counting.run()).gone == 1


async def test_killed_between_two_batches_the_next_run_marks_the_rest_and_nothing_twice() -> None:
    lost = MARKED_AT_ONCE + 5
    counting = await counting_of(5 * lost)
    untouched = await counting.marks()
    counting.feed.there -= numbered(lost)
    counting.mirror.ends_before = 2  # the empty page of the run, then the first batch
    with pytest.raises(Broken):
        await counting.run()
    first = len(counting.mirror.items) - len(await counting.mirror.present(JIRA))
    counting.mirror.ends_before = None
    second = (await counting.run()).gone
    assert (first, second) == (MARKED_AT_ONCE, 5)
    assert await counting.marks() == {AreaKey("shop"): untouched[AreaKey("shop")] + lost}
