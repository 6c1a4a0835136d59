"""Signals of areas and loads of people over GraphQL."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_graphql.kit.limits import MOST_WINDOWS
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

MODEL = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 1}")
ISSUES = [an_issue(f"SHOP-{number}", created=NOW - timedelta(days=1), components=("Checkout",)) for number in range(30)]

TOO_MANY = range(1, MOST_WINDOWS + 2)
LOADS = """query($under: String, $function: String, $verdict: Verdict, $first: Int, $after: String) {
  loads(under: $under, function: $function, verdict: $verdict, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { person { key } verdict demandHours capacityHours utilisation operationalShare
      contributions { area { key } responsibility { key } demandHours drivers { name value verdict explanation } }
      signals { name value threshold thresholdSource verdict freshness { degraded } } } }
  }
}"""


async def a_read_desk(**parts: PostgresModels | PostgresMirror) -> Desk:
    desk = await a_desk(model=MODEL, **parts)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    return desk


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    """Pat has one hour a week for the operations of the checkout, to which thirty issues have just come."""
    async with asking(await a_read_desk()) as client:
        yield client


async def test_the_most_loaded_come_first_with_what_makes_it_so(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, LOADS, first=1))["loads"]
    assert (told["totalCount"], told["pageInfo"]["hasNextPage"]) == (2, True)
    load = told["edges"][0]["node"]
    assert (load["person"]["key"], load["verdict"], load["capacityHours"]) == ("pat", "OVERLOADED", 1.0)
    assert sum(one["demandHours"] for one in load["contributions"]) == load["demandHours"] == load["utilisation"]
    backlog = next(one for one in load["contributions"] if one["responsibility"]["key"] == "backlog_management")
    assert (backlog["area"]["key"], [one["name"] for one in backlog["drivers"]]) == (
        "checkout", ["arrivals", "open_items"],
    )  # fmt: skip
    assert [(one["name"], one["verdict"]) for one in load["signals"]] == [
        ("demand_hours", "UNKNOWN"), ("utilisation", "OVERLOADED"), ("operational_share", "UNKNOWN"),
        ("breadth", "OK"), ("areas_touched", "UNKNOWN"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"verdict": "OVERLOADED"}, ["pat"]),
        ({"verdict": "OK"}, []),
        ({"function": "product_management"}, ["ana"]),
        ({"under": "checkout"}, ["pat", "ana"]),
    ],
)
async def test_loads_can_be_chosen(graph: httpx.AsyncClient, asked: dict[str, str], keys: list[str]) -> None:
    told = (await ask(graph, LOADS, **asked))["loads"]
    assert [one["node"]["person"]["key"] for one in told["edges"]] == keys


async def test_pages_follow_each_other(graph: httpx.AsyncClient) -> None:
    first = (await ask(graph, LOADS, first=1))["loads"]
    rest = (await ask(graph, LOADS, first=1, after=first["pageInfo"]["endCursor"]))["loads"]
    assert [one["node"]["person"]["key"] for one in rest["edges"]] == ["ana"]


async def test_a_person_tells_the_same_load(graph: httpx.AsyncClient) -> None:
    fields = "verdict demandHours utilisation signals { name value baseline spread }"
    told = await ask(
        graph,
        f'{{ person(key: "pat") {{ load {{ {fields} }} }} loads(first: 1) {{ edges {{ node {{ {fields} }} }} }} }}',
    )
    assert told["person"]["load"] == told["loads"]["edges"][0]["node"]


async def test_an_area_tells_its_signals_alone_or_with_all_below(graph: httpx.AsyncClient) -> None:
    asked = """{ area(key: "shop") {
      own: signals(names: ["arrivals", "wip"]) { name value sampleSize unit }
      all: signals(names: ["arrivals"], below: true, windowDays: 7) { value windowStart windowEnd verdict } } }"""
    told = (await ask(graph, asked))["area"]
    assert told == {
        "own": [
            {"name": "arrivals", "value": 0.0, "sampleSize": 0, "unit": "items"},
            {"name": "wip", "value": 0.0, "sampleSize": 0, "unit": "items"},
        ],
        "all": [
            {
                "value": 30.0,
                "windowStart": "2026-11-17T00:00:00Z",
                "windowEnd": "2026-11-23T12:00:00Z",
                "verdict": "UNKNOWN",
            }
        ],
    }


async def test_all_signals_come_in_the_order_of_the_catalogue(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, '{ area(key: "shop") { signals { name } } }'))["area"]["signals"]
    assert [one["name"] for one in told][:3] == ["open_items", "wip", "arrivals"]
    assert len(told) == 18


@pytest.mark.parametrize(
    "asked",
    [
        '{ area(key: "shop") { signals(names: ["weather"]) { name } } }',
        '{ area(key: "shop") { signals(windowDays: 0) { name } } }',
        '{ person(key: "pat") { load(windowDays: 1000) { verdict } } }',
        "{ " + " ".join(f"l{days}: loads(windowDays: {days}) {{ totalCount }}" for days in TOO_MANY) + " }",
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(graph: httpx.AsyncClient, asked: str) -> None:
    assert (await refusal(graph, asked))[0] == "INVALID"


async def test_what_is_not_there_is_not_found(graph: httpx.AsyncClient) -> None:
    assert (await refusal(graph, '{ loads(under: "nowhere") { totalCount } }'))[0] == "NOT_FOUND"


async def test_the_statements_do_not_grow_with_the_list(engine: AsyncEngine) -> None:
    desk = await a_read_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    asked = "query($first: Int!) { people(first: $first) { edges { node { load { utilisation } } } } areas(first: $first) { edges { node { signals { value } } } } }"  # noqa: E501
    counts = []
    async with asking(desk) as client:
        for first in (1, 2):
            await ask(client, asked, first=first)
            with count_statements(engine) as statements:
                await ask(client, asked, first=first)
            counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_simulation_tells_whose_load_would_change(graph: httpx.AsyncClient) -> None:
    asked = """{ simulate(changes: [{handOver: {person: "pat", to: "ana"}}]) { errors { message } difference { loads {
      edges { node { person { key } before { verdict demandHours } after { demandHours } } } } } } }"""
    told = (await ask(graph, asked))["simulate"]
    rows = {one["node"]["person"]["key"]: one["node"] for one in told["difference"]["loads"]["edges"]}
    assert (told["errors"], set(rows)) == ([], {"ana", "pat"})
    assert (rows["pat"]["before"]["verdict"], rows["pat"]["after"]["demandHours"]) == ("OVERLOADED", 0)
    assert rows["ana"]["after"]["demandHours"] > rows["ana"]["before"]["demandHours"]
    assert [row["node"]["verdict"] for row in (await ask(graph, LOADS))["loads"]["edges"]] == ["OVERLOADED", "UNKNOWN"]
