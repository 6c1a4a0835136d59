"""The stand-in's search behaves as the vendor's is documented to."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from support.desks import NOW, AClock
from support.jira_site import a_record, a_site, many, served

SEARCH = "/rest/api/3/search/jql"
EVERYTHING: dict[str, Any] = {"jql": "project = SHOP ORDER BY key ASC"}


async def ask(site: Any, *bodies: dict[str, Any], path: str = SEARCH) -> list[httpx.Response]:
    """The answers to several POSTs, one after the other."""
    async with served(site) as jira, a_client(jira.url, site) as client:
        return [await client.post(path, json=body) for body in bodies]


def a_client(url: str, site: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, auth=(site.email, site.token), trust_env=False)


def shown(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [issue["id"] for issue in answer.json()["issues"]]


async def test_without_fields_only_ids_are_told() -> None:
    (answer,) = await ask(a_site(a_record(1)), EVERYTHING)
    (issue,) = answer.json()["issues"]
    assert (issue["id"], issue["fields"], answer.json()["isLast"]) == ("10001", {}, True)


async def test_only_the_fields_asked_for_are_told() -> None:
    (answer,) = await ask(a_site(a_record(1)), EVERYTHING | {"fields": ["summary", "status"]})
    assert set(answer.json()["issues"][0]["fields"]) == {"summary", "status"}


async def test_a_page_may_be_shorter_than_asked_for_and_a_token_leads_to_the_rest() -> None:
    site, seen, sizes = a_site(*many(300)), [], []
    async with served(site) as jira, a_client(jira.url, site) as client:
        body = EVERYTHING | {"fields": ["summary"], "maxResults": 100}
        while body:
            answer = await client.post(SEARCH, json=body)
            sizes.append(len(shown(answer)))
            seen += shown(answer)
            token = answer.json().get("nextPageToken")
            body = body | {"nextPageToken": token} if token else {}
    assert (sizes, seen) == ([100, 100, 60, 40], [str(10_000 + number) for number in range(1, 301)])


@pytest.mark.parametrize(("fields", "size"), [(["id"], 450), (["id", "key"], 450), (["summary"], 100), ([], 450)])
async def test_thousands_come_at_once_only_when_just_ids_and_keys_are_asked_for(fields: list[str], size: int) -> None:
    (answer,) = await ask(a_site(*many(450)), EVERYTHING | {"fields": fields, "maxResults": 5000})
    assert len(shown(answer)) == size


async def test_fifty_come_when_no_number_is_named() -> None:
    (answer,) = await ask(a_site(*many(60)), EVERYTHING)
    assert len(shown(answer)) == 50


REFUSED: list[dict[str, Any]] = [
    {},
    {"jql": ""},
    {"jql": "ORDER BY key"},
    {"jql": 7},
    {"jql": "nonsense = 1"},
    {"jql": "project ="},
    {"jql": "project = SHOP project = SHOP"},
    {"jql": "(project = SHOP"},
    {"jql": "updated >= soon"},
    {"jql": 'updated >= "2026/13/01"'},
    {"jql": 'updated >= "0000/01/01 00:00"'},
    {"jql": "summary ~ '"},
    {"jql": "project = SHOP ORDER BY nonsense"},
    {"jql": f"project = SHOP ORDER BY {','.join(['key'] * 8)}"},
    EVERYTHING | {"startAt": 0},
    EVERYTHING | {"validateQuery": "strict"},
    EVERYTHING | {"expand": ["names"]},
    EVERYTHING | {"fields": "summary"},
    EVERYTHING | {"fields": [7]},
    EVERYTHING | {"maxResults": "50"},
    EVERYTHING | {"maxResults": True},
    EVERYTHING | {"maxResults": 0},
    EVERYTHING | {"maxResults": -1},
    EVERYTHING | {"nextPageToken": "made-up"},
    EVERYTHING | {"nextPageToken": 7},
    EVERYTHING | {"nextPageToken": ["x"]},
    EVERYTHING | {"properties": ["a", "b", "c", "d", "e", "f"]},
    EVERYTHING | {"reconcileIssues": list(range(51))},
    EVERYTHING | {"reconcileIssues": ["SHOP-1"]},
]


@pytest.fixture(scope="module")
async def asked() -> AsyncIterator[httpx.AsyncClient]:
    """A client of a site that refusals do not change."""
    site = a_site(*many(3))
    async with served(site) as jira, a_client(jira.url, site) as client:
        yield client


@pytest.mark.parametrize("body", REFUSED, ids=str)
async def test_what_the_vendor_refuses_is_refused_with_a_reason(asked: httpx.AsyncClient, body: Any) -> None:
    answer = await asked.post(SEARCH, json=body)
    assert (answer.status_code, set(answer.json())) == (400, {"errorMessages", "errors"})
    assert answer.json()["errorMessages"][0]


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"7", b'{"jql": "\xff"}'])
async def test_a_body_that_is_no_object_is_refused(asked: httpx.AsyncClient, body: bytes) -> None:
    answer = await asked.post(SEARCH, content=body)
    assert answer.status_code == 400


async def test_a_token_is_bound_to_its_query_but_not_to_the_size_of_a_page() -> None:
    site = a_site(*many(60))
    async with served(site) as jira, a_client(jira.url, site) as client:
        token = (await client.post(SEARCH, json=EVERYTHING)).json()["nextPageToken"]
        other = await client.post(SEARCH, json={"jql": "project = SHOP", "nextPageToken": token})
        wider = await client.post(SEARCH, json=EVERYTHING | {"fields": ["summary"], "nextPageToken": token})
        same = await client.post(SEARCH, json=EVERYTHING | {"nextPageToken": token, "maxResults": 5})
    assert (other.status_code, wider.status_code, len(shown(same))) == (400, 400, 5)


async def test_a_token_lasts_a_week_and_may_be_used_again() -> None:
    clock = AClock()
    site = a_site(*many(60), clock=clock)
    async with served(site) as jira, a_client(jira.url, site) as client:
        token = (await client.post(SEARCH, json=EVERYTHING)).json()["nextPageToken"]
        answers = []
        for days in (0, 6.9, 0.2):
            clock.goes_on(days=days)
            answers.append((await client.post(SEARCH, json=EVERYTHING | {"nextPageToken": token})).status_code)
    assert answers == [200, 200, 400]


async def test_the_index_lags_and_shows_the_old_version_or_nothing() -> None:
    clock = AClock()
    site = a_site(*many(2), clock=clock, index_lag=timedelta(minutes=40))
    site.edit("10001", summary="First")
    clock.goes_on(seconds=60)
    site.edit("10001", summary="Second")
    site.create(a_record(3))
    body = EVERYTHING | {"fields": ["summary"]}
    async with served(site) as jira, a_client(jira.url, site) as client:

        async def told(**more: Any) -> list[str]:
            answer = await client.post(SEARCH, json=body | more)
            return [issue["fields"]["summary"] for issue in answer.json()["issues"]]

        reconciled = await told(reconcileIssues=[10001, 10003])
        before = await told()
        clock.goes_on(seconds=40 * 60)
        after = await told()
    assert reconciled == ["Second", "Issue 2", "Issue 3"]
    assert before == ["Issue 1", "Issue 2"]
    assert after == ["Second", "Issue 2", "Issue 3"]


async def test_a_search_by_get_is_the_same_search() -> None:
    site = a_site(*many(60))
    async with served(site) as jira, a_client(jira.url, site) as client:
        params: list[tuple[str, str]] = [("jql", "project = SHOP ORDER BY key ASC"), ("maxResults", "2")]
        params += [("fields", "summary,status"), ("fields", "key")]
        answer = await client.get(SEARCH, params=params)
        wrong = await client.get(SEARCH, params=[*params, ("startAt", "0")])
        worse = await client.get(SEARCH, params=[("jql", "project = SHOP"), ("maxResults", "many")])
    assert [set(issue["fields"]) for issue in answer.json()["issues"]] == [{"summary", "status"}] * 2
    assert (wrong.status_code, worse.status_code) == (400, 400)


async def test_a_count_is_of_the_same_query() -> None:
    site = a_site(*many(60), a_record(61, updated=NOW.isoformat()))
    path = "/rest/api/3/search/approximate-count"
    counts = await ask(site, {"jql": "project = SHOP"}, {"jql": 'updated >= "2026-11-23"'}, {"jql": ""}, path=path)
    assert [(answer.status_code, answer.json().get("count")) for answer in counts] == [
        (200, 61),
        (200, 1),
        (400, None),
    ]


@pytest.mark.parametrize("path", ["search", "search/id", "expression/eval"])
@pytest.mark.parametrize("version", [2, 3])
async def test_removed_calls_are_gone_and_say_where_to_go(path: str, version: int) -> None:
    (answer,) = await ask(a_site(), {"jql": "project = SHOP"}, path=f"/rest/api/{version}/{path}")
    (message,) = answer.json()["errorMessages"]
    assert answer.status_code == 410
    assert message.startswith("The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")


async def test_the_board_issue_lists_that_are_going_away_are_not_there() -> None:
    site = a_site(*many(1))
    async with served(site) as jira, a_client(jira.url, site) as client:
        assert (await client.get("/rest/agile/1.0/board/1/issue")).status_code == 404


async def test_a_search_that_names_an_issue_which_cannot_be_seen_is_refused() -> None:
    site = a_site(*many(3))
    site.hide("10002")
    site.delete("10003")
    asked = [{"jql": jql} for jql in ("id in (10001)", "key = SHOP-1", "id in (10001, 10002)", "key = SHOP-3")]
    assert [answer.status_code for answer in await ask(site, *asked)] == [200, 200, 400, 400]
