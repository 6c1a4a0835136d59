"""5. An issue is deleted, and no search tells of it.

The mistake: to keep for ever what no longer comes, or to drop what a lagging index does not show.
"""

from datetime import timedelta

from remit.domain.records import Loss
from support.desks import JIRA, AClock, a_desk
from support.jira_site import a_record, a_site, many, served
from support.memory_mirror import MemoryMirror


async def test_a_deletion_that_no_search_tells_of_is_noticed_within_a_day() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(5), clock=clock)) as jira:
        await jira.synchronised(desk)
        jira.site.delete("10003")
        clock.goes_on(hours=1)
        await jira.synchronised(desk)
        assert await mirror.present(JIRA) == {f"1000{number}" for number in range(1, 6)}
        clock.goes_on(hours=23)
        assert (await jira.synchronised(desk)).gone == 1
    found = (await mirror.by_ids(JIRA, ["10003"]))["10003"]
    assert (found.item.key, found.gone_at, found.gone_how) == ("SHOP-3", clock(), Loss.NOT_VISIBLE)


async def test_an_issue_that_the_index_has_not_seen_yet_is_not_taken_for_deleted() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(5), clock=clock)) as jira:
        await jira.synchronised(desk)
        jira.site.index_lag = timedelta(hours=6)
        jira.site.create(a_record(6))
        async with jira.feed() as feed:  # a webhook told of it: read by its id, long before any search shows it
            (page,) = [page async for page in feed.confirmed(["10006"])]
        assert [pulled.item.key for pulled in page.items] == ["SHOP-6"]
        clock.goes_on(days=1)
        jira.site.index_lag = timedelta(days=2)
        jira.site.edit("10006", summary="again")
        assert (await jira.synchronised(desk)).gone == 0
    assert await mirror.present(JIRA) >= {f"1000{number}" for number in range(1, 6)}
