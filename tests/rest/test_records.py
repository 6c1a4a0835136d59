"""The records behind numbers over plain HTTP: the same as over GraphQL."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from remit.entrypoints.wiring import Remit
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.asking_http import ask
from support.desks import JIRA, NOW, an_issue, pulled

DAY = timedelta(days=1)
AREA = "area { id key name kind stage }"
CONNECTION = f"""totalCount limitDays doubt pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  edges {{ cursor node {{ source id kind {AREA} key title isGone countsAs value days decides isSample created started
    touched done }} }}"""
RECORDS = f"""query($below: Boolean!, $first: Int, $after: String, $days: Int, $asOf: DateTime) {{ area(key: "shop") {{
  id key name kind stage signals(names: ["untriaged"], below: $below, windowDays: $days, asOf: $asOf) {{
    name value sampleSize windowStart windowEnd freshness {{ dataAsOf lagSeconds degraded modelVersion }}
    records(first: $first, after: $after) {{ {CONNECTION} }} }} }} }}"""
PATH = "/v1/areas/shop/signals/untriaged/records"


@pytest.fixture
async def client(parts: Remit, open_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Four issues wait in the shop, four in its checkout, each a day longer than the one before."""
    issues = [
        an_issue(f"SHOP-{n}", created=NOW - n * DAY, updated=NOW - n * DAY, components=("Checkout",) * (n % 2))
        for n in range(10, 18)
    ]
    await take_records(parts.desk, JIRA, Page(tuple(map(pulled, issues))))
    await settle_evidence(parts.desk, (await snapshot(parts.desk, Moment())).model)
    return open_api


@pytest.mark.parametrize(
    "asked",
    [{}, {"first": 2}, {"below": True, "windowDays": 7}, {"asOf": "2026-11-22T00:00:00Z"}],
    ids=str,
)
async def test_the_records_of_a_signal_are_those_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    variables = {"first": asked.get("first"), "below": asked.get("below", False), "days": asked.get("windowDays")}
    area = (await ask(client, RECORDS, **variables, asOf=asked.get("asOf")))["area"]
    (signal,) = area.pop("signals")
    connection = signal.pop("records")
    assert answer.json() == {"area": area, **signal, **connection}
    assert answer.json()["edges"]


async def test_pages_follow_each_other(client: httpx.AsyncClient) -> None:
    first = (await client.get(PATH, params={"first": 3, "below": True})).json()
    rest = (await client.get(PATH, params={"after": first["pageInfo"]["endCursor"], "below": True})).json()
    told = [edge["node"]["key"] for edge in (*first["edges"], *rest["edges"])]
    assert told == ["SHOP-1", *(f"SHOP-{number}" for number in range(17, 9, -1))]
    assert first["totalCount"] == rest["totalCount"] == 9
    assert rest["edges"][-1]["node"]["countsAs"] == "UNTRIAGED"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/areas/nowhere/signals/untriaged/records", 404), ("/v1/areas/shop/signals/weather/records", 422),
        (f"{PATH}?windowDays=0", 422), (f"{PATH}?first=201", 422), (f"{PATH}?after=nothing", 422),
        (f"{PATH}?weather=fine", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_a_problem(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text


async def test_they_are_told_to_nobody_without_a_token(guarded_api: httpx.AsyncClient) -> None:
    assert (await guarded_api.get(PATH)).status_code == 401
