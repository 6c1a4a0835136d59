"""Loads and signals over plain HTTP: the same as over GraphQL."""

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

AREA = "area { id key name kind stage }"
FRESH = "freshness { dataAsOf lagSeconds degraded modelVersion }"
SIGNAL = f"""name unit value sampleSize windowStart windowEnd baseline spread threshold thresholdSource
  verdict explanation {FRESH}"""
LOAD = f"""query($days: Int, $asOf: DateTime) {{ person(key: "pat") {{ load(windowDays: $days, asOf: $asOf) {{
  person {{ __typename key name }} verdict demandHours capacityHours utilisation operationalShare
  contributions {{ {AREA} responsibility {{ id key name description transferable }} demandHours
    drivers {{ {SIGNAL} }} }}
  signals {{ {SIGNAL} }} {FRESH} }} }} }}"""
SIGNALS = f"""query($names: [String!], $days: Int, $below: Boolean! = false) {{ area(key: "checkout") {{
  signals(names: $names, windowDays: $days, below: $below) {{ {SIGNAL} }} }} }}"""


@pytest.fixture
async def client(parts: Remit, open_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Five issues came to the checkout since yesterday."""
    issues = [an_issue(f"SHOP-{n}", created=NOW - timedelta(days=1), components=("Checkout",)) for n in range(5)]
    await take_records(parts.desk, JIRA, Page(tuple(map(pulled, issues))))
    await settle_evidence(parts.desk, (await snapshot(parts.desk, Moment())).model)
    return open_api


@pytest.mark.parametrize("asked", [{}, {"windowDays": 7}, {"asOf": "2026-11-20T00:00:00Z"}], ids=str)
async def test_the_load_of_a_person_is_that_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.get("/v1/people/pat/load", params=asked)
    variables = {"days": asked.get("windowDays"), "asOf": asked.get("asOf")}
    assert answer.status_code == 200, answer.text
    assert answer.json() == (await ask(client, LOAD, **variables))["person"]["load"]
    assert answer.json()["contributions"]


@pytest.mark.parametrize(
    "asked", [{}, {"name": ["arrivals", "wip"]}, {"windowDays": 7, "below": True}], ids=str
)  # fmt: skip
async def test_the_signals_of_an_area_are_those_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.get("/v1/areas/checkout/signals", params=asked)
    variables = {"names": asked.get("name"), "days": asked.get("windowDays"), "below": asked.get("below", False)}
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["area"]["key"] == "checkout"
    assert told["signals"] == (await ask(client, SIGNALS, **variables))["area"]["signals"]
    assert told["signals"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/people/nobody/load", 404), ("/v1/areas/nowhere/signals", 404), ("/v1/people/pat/load?windowDays=0", 422),
        ("/v1/areas/checkout/signals?name=weather", 422), ("/v1/people/pat/load?knownAt=2026-01-01T00:00:00Z", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_a_problem(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
