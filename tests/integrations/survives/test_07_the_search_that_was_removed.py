"""7. The search that everybody used was removed from the Cloud: it answers 410.

The mistake: to go on using it, or to take its refusal for an empty site.
"""

import re

import pytest

from remit.domain.errors import Rejected
from support.desks import JIRA, AClock, a_desk
from support.jira_site import SEARCH, a_site, answering, many, served
from support.memory_mirror import MemoryMirror

REMOVED = re.compile(r"/rest/api/[23]/(search|search/id|expression/eval)$")


async def test_no_run_of_any_kind_asks_for_what_was_removed() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(150), clock=clock)) as jira:
        for hours in (0, 1, 24):
            clock.goes_on(hours=hours)
            await jira.synchronised(desk, jql="project = SHOP")
        await jira.synchronised(desk, full=True)
    assert [call for call in jira.site.calls if REMOVED.search(call)] == []
    assert SEARCH in jira.site.calls


async def test_a_search_that_answers_410_is_trouble_with_what_it_says_and_nothing_is_lost() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(3), clock=clock)) as jira:
        await jira.synchronised(desk)
        before = dict(mirror.items)
        gone = {"errorMessages": ["The requested API has been removed."], "errors": {}}
        jira.site.faults.next(SEARCH, answering(gone, 410), times=9)
        clock.goes_on(hours=24)
        with pytest.raises(Rejected, match=r"\(410\): .*The requested API has been removed"):
            await jira.synchronised(desk)
    assert (mirror.items, await mirror.present(JIRA)) == (before, {"10001", "10002", "10003"})
