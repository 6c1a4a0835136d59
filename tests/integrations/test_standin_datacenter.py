"""The stand-in as a Data Center: pages by a start, people by name and key, wiki texts, a token of one's own."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Flavour, Site
from remit_integrations.standins.jira.words import fields
from support.desks import NOW
from support.jira_site import a_change, a_record, a_site, many

API = "/rest/api/2"
ANA = {
    "accountId": "a1",
    "name": "ana",
    "key": "JIRAUSER1",
    "emailAddress": "ana@example.com",
    "displayName": "Ana",
    "active": True,
    "timeZone": "Asia/Dubai",
}
WIKI = "Look:\n\n* one\n* two"
SHOWN = {
    "self": "/rest/api/2/user?username=ana",
    "name": "ana",
    "key": "JIRAUSER1",
    "emailAddress": "ana@example.com",
    "displayName": "Ana",
    "active": True,
    "timeZone": "Asia/Dubai",
}


@pytest.fixture
def site() -> Site:
    record = a_record(1, assignee=ANA, description=WIKI, components=[{"id": "5", "name": "Cart"}])
    return a_site(record, *many(5)[1:], flavour=Flavour.DATACENTER)


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    bearer = {"Authorization": f"Bearer {site.token}"}
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(base_url=jira.url, headers=bearer, trust_env=False) as client,
    ):
        yield client


async def page(client: httpx.AsyncClient, start: int, most: int = 2, **asked: Any) -> tuple[list[str], int]:
    """The ids of a page by key, and how many there are in all."""
    body = {"jql": "ORDER BY key ASC", "startAt": start, "maxResults": most, "fields": ["id"]} | asked
    told = (await client.post(f"{API}/search", json=body)).json()
    assert (told["startAt"], told["maxResults"]) == (start, most)
    return [issue["id"] for issue in told["issues"]], told["total"]


async def test_it_says_that_it_is_a_server_and_its_own_token_is_a_bearer(client: httpx.AsyncClient, site: Site) -> None:
    server, me = (await client.get(f"{API}/serverInfo")).json(), (await client.get(f"{API}/myself")).json()
    assert (server["deploymentType"], server["serverTime"]) == ("Server", "2026-11-23T12:00:00.000+0000")
    assert (me["name"], me["key"], me["timeZone"], "accountId" in me) == ("remit", "JIRAUSER10000", "UTC", False)
    asked = {"wrong": {"Authorization": "Bearer dead"}, "none": {"Authorization": ""}}
    refused = {name: (await client.get(f"{API}/myself", headers=told)).status_code for name, told in asked.items()}
    assert refused == {"wrong": 401, "none": 401}
    assert (await client.get(f"{API}/search", headers=asked["wrong"])).status_code == 401
    assert (await client.get(f"{API}/search", headers=asked["none"])).json()["issues"] == []


@pytest.mark.parametrize(
    "path", ["/rest/api/3/myself", "/rest/api/3/search/jql", "/rest/api/2/issue/bulkfetch", "/rest/api/3/webhook"]
)
async def test_what_only_the_cloud_has_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    assert [(await client.get(path)).status_code, (await client.post(path, json={})).status_code] == [404, 404]


async def test_pages_are_asked_for_by_their_start(client: httpx.AsyncClient) -> None:
    assert [await page(client, start) for start in (0, 2, 4, 6)] == [
        (["10001", "10002"], 5),
        (["10003", "10004"], 5),
        (["10005"], 5),
        ([], 5),
    ]


async def test_what_vanishes_between_two_pages_leaves_a_gap_in_the_second(
    client: httpx.AsyncClient, site: Site
) -> None:
    assert await page(client, 0) == (["10001", "10002"], 5)
    site.delete("10001")
    assert await page(client, 2) == (["10004", "10005"], 4)


async def test_what_is_touched_between_two_pages_by_update_comes_twice(client: httpx.AsyncClient, site: Site) -> None:
    newest_first = {"jql": "ORDER BY updated DESC, key ASC"}
    assert await page(client, 0, **newest_first) == (["10001", "10002"], 5)
    site.edit("10005", summary="Touched")
    assert await page(client, 2, **newest_first) == (["10002", "10003"], 5)


async def test_equal_sort_keys_come_in_another_order_each_time_on_a_restless_site(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.quirks.restless = True
    by_update = [await page(client, 0, 5, jql="ORDER BY updated ASC") for _ in range(5)]
    by_key = [await page(client, 0, 5) for _ in range(5)]
    assert len({tuple(ids) for ids, _ in by_update}) > 1
    assert {tuple(ids) for ids, _ in by_key} == {("10001", "10002", "10003", "10004", "10005")}


async def test_people_are_told_by_name_and_key_and_texts_as_wiki_text(client: httpx.AsyncClient) -> None:
    shown = (await client.get(f"{API}/issue/SHOP-1")).json()["fields"]
    assert (shown["assignee"], shown["description"]) == (SHOWN, WIKI)
    found = (await client.post(f"{API}/search", json={"jql": "key = SHOP-1"})).json()["issues"]
    assert found[0]["fields"]["assignee"] == SHOWN
    assert found[0]["self"].endswith("/rest/api/2/issue/10001")


async def test_a_sprint_is_told_as_the_text_of_an_object(client: httpx.AsyncClient, site: Site) -> None:
    site.edit("10001", **fields({"sprints": ["Sprint 1"]}, NOW))
    told = (await client.get(f"{API}/issue/SHOP-1")).json()["fields"]["customfield_10020"]
    (sprint,) = site.issues["10001"].record["fields"]["customfield_10020"]
    assert told == [
        f"com.atlassian.greenhopper.service.sprint.Sprint@1f2e3d4c[id={sprint['id']},rapidViewId=1,state=ACTIVE,"
        "name=Sprint 1,startDate=<null>,endDate=<null>,completeDate=<null>]"
    ]


async def test_users_are_looked_for_by_a_part_of_their_names(client: httpx.AsyncClient) -> None:
    async def names(**params: Any) -> list[str]:
        return [user["name"] for user in (await client.get(f"{API}/user/search", params=params)).json()]

    assert [await names(username="."), await names(username="AN"), await names(username="bo")] == [["ana"], ["ana"], []]
    assert await names(username=".", startAt=1) == []
    assert (await client.get(f"{API}/user/search")).status_code == 400


async def test_a_hidden_issue_is_told_apart_from_one_that_is_not_there(client: httpx.AsyncClient, site: Site) -> None:
    site.hide("10002")
    site.delete("10003")
    found = {key: (await client.get(f"{API}/issue/{key}")).status_code for key in ("SHOP-1", "SHOP-2", "10003", "X-1")}
    assert found == {"SHOP-1": 200, "SHOP-2": 403, "10003": 404, "X-1": 404}


async def test_a_moved_issue_answers_to_its_former_key(client: httpx.AsyncClient, site: Site) -> None:
    site.move("10002", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
    assert (await client.get(f"{API}/issue/SHOP-2")).json()["key"] == "PAY-1"


async def test_a_history_is_whole_and_oldest_first_and_names_no_field_ids(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.histories["10001"] = [
        {**a_change(number, NOW + timedelta(minutes=number)), "author": ANA} for number in reversed(range(150))
    ]
    one = (await client.get(f"{API}/issue/SHOP-1", params={"expand": "changelog"})).json()
    body = {"jql": "key = SHOP-1", "expand": ["changelog"], "fields": ["summary"]}
    (found,) = (await client.post(f"{API}/search", json=body)).json()["issues"]
    for changelog in (one["changelog"], found["changelog"]):
        assert [entry["id"] for entry in changelog["histories"]] == [str(number) for number in range(150)]
        assert changelog["histories"][0]["author"] == SHOWN | {"self": changelog["histories"][0]["author"]["self"]}
        assert set(changelog["histories"][0]["items"][0]) == {"field", "fromString", "toString"}
    assert set(found["fields"]) == {"summary"}


@pytest.mark.parametrize(
    ("path", "names"),
    [("/project", ["Shop"]), ("/project/SHOP/components", ["Cart"]), ("/status", ["Open"])],
)
async def test_references_come_as_bare_lists(client: httpx.AsyncClient, path: str, names: list[str]) -> None:
    assert [one["name"] for one in (await client.get(f"{API}{path}")).json()] == names


@pytest.mark.parametrize(
    "body", [{"startAt": "x"}, {"nextPageToken": "x"}, {"fields": "summary"}, {"jql": "updated >= soon"}]
)
async def test_what_a_data_center_does_not_know_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post(f"{API}/search", json=body)).status_code == 400


async def test_a_search_without_restriction_is_all_there_is(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{API}/search", params={"maxResults": 3})).json()["total"] == 5


async def test_issues_that_are_not_there_may_be_named_in_a_search_that_is_not_checked(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.delete("10002")
    jql = "id in (10001, 10002)"
    assert (await client.post(f"{API}/search", json={"jql": jql})).status_code == 400
    assert await page(client, 0, jql=jql, validateQuery=False) == (["10001"], 1)
