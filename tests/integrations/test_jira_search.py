"""Reading pages: tokens that end, lie, die and repeat; and where a run goes on after it was cut off."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Rejected, SourceTrouble, Unavailable
from remit_integrations.jira.window import Window
from remit_integrations.standins.jira.faults import nonsense
from support.desks import AClock
from support.jira_site import (
    COUNT,
    MYSELF,
    SEARCH,
    SERVER_INFO,
    a_record,
    a_site,
    answering,
    keys,
    many,
    served,
)

EVERY_KEY = [f"SHOP-{number}" for number in range(1, 251)]


def window(cursor: bytes | None) -> Window:
    assert cursor is not None
    return msgspec.json.decode(cursor, type=Window)


async def test_all_pages_are_read_though_some_are_shorter_than_asked_for() -> None:
    site = a_site(*many(400))
    async with served(site) as jira:
        pages = await jira.pages()
    assert [len(page.items) for page in pages] == [100, 100, 60, 100, 40]
    assert sorted(keys(pages), key=lambda key: int(key[5:])) == [f"SHOP-{number}" for number in range(1, 401)]


async def test_an_empty_site_is_one_empty_page_that_moves_the_cursor() -> None:
    async with served(a_site()) as jira:
        (page,) = await jira.pages()
    assert (page.items, page.parked, window(page.cursor).under_way) == ((), (), False)


async def test_each_page_carries_the_cursor_that_goes_on_right_after_it() -> None:
    async with served(a_site(*many(250))) as jira:
        pages = await jira.pages()
        rest = [keys(await jira.pages(page.cursor)) for page in pages[:-1]]
    assert rest == [EVERY_KEY[100:], EVERY_KEY[200:]]


@pytest.mark.parametrize("is_last", [False, None, "yes", 0])
async def test_a_page_without_a_token_is_the_last_whatever_is_last_says(is_last: object) -> None:
    site = a_site(*many(1))
    site.faults.next(SEARCH, answering({"issues": [a_record(1)], "isLast": is_last, "nextPageToken": None}))
    async with served(site) as jira:
        assert keys(await jira.pages()) == ["SHOP-1"]


async def test_a_page_with_a_token_is_not_the_last_though_is_last_says_so() -> None:
    site = a_site(*many(150))
    async with served(site) as jira:
        first, _ = await jira.pages()
        token = window(first.cursor).parts[0].token
        site.faults.next(
            SEARCH, answering({"issues": [a_record(900)], "isLast": True, "nextPageToken": token}), times=1
        )
        assert len(keys(await jira.pages())) == 51


async def test_a_token_that_repeats_is_trouble_after_what_was_read() -> None:
    site = a_site()
    site.faults.next(SEARCH, answering({"issues": [a_record(1)], "nextPageToken": "round"}), times=9)
    async with served(site) as jira:
        pages, trouble = await jira.until_trouble()
        searches = site.calls.count(SEARCH)
        again, still = await jira.until_trouble(pages[0].cursor)
    assert (keys(pages), type(trouble), "circle" in trouble.message, searches) == (["SHOP-1"], Unavailable, True, 2)
    assert (again, type(still), site.calls.count(SEARCH) - searches) == ([], Unavailable, 1)


async def test_a_token_that_died_begins_the_same_window_again() -> None:
    clock = AClock()
    site = a_site(*many(250), clock=clock)
    async with served(site) as jira:
        first = (await jira.pages())[0]
        clock.goes_on(days=7)
        with capture_logs() as logs:
            again = await jira.pages(first.cursor)
    assert keys(again) == EVERY_KEY
    assert window(again[-1].cursor).since == window(first.cursor).started_at - timedelta(minutes=15)
    assert [log["event"] for log in logs] == ["jira.token_refused"]


async def test_a_pending_token_of_another_time_zone_begins_the_window_again() -> None:
    site = a_site(*many(250))
    async with served(site) as jira:
        first = (await jira.pages())[0]
        site.zone = ZoneInfo("Asia/Tokyo")
        assert keys(await jira.pages(first.cursor)) == EVERY_KEY


@pytest.mark.parametrize(
    "changed",
    [{"jql": "project in (SHOP, PAY)"}, {"jql": ""}, {"team_field": "customfield_10001"}],
)
async def test_when_what_is_mirrored_changes_everything_is_read_again(changed: dict[str, str]) -> None:
    site = a_site(*many(3), a_record(9, "PAY"))
    async with served(site) as jira:
        whole = await jira.pages(jql="project = SHOP")
        same = await jira.pages(whole[-1].cursor, jql="project = SHOP")
        other = await jira.pages(whole[-1].cursor, **{"jql": "project = SHOP", **changed})
    assert (keys(same), len(keys(other)) >= 3) == ([], True)


async def test_another_site_is_read_from_its_beginning() -> None:
    async with served(a_site(*many(3))) as one, served(a_site(*many(2))) as other:
        whole = await one.pages()
        assert keys(await other.pages(whole[-1].cursor)) == ["SHOP-1", "SHOP-2"]


async def test_a_cursor_that_cannot_be_read_reads_everything() -> None:
    async with served(a_site(*many(3))) as jira:
        assert keys(await jira.pages(b"from another age")) == ["SHOP-1", "SHOP-2", "SHOP-3"]


async def test_a_refused_search_is_never_an_empty_answer() -> None:
    async with served(a_site(*many(1))) as jira:
        with pytest.raises(Rejected, match=r"refused POST /rest/api/3/search/approximate-count \(400\): .*nonsense"):
            await jira.pages(jql="nonsense = 1")


@pytest.mark.parametrize("told", [{}, {"issues": None}, [], None, {"issues": {}}, {"issues": [], "nextPageToken": 7}])
async def test_an_answer_without_issues_is_trouble_not_an_empty_page(told: object) -> None:
    site = a_site(*many(1))
    site.faults.next(SEARCH, answering(told))
    async with served(site) as jira:
        with pytest.raises(Unavailable, match="answer about issues"):
            await jira.pages()


async def test_an_answer_that_is_no_json_is_trouble() -> None:
    site = a_site(*many(1))
    site.faults.next(SEARCH, nonsense())
    async with served(site) as jira:
        with pytest.raises(Unavailable, match="cannot be read"):
            await jira.pages()


async def test_half_a_character_in_one_summary_does_not_stop_the_page() -> None:
    told = msgspec.json.encode({"issues": [a_record(1, summary="HERE"), a_record(2)]})
    site = a_site()
    site.faults.next(SEARCH, answering(told.replace(b"HERE", rb"cut \ud83d")))
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert [pulled.item.summary for pulled in page.items] == ["cut \ufffd", "Issue 2"]


async def test_an_issue_twice_unreadable_on_a_page_is_parked_once() -> None:
    site = a_site()
    broken = a_record(1, updated=None)
    site.faults.next(SEARCH, answering({"issues": [broken, broken, None, None, a_record(2)]}))
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert keys([page]) == ["SHOP-2"]
    assert [parked.id[:11] for parked in page.parked] == ["10001", "unreadable-"]


async def test_who_we_are_is_asked_before_any_search_on_every_run() -> None:
    site = a_site(*many(1))
    async with served(site) as jira:
        cursor = (await jira.pages())[-1].cursor
        first = list(site.calls)[:2]
        site.calls.clear()
        await jira.pages(cursor)
    assert (first, list(site.calls)[:2]) == ([SERVER_INFO, MYSELF], [SERVER_INFO, MYSELF])


async def test_an_estimate_counts_what_the_window_will_bring() -> None:
    site = a_site(*many(7))
    async with served(site) as jira, jira.feed() as feed:
        assert await feed.estimate(None) == 7
    assert site.calls[-1] == COUNT


async def test_a_dead_token_is_refused_before_the_search_could_look_empty() -> None:
    site = a_site(*many(1))
    async with served(site) as jira:
        with pytest.raises(SourceTrouble, match=r"does not accept the credentials .* is let in at https://api"):
            await jira.pages(email="nobody@example.com")
    assert SEARCH not in site.calls
