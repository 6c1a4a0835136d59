"""1. JQL reads times in the zone of the account that asks, whatever the zone of the machine.

The mistake: to write them in UTC, which misses hours of changes where the account is west of it.
"""

from zoneinfo import ZoneInfo

import pytest

from remit_integrations.standins.jira.site import Flavour
from support.desks import AClock
from support.jira_site import a_site, keys, many, served


@pytest.mark.parametrize("flavour", list(Flavour))
@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/Los_Angeles", "UTC", "Asia/Kathmandu", "Asia/Tokyo"])
async def test_what_changed_between_two_runs_is_read_wherever_the_account_is(zone: str, flavour: Flavour) -> None:
    clock = AClock()
    site = a_site(*many(3), clock=clock, zone=ZoneInfo(zone), flavour=flavour)
    async with served(site) as jira:
        cursor = (await jira.pages())[-1].cursor
        clock.goes_on(minutes=5)
        site.edit("10002", summary="Changed")
        clock.goes_on(minutes=5)
        assert keys(await jira.pages(cursor)) == ["SHOP-2"]
