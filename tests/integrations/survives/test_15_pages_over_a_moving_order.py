"""15. Issues change while their pages are read.

The mistake: to sort by `updated`, which moves what changes past the page that was just asked for.
"""

from zoneinfo import ZoneInfo

import pytest

from remit_integrations.jira.window import Window, jql
from remit_integrations.standins.jira.faults import meanwhile
from remit_integrations.standins.jira.jql import parse
from remit_integrations.standins.jira.site import Flavour
from support.desks import NOW, AClock
from support.jira_site import SEARCH, a_site, keys, many, served

SEARCHES = {Flavour.CLOUD: SEARCH, Flavour.DATACENTER: "POST /rest/api/2/search"}
UTC = ZoneInfo("UTC")


def test_the_order_of_a_search_is_one_that_no_change_alters() -> None:
    assert parse(jql(Window(NOW), UTC), UTC, NOW).order == (("key", False),)


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_every_issue_is_read_though_many_change_between_any_two_pages(flavour: Flavour) -> None:
    clock = AClock()
    site = a_site(*many(450), clock=clock, flavour=flavour)
    turns = iter(range(1, 100))

    def changes() -> None:
        clock.goes_on(minutes=1)
        turn = next(turns)
        for number in range(turn, 451, 7):
            site.edit(str(10_000 + number), summary=f"In turn {turn}")

    site.faults.next(SEARCHES[flavour], meanwhile(changes), times=99)
    async with served(site) as jira:
        found = keys(await jira.pages())
    assert set(found) == {f"SHOP-{number}" for number in range(1, 451)}
    assert next(turns) > 4
