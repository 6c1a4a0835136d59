"""9. The new search knows no positions.

The mistake: to ask for `startAt`, which gets the first hundred issues and silently nothing more.
"""

import pytest

from remit_integrations.standins.jira.site import Flavour
from support.desks import JIRA, a_desk
from support.jira_site import a_site, keys, many, served
from support.memory_mirror import MemoryMirror


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_every_issue_of_many_hundred_is_read_and_none_twice(flavour: Flavour) -> None:
    async with served(a_site(*many(730), flavour=flavour)) as jira:
        found = keys(await jira.pages())
    assert found == [f"SHOP-{number}" for number in range(1, 731)]


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_a_run_and_its_census_end_with_all_of_them_mirrored(flavour: Flavour) -> None:
    """The census reads pages of nothing but ids, which are larger: more than one here, too, on a Data Center."""
    mirror = MemoryMirror()
    desk = await a_desk(mirror=mirror, synchronised=False)
    async with served(a_site(*many(1_100), flavour=flavour)) as jira:
        done = await jira.synchronised(desk)
    assert (done.gone, len(await mirror.present(JIRA))) == (0, 1_100)
