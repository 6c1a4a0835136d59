"""2. An issue changes so often that it has always changed since the run began.

The mistake: to read `updated` up to the beginning of the run, which never meets such an issue.
"""

from datetime import datetime

import pytest

from remit_integrations.standins.jira.faults import meanwhile
from remit_integrations.standins.jira.site import Flavour
from support.desks import AClock
from support.jira_site import SEARCH, a_site, keys, many, served

SEARCHES = {Flavour.CLOUD: SEARCH, Flavour.DATACENTER: "POST /rest/api/2/search"}


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_an_issue_that_changes_during_every_run_is_read_in_every_run(flavour: Flavour) -> None:
    clock = AClock()
    site = a_site(*many(3), clock=clock, flavour=flavour)

    def changes() -> None:
        clock.goes_on(minutes=2)
        site.edit("10002", summary=f"At {clock()}")

    async with served(site) as jira:
        cursor = (await jira.pages())[-1].cursor
        met: list[tuple[str, datetime]] = []
        for _ in range(3):
            clock.goes_on(hours=2)
            site.faults.next(SEARCHES[flavour], meanwhile(changes))
            pages = await jira.pages(cursor)
            cursor = pages[-1].cursor
            met += [(pulled.item.key, clock() - pulled.item.updated) for page in pages for pulled in page.items]
            assert keys(pages) == ["SHOP-2"]
    assert [(key, age.total_seconds()) for key, age in met] == [("SHOP-2", 0.0)] * 3
