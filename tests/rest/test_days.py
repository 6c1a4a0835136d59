"""The days before over plain HTTP: the same as over GraphQL."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from remit.entrypoints.wiring import Remit
from remit.usecases.keep_days import keep_day
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.asking_http import ask
from support.desks import JIRA, NOW, an_issue, pulled

YESTERDAY = date(2026, 11, 22)
MEASURED = "measuredAt dataAsOf degraded"
LOADS = f"""query($days: Int! = 90) {{ person(key: "pat") {{ loadHistory(days: $days) {{
  day demandHours capacityHours utilisation operationalShare verdict breadth {MEASURED} }} }} }}"""
SIGNALS = f"""query($names: [String!], $below: Boolean! = false, $from: Date, $to: Date) {{ area(key: "checkout") {{
  signalHistory(names: $names, below: $below, from: $from, to: $to) {{
    name unit points {{ day value sampleSize {MEASURED} }} }} }} }}"""


@pytest.fixture
async def client(parts: Remit, open_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Five issues came to the checkout three days ago; the day before was measured, and the one before it not."""
    issues = [an_issue(f"SHOP-{n}", created=NOW - timedelta(days=3), components=("Checkout",)) for n in range(5)]
    await take_records(parts.desk, JIRA, Page(tuple(map(pulled, issues))))
    await settle_evidence(parts.desk, (await snapshot(parts.desk, Moment())).model)
    assert await keep_day(parts.desk, YESTERDAY)
    return open_api


@pytest.mark.parametrize("asked", [{}, {"days": 2}], ids=str)
async def test_the_days_of_a_person_are_those_of_the_graph(client: httpx.AsyncClient, asked: dict[str, int]) -> None:
    answer = await client.get("/v1/people/pat/load/history", params=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["person"] == {"__typename": "Person", "key": "pat", "name": "Pat"}
    assert told["points"] == (await ask(client, LOADS, **asked))["person"]["loadHistory"]
    assert [point["verdict"] for point in told["points"]][-2:] == [None, "UNKNOWN"]
    assert told["points"][-1]["demandHours"] > 0


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"name": ["arrivals", "wip"]},
        {"below": True, "from": "2026-11-20", "to": "2026-11-22", "name": ["arrivals"]},
    ],
    ids=str,
)
async def test_the_days_of_an_area_are_those_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.get("/v1/areas/checkout/signals/history", params=asked)
    variables = {"names" if name == "name" else name: value for name, value in asked.items()}
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["area"]["key"] == "checkout"
    assert told["signals"] == (await ask(client, SIGNALS, **variables))["area"]["signalHistory"]
    arrivals = next(one for one in told["signals"] if one["name"] == "arrivals")
    assert [point["value"] for point in arrivals["points"]][-2:] == [None, 5.0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/people/nobody/load/history", 404), ("/v1/areas/nowhere/signals/history", 404),
        ("/v1/people/pat/load/history?days=0", 422), ("/v1/people/pat/load/history?days=733", 422),
        ("/v1/areas/checkout/signals/history?name=weather", 422),
        ("/v1/areas/checkout/signals/history?from=yesterday", 422),
        ("/v1/areas/checkout/signals/history?from=2026-11-22&to=2026-11-01", 422),
        ("/v1/areas/checkout/signals/history?asOf=2026-11-22T00:00:00Z", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_a_problem(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
