"""3. JQL knows minutes, issues change in milliseconds.

The mistake: to round up, to ask for `>`, or to do without an overlap, each of which misses part of a minute; and then
to take what the overlap brings again for a change.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_integrations.jira.window import OVERLAP, Window, jql
from remit_integrations.standins.jira.jql import parse
from remit_integrations.sync import Synchronised
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import a_site, many, served
from support.memory_mirror import MemoryMirror

UTC = ZoneInfo("UTC")


@given(st.integers(0, 59_999), st.integers(0, 59_999))
def test_the_search_holds_the_whole_minute_in_which_a_window_begins(begun_ms: int, changed_ms: int) -> None:
    since = NOW + timedelta(milliseconds=begun_ms)
    search = parse(jql(Window(NOW, since), UTC), UTC, NOW)
    assert search.fits({"updated": NOW + timedelta(milliseconds=changed_ms), "key": "A-1"})


def test_the_next_window_overlaps_the_last_one_by_more_than_a_minute() -> None:
    assert Window(NOW).next().since == NOW - OVERLAP
    assert timedelta(minutes=5) <= OVERLAP


@pytest.mark.parametrize("second", [0, 1, 29, 59])
async def test_a_change_in_the_same_minute_as_a_run_is_written_once(second: int) -> None:
    clock, mirror = AClock(NOW + timedelta(seconds=30)), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(2), clock=clock)) as jira:
        await jira.synchronised(desk)
        jira.site.edit("10001", summary="Changed", updated=(NOW + timedelta(seconds=second)).isoformat())
        clock.goes_on(minutes=5)
        runs = [await jira.synchronised(desk) for _ in range(2)]
    assert runs == [Synchronised(JIRA, 1, 1, 0), Synchronised(JIRA, 1, 0, 0)]
