"""The stand-in's troubles are those that sites and the machines before them make."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from remit_integrations.standins.jira.faults import (
    ANY,
    CUT,
    REASONS,
    RESET,
    TRUNCATED,
    Fault,
    dripping,
    failing,
    limited,
    limited_on_premises,
    meanwhile,
    page_for_people,
    redirecting,
    slow,
)
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.jira_site import MYSELF, SEARCH, SERVER_INFO, a_site, many

API = "/rest/api/3"
EVERYTHING = {"jql": "project = SHOP ORDER BY key ASC", "fields": ["id"], "maxResults": 2}
NEW_YEAR = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)


@pytest.fixture
def site() -> Site:
    return a_site(*many(5))


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(base_url=jira.url, auth=(site.email, site.token), trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("fault", "headers"),
    [
        (limited(), {"ratelimit-reason": "jira-burst-based"}),
        (limited(7, None), {"retry-after": "7"}),
        (limited(1847, REASONS[0]), {"retry-after": "1847", "ratelimit-reason": "jira-quota-global-based"}),
        (limited(NEW_YEAR, None), {"retry-after": "Fri, 01 Jan 2027 00:30:00 GMT"}),
        (limited("soon", None), {"retry-after": "soon"}),
        (
            limited(None, None, reset_at=NEW_YEAR),
            {"x-ratelimit-reset": "2027-01-01T00:30Z", "x-ratelimit-remaining": "0"},
        ),
        (
            limited_on_premises(3),
            {
                "retry-after": "3",
                "x-ratelimit-limit": "50",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-interval-seconds": "5",
                "x-ratelimit-fillrate": "10",
            },
        ),
    ],
)
async def test_a_limit_is_told_in_each_of_the_known_ways(
    client: httpx.AsyncClient, site: Site, fault: Fault, headers: dict[str, str]
) -> None:
    site.faults.next(MYSELF, fault)
    limit, after = await client.get(f"{API}/myself"), await client.get(f"{API}/myself")
    told = {name: value for name, value in limit.headers.items() if "rate" in name or name == "retry-after"}
    assert (limit.status_code, told, after.status_code) == (429, headers, 200)


async def test_a_trouble_of_any_call_comes_after_those_of_the_call_itself(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.faults.next(ANY, failing(502), times=2)
    site.faults.next(MYSELF, failing(503))
    asked = [f"{API}/myself", f"{API}/serverInfo", f"{API}/myself", f"{API}/myself"]
    assert [(await client.get(path)).status_code for path in asked] == [503, 502, 502, 200]


async def test_a_storm_is_over_when_it_is_calmed(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(ANY, limited(), times=100)
    site.faults.clear()
    assert (await client.get(f"{API}/myself")).status_code == 200


async def test_half_an_answer_may_look_like_a_whole_one(client: httpx.AsyncClient, site: Site) -> None:
    whole = await client.post(f"{API}/search/jql", json=EVERYTHING | {"maxResults": 100})
    site.faults.next(SEARCH, TRUNCATED)
    half = await client.post(f"{API}/search/jql", json=EVERYTHING | {"maxResults": 100})
    assert (half.status_code, half.headers["content-type"]) == (200, "application/json")
    assert half.content == whole.content[: len(whole.content) // 2]


async def test_an_answer_may_end_before_its_length(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, CUT)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(f"{API}/myself")


async def test_a_connection_may_be_reset(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, RESET)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.get(f"{API}/myself")
    assert (await client.get(f"{API}/myself")).status_code == 200


async def test_a_page_for_people_has_status_200(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, page_for_people())
    answer = await client.get(f"{API}/myself")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


async def test_a_redirect_leads_to_where_only_machines_inside_get(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, redirecting())
    answer = await client.get(f"{API}/myself")
    assert (answer.status_code, answer.headers["location"]) == (302, "http://169.254.169.254/latest/meta-data/")


async def test_a_dripping_answer_begins_at_once_and_comes_whole_in_the_end(
    client: httpx.AsyncClient, site: Site
) -> None:
    whole = (await client.get(f"{API}/serverInfo")).content
    site.faults.next(SERVER_INFO, dripping(0.01))
    async with client.stream("GET", f"{API}/serverInfo") as answer:
        drops = [drop async for drop in answer.aiter_raw()]
    assert b"".join(drops) == whole
    assert len(drops) > 1


async def test_a_slow_answer_keeps_whoever_asked_waiting(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, slow(60))
    with pytest.raises(httpx.ReadTimeout):
        await client.get(f"{API}/myself", timeout=httpx.Timeout(5, read=0.05))


async def test_a_site_may_change_between_two_pages(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(SEARCH, meanwhile(lambda: site.delete("10004")), after=1)
    first = (await client.post(f"{API}/search/jql", json=EVERYTHING)).json()
    rest = (await client.post(f"{API}/search/jql", json=EVERYTHING | {"nextPageToken": first["nextPageToken"]})).json()
    assert [[issue["id"] for issue in page["issues"]] for page in (first, rest)] == [["10001", "10002"], ["10003"]]


async def seen(client: httpx.AsyncClient, pages: int) -> tuple[list[list[str]], list[bool]]:
    """The ids of so many pages at most, and what `isLast` said."""
    body, ids, last = dict(EVERYTHING), [], []
    for _ in range(pages):
        page = (await client.post(f"{API}/search/jql", json=body)).json()
        ids.append([issue["id"][-1] for issue in page["issues"]])
        last.append(page["isLast"])
        if "nextPageToken" not in page:
            break
        body["nextPageToken"] = page["nextPageToken"]
    return ids, last


async def test_paging_may_run_in_a_circle_under_the_same_tokens(client: httpx.AsyncClient, site: Site) -> None:
    site.quirks.loops, site.quirks.short_every = True, 0
    assert await seen(client, 6) == (
        [["1", "2"], ["3", "4"], ["5"], ["3", "4"], ["5"], ["3", "4"]],
        [False, False, True, False, True, False],
    )


@pytest.mark.parametrize("lie", [True, False])
async def test_the_word_for_the_last_page_may_be_wrong_on_every_page(
    client: httpx.AsyncClient, site: Site, lie: bool
) -> None:
    site.quirks.last, site.quirks.short_every = lie, 0
    assert await seen(client, 9) == ([["1", "2"], ["3", "4"], ["5"]], [lie] * 3)


async def test_every_page_may_be_short(client: httpx.AsyncClient, site: Site) -> None:
    site.quirks.short_every = 1
    assert await seen(client, 9) == ([["1"], ["2"], ["3"], ["4"], ["5"]], [False] * 4 + [True])


async def test_deleted_issues_are_shown_by_an_index_that_lags_and_by_nothing_else(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.index_lag = (NEW_YEAR - datetime(2026, 1, 1, tzinfo=UTC)) / 365
    site.delete("10001")
    fetched = (await client.post(f"{API}/issue/bulkfetch", json={"issueIdsOrKeys": ["10001"]})).json()
    reconciled = (await client.post(f"{API}/search/jql", json=EVERYTHING | {"reconcileIssues": [10001]})).json()
    assert [issue["id"] for issue in reconciled["issues"]] == ["10002", "10003"]
    assert ((await seen(client, 1))[0], fetched["issues"]) == ([["1", "2"]], [])


async def test_nobody_who_gives_up_waiting_leaves_the_stand_in_broken(client: httpx.AsyncClient, site: Site) -> None:
    site.faults.next(MYSELF, dripping(60))
    async with asyncio.timeout(10):
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{API}/myself", timeout=httpx.Timeout(5, read=0.05))
        assert (await client.get(f"{API}/myself")).status_code == 200
