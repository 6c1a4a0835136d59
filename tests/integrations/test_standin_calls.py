"""The stand-in's other calls: who may ask, bulk fetches, histories, references, and what a user looks like."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from remit.domain.errors import Invalid
from remit_integrations.standins.jira.faults import limited
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.desks import NOW
from support.jira_site import MYSELF, SERVER_INFO, a_change, a_record, a_site, many

API = "/rest/api/3"
ANA = {
    "accountId": "a1",
    "name": "ana",
    "key": "JIRAUSER1",
    "emailAddress": "ana@example.com",
    "displayName": "Ana",
    "active": True,
}
WIKI = "Look:\n\n* one\n* two\n\n{code}x = 1{code}"


def told(site: Site, id_: str = "10001") -> Site:
    """History of an issue: fifty changes, told newest first as recordings are."""
    site.histories[id_] = [a_change(str(number), NOW + timedelta(minutes=number)) for number in reversed(range(50))]
    return site


@pytest.fixture
async def site() -> Site:
    comment = {"comments": [{"id": "1", "author": ANA, "body": "Yes", "created": NOW.isoformat()}]}
    record = a_record(1, assignee=ANA, reporter=ANA, description=WIKI, comment=comment,
                      components=[{"id": "5", "name": "Cart"}])  # fmt: skip
    return told(a_site(record, *many(5)[1:]))


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(base_url=jira.url + API, auth=(site.email, site.token), trust_env=False) as client,
    ):
        yield client


async def test_wrong_credentials_are_refused_by_myself_but_see_an_empty_search(client: httpx.AsyncClient) -> None:
    for wrong in (("sync@example.com", "dead"), ("", "")):
        myself = await client.get("/myself", auth=wrong)
        search = await client.post("/search/jql", json={"jql": "project = SHOP"}, auth=wrong)
        projects = await client.get("/project/search", auth=wrong)
        fetched = await client.post("/issue/bulkfetch", json={"issueIdsOrKeys": ["10001"]}, auth=wrong)
        assert (myself.status_code, fetched.status_code) == (401, 401)
        assert (search.status_code, search.json()["issues"], projects.json()["values"]) == (200, [], [])


async def test_myself_tells_the_time_zone_that_jql_is_read_in(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/myself")).json()
    assert (answer["accountId"], answer["timeZone"]) == ("stand-in-account", "UTC")


async def test_the_server_is_of_the_cloud_and_tells_its_time(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/serverInfo")).json()
    assert (answer["deploymentType"], answer["serverTime"]) == ("Cloud", "2026-11-23T12:00:00.000+0000")


@pytest.mark.parametrize(("wait_s", "headers"), [(None, None), (30, "30")])
async def test_a_limit_may_or_may_not_say_how_long(client: httpx.AsyncClient, site: Site, wait_s: Any,
                                                   headers: Any) -> None:  # fmt: skip
    site.faults.next(MYSELF, limited(wait_s))
    first, second = await client.get("/myself"), await client.get("/myself")
    assert (first.status_code, first.headers.get("retry-after"), second.status_code) == (429, headers, 200)
    assert first.headers["ratelimit-reason"] == "jira-burst-based"


async def test_bulk_fetch_answers_in_order_of_ids_and_leaves_out_what_is_not_there(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.move("10002", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
    site.hide("10003")
    asked = ["SHOP-4", "SHOP-2", "10001", "10003", "404", "10004"]
    answer = (await client.post("/issue/bulkfetch", json={"issueIdsOrKeys": asked, "fields": ["summary"]})).json()
    assert [(issue["id"], issue["key"]) for issue in answer["issues"]] == [
        ("10001", "SHOP-1"),
        ("10002", "PAY-1"),
        ("10004", "SHOP-4"),
    ]
    assert answer["issueErrors"] == []


async def test_bulk_fetch_expands_the_newest_forty_changes_only(client: httpx.AsyncClient) -> None:
    body = {"issueIdsOrKeys": ["10001"], "fields": ["summary"], "expand": ["changelog"]}
    (issue,) = (await client.post("/issue/bulkfetch", json=body)).json()["issues"]
    shown = [entry["id"] for entry in issue["changelog"]["histories"]]
    assert (issue["changelog"]["total"], shown) == (50, [str(number) for number in reversed(range(10, 50))])


async def test_histories_come_whole_oldest_first_page_by_page(client: httpx.AsyncClient, site: Site) -> None:
    site.histories["10002"] = [a_change("early", NOW - timedelta(days=1))]
    body: dict[str, Any] = {"issueIdsOrKeys": ["10001", "SHOP-2", "404"], "maxResults": 30}
    first = (await client.post("/changelog/bulkfetch", json=body)).json()
    second = (await client.post("/changelog/bulkfetch", json=body | {"nextPageToken": first["nextPageToken"]})).json()
    pages = [
        {one["issueId"]: [entry["id"] for entry in one["changeHistories"]] for one in page["issueChangeLogs"]}
        for page in (first, second)
    ]
    assert pages == [
        {"10002": ["early"], "10001": [str(number) for number in range(29)]},
        {"10001": [str(number) for number in range(29, 50)]},
    ]
    assert "nextPageToken" not in second


async def test_histories_can_be_of_some_fields_only(client: httpx.AsyncClient, site: Site) -> None:
    site.histories["10001"] = [a_change("1"), a_change("2", fieldId="labels"), a_change("3", fieldId=None)]
    body = {"issueIdsOrKeys": ["10001"], "fieldIds": ["labels"]}
    (only,) = (await client.post("/changelog/bulkfetch", json=body)).json()["issueChangeLogs"]
    assert [entry["id"] for entry in only["changeHistories"]] == ["2"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/issue/bulkfetch", {}),
        ("/issue/bulkfetch", {"issueIdsOrKeys": []}),
        ("/issue/bulkfetch", {"issueIdsOrKeys": [str(number) for number in range(101)]}),
        ("/issue/bulkfetch", {"issueIdsOrKeys": "10001"}),
        ("/issue/bulkfetch", {"issueIdsOrKeys": [10001]}),
        ("/issue/bulkfetch", {"issueIdsOrKeys": ["10001"], "expand": "changelog"}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": [str(number) for number in range(1001)]}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "fieldIds": [str(number) for number in range(11)]}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "maxResults": 0}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "maxResults": 10_001}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "maxResults": "many"}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "nextPageToken": "x"}),
        ("/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"], "startAt": 0}),
        ("/search/approximate-count", {"jql": "project = SHOP", "maxResults": 1}),
        ("/search/approximate-count", {"jql": ["project = SHOP"]}),
    ],
)
async def test_too_much_too_little_and_the_wrong_type_are_refused(
    client: httpx.AsyncClient, path: str, body: Any
) -> None:
    assert (await client.post(path, json=body)).status_code == 400


async def test_a_moved_issue_is_found_by_its_old_key_without_a_redirect(client: httpx.AsyncClient, site: Site) -> None:
    site.move("10002", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
    answer = await client.get("/issue/SHOP-2")
    assert (answer.status_code, answer.json()["id"], answer.json()["key"]) == (200, "10002", "PAY-1")
    assert (await client.get("/issue/SHOP-404")).status_code == 404


async def test_people_are_told_by_account_and_never_as_a_data_center_would(client: httpx.AsyncClient) -> None:
    fields = (await client.get("/issue/SHOP-1")).json()["fields"]
    users = (await client.get("/users/search")).json()
    for person in (fields["assignee"], fields["comment"]["comments"][0]["author"], *users):
        assert (person["accountId"], person["displayName"], person["accountType"]) == ("a1", "Ana", "atlassian")
        assert {"name", "key", "emailAddress"} & set(person) == set()
    assert (await client.get("/users/search", params={"startAt": 1})).json() == []


async def test_descriptions_and_comments_are_atlassian_documents(client: httpx.AsyncClient) -> None:
    fields = (await client.get("/issue/SHOP-1")).json()["fields"]
    assert [block["type"] for block in fields["description"]["content"]] == ["paragraph", "bulletList", "codeBlock"]
    assert fields["comment"]["comments"][0]["body"] == {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Yes"}]}],
    }


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/project/search", ["Shop"]),
        ("/project/SHOP/component", ["Cart"]),
        ("/project/1314/component", ["Cart"]),
        ("/statuses/search", ["Open"]),
    ],
)
async def test_references_come_in_pages_by_a_start(client: httpx.AsyncClient, path: str, names: list[str]) -> None:
    first = (await client.get(path, params={"startAt": 0, "maxResults": 50})).json()
    after = (await client.get(path, params={"startAt": 1})).json()
    assert ([one["name"] for one in first["values"]], first["isLast"], first["total"]) == (names, True, len(names))
    assert (after["values"], after["isLast"]) == ([], True)
    assert (await client.get(path, params={"startAt": "x"})).status_code == 400


async def test_a_stand_in_is_on_loopback_only() -> None:
    with pytest.raises(Invalid, match="on loopback only"):
        async with jira_server(a_site(), host="0.0.0.0"):
            pass


async def test_what_was_asked_is_remembered_in_order(client: httpx.AsyncClient, site: Site) -> None:
    for path in ("/myself", "/serverInfo", "/nothing"):
        await client.get(path)
    assert list(site.calls) == [MYSELF, SERVER_INFO]
