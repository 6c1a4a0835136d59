"""13. The site refuses a search (400), for example because a field in it was renamed.

The mistake: to take that for an empty answer, and the run for a success.
"""

import pytest

from remit.domain.errors import Rejected
from remit_integrations.standins.jira.site import Flavour
from remit_integrations.sync import state_of
from support.desks import JIRA, AClock, a_desk
from support.jira_site import SEARCH, a_site, answering, many, served
from support.memory_mirror import MemoryMirror

SEARCHES = {Flavour.CLOUD: SEARCH, Flavour.DATACENTER: "POST /rest/api/2/search"}


@pytest.mark.parametrize("flavour", list(Flavour))
@pytest.mark.parametrize("status", [400, 403, 404, 410])
async def test_a_refused_search_ends_the_run_with_what_it_says_and_moves_nothing(status: int, flavour: Flavour) -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    site = a_site(*many(3), clock=clock, flavour=flavour)
    async with served(site) as jira:
        await jira.synchronised(desk)
        before, items = await state_of(desk, JIRA), dict(mirror.items)
        site.edit("10002", summary="Changed")
        clock.goes_on(hours=24)
        told = {"errorMessages": ["Field 'squad' does not exist."], "errors": {}}
        site.faults.next(SEARCHES[flavour], answering(told, status), times=9)
        with pytest.raises(Rejected, match=rf"\({status}") as refused:
            await jira.synchronised(desk)
        after = await state_of(desk, JIRA)
        assert before is not None
        assert after is not None
        assert (after.cursor, after.last_success_at, mirror.items) == (before.cursor, before.last_success_at, items)
        assert after.trouble == refused.value.message
        site.faults.clear()
        assert (await jira.synchronised(desk)).changed == 1
