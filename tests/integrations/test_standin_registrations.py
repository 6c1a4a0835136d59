"""Webhooks that apps register for themselves on the stand-in: few, filtered, and for thirty days."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.desks import NOW, AClock
from support.jira_site import a_record, a_site

URL = "https://remit.example/webhooks/jira"
EVENTS = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"]
HOOK = {"events": EVENTS, "jqlFilter": "project = SHOP"}
MS = 1000


@pytest.fixture
def clock() -> AClock:
    return AClock()


@pytest.fixture
def site(clock: AClock) -> Site:
    return a_site(a_record(1), clock=clock, app_tokens={"granted"})


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with jira_server(site) as jira, a_client(f"{jira.url}/ex/jira/{site.cloud_id}") as client:
        yield client


def a_client(url: str) -> httpx.AsyncClient:
    bearer = {"Authorization": "Bearer granted"}
    return httpx.AsyncClient(base_url=f"{url}/rest/api/3", headers=bearer, trust_env=False)


async def register(client: httpx.AsyncClient, *hooks: dict[str, Any], url: str = URL) -> list[dict[str, Any]]:
    answer = await client.post("/webhook", json={"url": url, "webhooks": list(hooks)})
    assert answer.status_code == 200, answer.text
    result: list[dict[str, Any]] = answer.json()["webhookRegistrationResult"]
    return result


async def listed(client: httpx.AsyncClient) -> dict[int, int]:
    """Until when each lives, in milliseconds."""
    return {one["id"]: one["expirationDate"] for one in (await client.get("/webhook")).json()["values"]}


def ms(**later: float) -> int:
    return round((NOW + timedelta(**later)).timestamp() * MS)


async def test_a_webhook_lives_for_thirty_days_from_when_it_was_registered_or_refreshed(
    client: httpx.AsyncClient, clock: AClock
) -> None:
    assert await register(client, HOOK) == [{"createdWebhookId": 1}]
    assert await listed(client) == {1: ms(days=30)}
    clock.goes_on(days=29)
    refreshed = await client.put("/webhook/refresh", json={"webhookIds": [1, 404]})
    assert (refreshed.json(), await listed(client)) == ({"expirationDate": ms(days=59)}, {1: ms(days=59)})
    clock.goes_on(days=31)
    assert await listed(client) == {}
    await client.put("/webhook/refresh", json={"webhookIds": [1]})
    assert await listed(client) == {}


async def test_a_webhook_tells_what_it_was_registered_with(client: httpx.AsyncClient) -> None:
    await register(client, HOOK | {"fieldIdsFilter": ["status"]})
    told = (await client.get("/webhook")).json()
    assert told["values"] == [
        {
            "id": 1,
            "url": URL,
            "jqlFilter": "project = SHOP",
            "events": EVENTS,
            "fieldIdsFilter": ["status"],
            "expirationDate": ms(days=30),
        }
    ]


async def test_a_removed_webhook_is_gone(client: httpx.AsyncClient) -> None:
    await register(client, HOOK, HOOK)
    answer = await client.request("DELETE", "/webhook", json={"webhookIds": [1]})
    assert (answer.status_code, await listed(client)) == (202, {2: ms(days=30)})


async def test_five_are_the_most_and_all_of_them_go_to_one_address(client: httpx.AsyncClient) -> None:
    results = await register(client, *[HOOK] * 6)
    assert [one.get("createdWebhookId") for one in results] == [1, 2, 3, 4, 5, None]
    await client.request("DELETE", "/webhook", json={"webhookIds": [1]})
    (elsewhere,) = await register(client, HOOK, url="https://other.example")
    assert elsewhere == {"errors": ["An app may register a single URL only."]}


@pytest.mark.parametrize(
    "hook",
    [
        {"events": [], "jqlFilter": "project = SHOP"},
        {"events": ["component_created"], "jqlFilter": "project = SHOP"},
        {"events": EVENTS},
        {"events": EVENTS, "jqlFilter": ""},
        {"events": EVENTS, "jqlFilter": "updated >= -1d"},
        {"events": EVENTS, "jqlFilter": "labels = urgent"},
        {"events": EVENTS, "jqlFilter": "project = SHOP ORDER BY key"},
        {"events": EVENTS, "jqlFilter": "project is not EMPTY"},
        {"events": EVENTS, "jqlFilter": "project = SHOP", "url": URL},
    ],
)
async def test_what_a_webhook_cannot_be_is_told_beside_those_that_can(
    client: httpx.AsyncClient, hook: dict[str, Any]
) -> None:
    wrong, right = await register(client, hook, HOOK)
    assert (list(wrong), right) == (["errors"], {"createdWebhookId": 1})


async def test_filters_may_name_people_and_lists(client: httpx.AsyncClient) -> None:
    people = 'project not in (PAY, WEB) AND assignee = "5b1" AND issuetype != Task'
    assert await register(client, HOOK | {"jqlFilter": people}) == [{"createdWebhookId": 1}]


@pytest.mark.parametrize("body", [{}, {"url": URL}, {"url": URL, "webhooks": []}, {"url": URL, "webhooks": ["x"]}])
async def test_nothing_to_register_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post("/webhook", json=body)).status_code == 400


async def test_no_ids_are_refused(client: httpx.AsyncClient) -> None:
    for body in ({}, {"webhookIds": []}, {"webhookIds": ["1"]}):
        assert (await client.put("/webhook/refresh", json=body)).status_code == 400


async def test_an_account_with_an_api_token_may_register_nothing(site: Site) -> None:
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(auth=(site.email, site.token), trust_env=False) as client,
    ):
        url = f"{jira.url}/rest/api/3/webhook"
        answers = [
            await client.get(url),
            await client.post(url, json={"url": URL, "webhooks": [HOOK]}),
            await client.put(f"{url}/refresh", json={"webhookIds": [1]}),
            await client.request("DELETE", url, json={"webhookIds": [1]}),
        ]
    assert ([answer.status_code for answer in answers], site.registrations) == ([403] * 4, {})
