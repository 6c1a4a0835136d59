"""A record that cannot be taken in, for a reason nobody foresaw, is parked; it ends no run and holds up no other."""

from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from remit.domain.records import Parked
from remit.ports import Counts, Intake
from remit.usecases.desk import Desk
from remit_integrations.by_id import take_by_id
from remit_integrations.sync import Synchronised, state_of, synchronise
from remit_integrations.taking import MOST_AT_FAULT
from support.census import AFeed, numbered
from support.desks import JIRA, AClock, a_desk
from support.memory_mirror import MemoryMirror

WHY = "taking it in failed (ValueError); report what the log says, then replay it"
AT_FAULT = "7"


class Choosy(MemoryMirror):
    """A mirror that nothing of some records can be written to, for a reason nobody foresaw; it counts the tries."""

    refuses: frozenset[str] = frozenset({AT_FAULT})
    tried: int = 0

    async def take(self, intake: Intake) -> None:
        self.tried += bool(intake.seen)
        if self.refuses & intake.seen:
            raise ValueError("of a kind that nobody has met")
        await super().take(intake)


@dataclass(frozen=True, slots=True)
class World:
    """A source of 200 records, none of them read yet."""

    feed: AFeed
    desk: Desk
    mirror: Choosy

    async def run(self) -> Synchronised:
        return await synchronise(self.desk, self.feed.source())

    async def held(self) -> set[str]:
        return set(await self.mirror.present(JIRA))


@pytest.fixture
async def world() -> World:
    clock, mirror = AClock(), Choosy()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    return World(AFeed(clock, numbered(200)), desk, mirror)


async def test_only_the_record_at_fault_is_parked_and_the_source_goes_on(world: World) -> None:
    world.feed.unindexed = {AT_FAULT}  # so that the census does not ask for it once more
    with capture_logs() as logs:
        done = await world.run()
    assert done == Synchronised(JIRA, seen=199, changed=199, parked=1)
    assert await world.held() == numbered(200) - {AT_FAULT}
    parked = world.mirror.parked[JIRA, AT_FAULT]
    assert parked == Parked(JIRA, AT_FAULT, WHY, parked.raw)
    assert b"SHOP-7" in parked.raw, "as it was told"
    state = await state_of(world.desk, JIRA)
    assert state is not None
    assert (state.trouble, state.failures, state.cursor is not None) == (None, 0, True)
    assert [one["record"] for one in logs if one["event"] == "sync.unforeseen"] == [AT_FAULT]
    assert world.mirror.tried <= 2 + 2 * 8, (
        "the whole twice, then halved as often as it takes to find one of two hundred"
    )


async def test_what_was_mirrored_of_it_stays_and_it_leaves_the_parking_place_once_it_can_be_taken_in(
    world: World,
) -> None:
    await world.run()
    world.mirror.refuses = frozenset()
    async with world.feed.source().open() as feed:
        await take_by_id(world.desk, JIRA, feed, [AT_FAULT])
    assert (await world.held(), world.mirror.parked) == (numbered(200), {})
    world.mirror.refuses = frozenset({AT_FAULT})
    async with world.feed.source().open() as feed:
        await take_by_id(world.desk, JIRA, feed, [AT_FAULT])
    assert await world.held() == numbered(200)
    assert (await world.mirror.counts())[JIRA] == Counts(records=200, parked=1)


async def test_a_census_parks_it_as_well(world: World) -> None:
    world.feed.left_out = {AT_FAULT}
    await world.run()
    world.feed.left_out = set()
    world.feed.clock.goes_on(days=1)
    done = await world.run()
    assert (done.gone, done.doubt, list(world.mirror.parked)) == (0, None, [(JIRA, AT_FAULT)])
    assert await world.held() == numbered(200) - {AT_FAULT}


async def test_when_very_many_fail_it_is_not_they_that_are_at_fault_and_none_is_parked(world: World) -> None:
    world.mirror.refuses = frozenset(numbered(MOST_AT_FAULT + 1))
    with pytest.raises(ValueError, match="nobody has met"):
        await world.run()
    state = await state_of(world.desk, JIRA)
    assert state is not None
    assert (state.cursor, state.failures, world.mirror.parked) == (None, 1, {})
    world.mirror.refuses = frozenset()
    assert (await world.run()).parked == 0
    assert await world.held() == numbered(200)
