"""4. The search has not heard yet of what is already so.

The mistake: to read only what the last minutes of the index show, or to believe the search about a single issue.
"""

from datetime import timedelta

import pytest

from remit_integrations.standins.jira.site import Flavour
from support.desks import AClock, a_desk
from support.jira_site import a_record, a_site, keys, many, served
from support.memory_mirror import MemoryMirror


@pytest.mark.parametrize("lag", [timedelta(minutes=40), timedelta(hours=5), timedelta(hours=11)])
@pytest.mark.parametrize("flavour", list(Flavour))
async def test_a_change_that_the_index_tells_of_hours_later_arrives_by_the_trailing_pass(
    lag: timedelta, flavour: Flavour
) -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(3), clock=clock, flavour=flavour)) as jira:
        await jira.synchronised(desk)
        jira.site.index_lag = lag
        jira.site.edit("10002", summary="Late")
        jira.site.create(a_record(4, updated=clock().isoformat()))
        for _ in range(13):
            clock.goes_on(hours=1)
            await jira.synchronised(desk)
    summaries = {key[1]: record.item.summary for key, record in mirror.items.items()}
    assert (summaries["10002"], summaries["10004"]) == ("Late", "Issue 4")


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_an_issue_asked_for_by_its_id_is_as_it_is_before_any_index_knows(flavour: Flavour) -> None:
    """As after a webhook, which comes before the index in one case of five."""
    site = a_site(*many(2), flavour=flavour)
    site.index_lag = timedelta(days=1)
    site.edit("10002", summary="Early")
    site.create(a_record(3))
    async with served(site) as jira, jira.feed() as feed:
        (page,) = [page async for page in feed.confirmed(["10002", "10003"])]
        searched = [page async for page in feed.pages(None)]
    assert [pulled.item.summary for pulled in page.items] == ["Early", "Issue 3"]
    assert (page.gone, keys(searched)) == ((), ["SHOP-1", "SHOP-2"])


async def test_what_is_to_be_mirrored_is_asked_past_the_index_too() -> None:
    """With a narrowing JQL an issue that the index has not seen yet must not count as left out."""
    site = a_site(*many(1))
    site.index_lag = timedelta(days=1)
    site.create(a_record(2))
    async with served(site) as jira, jira.feed(jql="project = SHOP") as feed:
        (page,) = [page async for page in feed.confirmed(["10002"])]
    assert (keys([page]), page.gone) == (["SHOP-2"], ())
