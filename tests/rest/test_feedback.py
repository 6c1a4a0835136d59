"""Feedback over plain HTTP: the same as over GraphQL."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from remit.domain.feedback import FeedbackState
from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import apply
from remit.usecases.take_records import take_records
from support.asking_http import ask
from support.desks import A_MODEL, NOW
from support.feedback import DESK, an_item, said

DAY = timedelta(days=1)
MODEL = A_MODEL.replace(
    "component: Checkout}]", "component: Checkout}], feedback: [{source: zendesk, tags: [payments]}]"
)
LIST = """query($area: String, $under: String, $unplaced: Boolean! = false, $source: String, $state: FeedbackState,
    $createdAfter: DateTime, $createdBefore: DateTime, $first: Int, $after: String) {
  feedback(area: $area, under: $under, unplaced: $unplaced, source: $source, state: $state, createdAfter: $createdAfter,
    createdBefore: $createdBefore, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id source segment
      created updated state triagedAt answeredAt closedAt hoursToTriage hoursToFirstResponse linkedIssues placement
      areas { id key name kind stage } excerpt freshness { dataAsOf lagSeconds degraded modelVersion } } } } }"""


@pytest.fixture
async def client(parts: Remit, open_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Three tickets: two of the checkout, one of nothing."""
    await apply(parts.desk, MODEL, actor="test", reason="with feedback")
    answered = an_item("1", state=FeedbackState.ANSWERED, triaged_at=NOW - DAY, answered_at=NOW, excerpt="It fails.")
    items = (answered, an_item("2", tags=("weather",), created=NOW - DAY), an_item("3", created=NOW - 9 * DAY))
    await take_records(parts.desk, DESK, said(*items))
    await parts.desk.mirror.succeeded(DESK, NOW, b"")
    return open_api


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["2", "1", "3"]), ({"area": "checkout", "first": 1}, ["1"]), ({"under": "shop"}, ["1", "3"]),
        ({"unplaced": True}, ["2"]), ({"source": "zendesk", "state": "NEW"}, ["2", "3"]),
        ({"createdAfter": "2026-11-20T12:00:00Z"}, ["2", "1"]), ({"createdBefore": "2026-11-20T12:00:00Z"}, ["3"]),
    ],
    ids=str,
)  # fmt: skip
async def test_a_list_is_that_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any], ids: list[str]) -> None:
    answer = await client.get("/v1/feedback", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json() == (await ask(client, LIST, **asked))["feedback"]
    assert [edge["node"]["id"] for edge in answer.json()["edges"]] == ids


async def test_pages_follow_each_other(client: httpx.AsyncClient) -> None:
    first = (await client.get("/v1/feedback?first=2")).json()
    rest = (await client.get("/v1/feedback", params={"after": first["pageInfo"]["endCursor"]})).json()
    assert [edge["node"]["id"] for edge in rest["edges"]] == ["3"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("area=nowhere", 404), ("source=forum", 404), ("state=open", 422), ("createdAfter=2026-11-20", 422),
        ("first=201", 422), ("after=nothing", 422), ("area=shop&under=shop", 422), ("created_after=x", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_a_problem(client: httpx.AsyncClient, asked: str, status: int) -> None:
    answer = await client.get(f"/v1/feedback?{asked}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text


async def test_it_is_told_to_nobody_without_a_token(guarded_api: httpx.AsyncClient) -> None:
    assert (await guarded_api.get("/v1/feedback")).status_code == 401
