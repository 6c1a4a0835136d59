"""8. The paging of the search lies: tokens lead in a circle, `isLast` says anything.

The mistake: to read for ever, or to stop at a page that says it is the last and is not.
"""

import pytest

from remit.domain.errors import Unavailable
from support.jira_site import SEARCH, a_site, keys, many, served

EVERY_KEY = [f"SHOP-{number}" for number in range(1, 251)]


async def test_a_circle_of_tokens_is_trouble_after_everything_was_read_once() -> None:
    site = a_site(*many(250))
    site.quirks.loops = True
    async with served(site) as jira:
        pages, trouble = await jira.until_trouble()
        assert (type(trouble), "circle" in trouble.message) == (Unavailable, True)
        assert set(EVERY_KEY[:200]) <= set(keys(pages))
        assert site.calls.count(SEARCH) <= 4
        site.quirks.loops = False
        rest = await jira.pages(pages[-1].cursor)
    assert set(keys(pages) + keys(rest)) == set(EVERY_KEY)


@pytest.mark.parametrize("says", [True, False])
async def test_all_is_read_and_no_more_whatever_is_last_says(says: bool) -> None:
    site = a_site(*many(250))
    site.quirks.last = says
    async with served(site) as jira:
        assert keys(await jira.pages()) == EVERY_KEY
    assert site.calls.count(SEARCH) == 3


async def test_a_page_that_is_shorter_than_asked_for_is_not_the_last() -> None:
    site = a_site(*many(250))
    site.quirks.short_every = 1
    async with served(site) as jira:
        assert keys(await jira.pages()) == EVERY_KEY
