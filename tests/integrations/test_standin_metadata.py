"""The stand-in tells where sprints and estimates are, and behind which address a token is good."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from remit_integrations.standins.jira.words import fields
from support.desks import NOW
from support.jira_site import a_record, a_site

BOARD = "/rest/agile/1.0/board"


@pytest.fixture
def site() -> Site:
    planned = fields({"sprints": ["Sprint 1"], "points": 3.0}, NOW)
    return a_site(a_record(1, **planned), a_record(2), a_record(1, "PAY") | {"id": "20001"}, scoped_token="scoped")


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(base_url=jira.url, auth=(site.email, site.token), trust_env=False) as client,
    ):
        yield client


async def test_sprints_and_story_points_are_found_by_the_fields_schemas(client: httpx.AsyncClient) -> None:
    told = (await client.get("/rest/api/3/field")).json()
    custom = {one["name"]: (one["id"], one["schema"]["custom"].rpartition(":")[2]) for one in told if one["custom"]}
    assert custom == {
        "Sprint": ("customfield_10020", "gh-sprint"),
        "Story Points": ("customfield_10024", "float"),
        "Story point estimate": ("customfield_10016", "jsw-story-points"),
        "Epic Link": ("customfield_10014", "gh-epic-link"),
    }
    assert {"id", "name", "schema"} <= set(told[0])


async def test_a_field_may_be_added_while_the_site_runs(client: httpx.AsyncClient, site: Site) -> None:
    added = {"id": "customfield_10099", "name": "Team", "custom": True, "schema": {"type": "string", "custom": "x:y"}}
    site.custom_fields.append(added)
    assert (await client.get("/rest/api/3/field")).json()[-1] == added
    assert [one["id"] for one in Site().custom_fields].count("customfield_10099") == 0


async def test_boards_say_by_which_field_they_estimate(client: httpx.AsyncClient, site: Site) -> None:
    listed = (await client.get(BOARD, params={"startAt": 0})).json()
    assert [(one["id"], one["name"], one["type"]) for one in listed["values"]] == [
        (1, "PAY board", "scrum"),
        (2, "SHOP board", "scrum"),
    ]
    assert listed["isLast"] is True
    told = (await client.get(f"{BOARD}/2/configuration")).json()
    assert told["estimation"] == {
        "type": "field",
        "field": {"fieldId": "customfield_10024", "displayName": "Story Points"},
    }
    site.own_boards = [{"id": 7, "name": "Flow", "type": "kanban", "project": site.distinct("project")[0]}]
    assert (await client.get(f"{BOARD}/7/configuration")).json()["estimation"] == {"type": "issueCount"}
    assert (await client.get(f"{BOARD}/2/configuration")).status_code == 404


async def test_a_projects_boards_can_be_asked_for_alone(client: httpx.AsyncClient) -> None:
    told = (await client.get(BOARD, params={"projectKeyOrId": "PAY"})).json()
    assert [one["name"] for one in told["values"]] == ["PAY board"]


async def test_an_issue_holds_its_sprints_and_its_points(client: httpx.AsyncClient) -> None:
    told = (await client.get("/rest/api/3/issue/SHOP-1")).json()["fields"]
    (sprint,) = told["customfield_10020"]
    assert (sprint["name"], sprint["state"], sprint["boardId"], told["customfield_10024"]) == (
        "Sprint 1",
        "active",
        1,
        3.0,
    )
    assert (await client.get(f"{BOARD}/1/sprint")).json()["values"] == [sprint]


@pytest.mark.parametrize(
    "path", ["board/1/issue", "board/1/backlog", "board/1/sprint/7/issue", "board/1/epic/7/issue", "sprint/7/issue"]
)
async def test_lists_of_a_boards_issues_are_gone(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/rest/agile/1.0/{path}")).status_code == 404


async def test_the_cloud_can_be_told_by_the_older_version_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/rest/api/2/serverInfo")).json()["deploymentType"] == "Cloud"


async def test_each_kind_of_token_is_good_behind_its_own_address(client: httpx.AsyncClient, site: Site) -> None:
    site.app_tokens.add("granted")
    gateway = f"/ex/jira/{(await client.get('/_edge/tenant_info')).json()['cloudId']}"
    ways: dict[str, Any] = {
        "account": {"auth": (site.email, site.token)},
        "scoped": {"auth": (site.email, "scoped")},
        "app": {"headers": {"Authorization": "Bearer granted"}, "auth": None},
    }
    found = {}
    for name, way in ways.items():
        direct = await client.get("/rest/api/3/myself", **way)
        behind = await client.get(f"{gateway}/rest/api/3/myself", **way)
        found[name] = (direct.status_code, behind.status_code)
    assert found == {"account": (200, 401), "scoped": (401, 200), "app": (401, 200)}
    assert set(site.calls) == {"GET /rest/api/3/myself"}


async def test_a_site_without_a_scoped_token_takes_none(client: httpx.AsyncClient, site: Site) -> None:
    site.scoped_token = None
    answer = await client.get(f"/ex/jira/{site.cloud_id}/rest/api/3/myself", auth=(site.email, "None"))
    assert answer.status_code == 401
