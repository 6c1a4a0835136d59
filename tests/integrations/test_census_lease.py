"""A census writes nothing more once the lease is lost, at whichever of its steps: another worker may hold one."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from remit.domain.errors import Broken
from remit_integrations.census import MARKED_AT_ONCE
from remit_integrations.sync import state_of, synchronise
from support.census import AFeed, numbered
from support.desks import JIRA, AClock, a_desk

LOST = MARKED_AT_ONCE + 5
PAGES = 11
"""Of a hundred records each that are asked for by id: those that are not shown, and one that is new."""


@dataclass(slots=True)
class Lease:
    """One that is lost after it was asked for so many times."""

    lasts: int

    async def still(self) -> None:
        if self.lasts == 0:
            raise Broken("the lease was lost")
        self.lasts -= 1


@pytest.mark.parametrize(
    ("steps", "read", "gone"),
    [(0, 0, 0), (1, 1, 0), (PAGES, 1, 0), (PAGES + 1, 1, MARKED_AT_ONCE), (PAGES + 2, 1, LOST)],
    ids=["before the new one is read", "before another page", "before marking", "between markings", "before its end"],
)
async def test_who_has_lost_the_lease_in_the_midst_of_a_census_writes_no_further(
    steps: int, read: int, gone: int
) -> None:
    clock = AClock()
    desk, feed = await a_desk(clock=clock, synchronised=False), AFeed(clock, numbered(5 * LOST))
    await synchronise(desk, feed.source())
    clock.goes_on(days=1)
    feed.there -= numbered(LOST)
    feed.there.add("0")
    before = await state_of(desk, JIRA)
    with pytest.raises(Broken, match="the lease was lost"):
        await synchronise(desk, feed.source(), held=Lease(lasts=2 + steps))  # two for the pages before the census
    after, present = await state_of(desk, JIRA), await desk.mirror.present(JIRA)
    assert ("0" in present, len(numbered(5 * LOST) - present)) == (read == 1, gone)
    assert before is not None
    assert after is not None
    assert after.cursor == before.cursor, "the next run counts again"
    clock.goes_on(seconds=timedelta(hours=1).total_seconds())
    done = await synchronise(desk, feed.source())
    assert (done.seen, done.gone) == (1 - read, LOST - gone)
