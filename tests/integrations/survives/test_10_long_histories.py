"""10. A history that comes along with an issue of the Cloud stops at 40 entries, a page of one at 100.

The mistake: to take the part for the whole.
"""

from datetime import timedelta

import msgspec
import pytest

from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.site import Flavour
from support.desks import NOW
from support.jira_site import a_change, a_site, many, served


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_all_entries_of_a_long_history_are_read(flavour: Flavour) -> None:
    site = a_site(*many(2), flavour=flavour)
    site.histories["10001"] = [a_change(number, NOW + timedelta(seconds=number)) for number in range(350)]
    async with served(site) as jira:
        pages = await jira.pages()
        async with jira.feed() as feed:
            by_id = [page async for page in feed.confirmed(["10001"])]
    for read in (pages, by_id):
        events = [event for page in read for event in page.events]
        assert sorted(int(event.change_id) for event in events) == list(range(350))


async def test_histories_of_more_entries_than_a_page_holds_are_read_page_by_page() -> None:
    """Of the Cloud, in bulk: a page holds 10,000 entries of up to 1,000 issues."""
    site = a_site(*many(2))
    for issue, count in (("10001", 9_990), ("10002", 30)):
        site.histories[issue] = [a_change(f"{issue}-{number}") for number in range(count)]
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert len({event.change_id for event in page.events}) == 10_020


async def test_a_history_that_comes_along_cut_short_is_told_of_and_its_issue_read() -> None:
    """A Data Center tells the whole of it; one that does not is not believed to have."""

    def cut(body: bytes) -> bytes:
        told = msgspec.json.decode(body)
        for issue in told["issues"]:
            del issue.get("changelog", {"histories": []})["histories"][3:]
        return msgspec.json.encode(told)

    site = a_site(*many(1), flavour=Flavour.DATACENTER)
    site.histories["10001"] = [a_change(number) for number in range(9)]
    site.faults.next("POST /rest/api/2/search", Fault(twist=cut), times=9)
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert [pulled.item.key for pulled in page.items] == ["SHOP-1"]
    assert [(one.id, one.reason) for one in page.parked] == [
        ("changelog/10001", "the history shows 3 of its 9 entries")
    ]
