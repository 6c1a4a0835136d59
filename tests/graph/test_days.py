"""The days before over GraphQL: a point for each, with its holes, and one statement for a whole page."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.keep_days import keep_day
from remit.usecases.take_records import Page, take_records
from remit_graphql.kit.limits import MOST_WINDOWS
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

MODEL = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 1}")
DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 22)
ISSUES = [an_issue(f"SHOP-{number}", created=NOW - 3 * DAY, components=("Checkout",)) for number in range(30)]
MEASURED = {"measuredAt": "2026-11-23T12:00:00Z", "dataAsOf": "2026-11-23T12:00:00Z", "degraded": []}
HOLE = {"measuredAt": None, "dataAsOf": None, "degraded": []}
POINT = "day value sampleSize measuredAt dataAsOf degraded"


async def a_kept_desk(**parts: PostgresModels | PostgresMirror) -> Desk:
    """Yesterday was measured, and three days ago; the issues came in between."""
    desk = await a_desk(model=MODEL, **parts)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    for back in (0, 2):
        assert await keep_day(desk, YESTERDAY - back * DAY)
    return desk


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(await a_kept_desk()) as client:
        yield client


async def test_an_area_tells_each_signal_of_each_day(graph: httpx.AsyncClient) -> None:
    asked = f"""{{ area(key: "shop") {{
      own: signalHistory(names: ["arrivals"], from: "2026-11-22") {{ name unit points {{ {POINT} }} }}
      all: signalHistory(names: ["wip", "arrivals"], below: true, from: "2026-11-20", to: "2026-11-22") {{
        name points {{ {POINT} }} }} }} }}"""
    told = (await ask(graph, asked))["area"]
    assert told["own"] == [
        {
            "name": "arrivals",
            "unit": "items",
            "points": [{"day": "2026-11-22", "value": 0.0, "sampleSize": 0, **MEASURED}],
        }
    ]
    assert [one["name"] for one in told["all"]] == ["wip", "arrivals"]
    assert told["all"][1]["points"] == [
        {"day": "2026-11-20", "value": 30.0, "sampleSize": 30, **MEASURED},
        {"day": "2026-11-21", "value": None, "sampleSize": None, **HOLE},
        {"day": "2026-11-22", "value": 30.0, "sampleSize": 30, **MEASURED},
    ]


async def test_all_signals_of_ninety_days_are_told_unless_others_are_asked_for(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, '{ area(key: "shop") { signalHistory { name points { day } } } }'))["area"]
    days = [one["day"] for one in told["signalHistory"][0]["points"]]
    assert (len(told["signalHistory"]), len(days), days[0], days[-1]) == (18, 90, "2026-08-25", "2026-11-22")


async def test_a_person_tells_the_load_of_each_day(graph: httpx.AsyncClient) -> None:
    told = await ask(
        graph,
        """{ person(key: "pat") { loadHistory(days: 3) { day demandHours capacityHours utilisation operationalShare
          verdict breadth measuredAt dataAsOf degraded } } }""",
    )
    first, hole, last = told["person"]["loadHistory"]
    nothing = dict.fromkeys(
        ("demandHours", "capacityHours", "utilisation", "operationalShare", "verdict", "breadth")
    )  # fmt: skip
    assert hole == {"day": "2026-11-21", **nothing, **HOLE}
    assert {name: last[name] for name in ("day", *MEASURED)} == {"day": "2026-11-22", **MEASURED}
    assert (last["verdict"], last["capacityHours"], last["breadth"]) == ("OVERLOADED", 1.0, 6)
    assert last["utilisation"] == last["demandHours"] > 1
    assert first["demandHours"] == last["demandHours"]


@pytest.mark.parametrize(
    "asked",
    [
        '{ area(key: "shop") { signalHistory(names: ["weather"]) { name } } }',
        '{ area(key: "shop") { signalHistory(from: "2026-11-22", to: "2026-11-21") { name } } }',
        '{ area(key: "shop") { signalHistory(from: "2026-11-23") { name } } }',
        '{ area(key: "shop") { signalHistory(from: "2024-11-20") { name } } }',
        '{ person(key: "pat") { loadHistory(days: 0) { day } } }',
        '{ person(key: "pat") { loadHistory(days: 733) { day } } }',
        '{ person(key: "pat") { '
        + " ".join(f"l{days}: loadHistory(days: {days}) {{ day }}" for days in range(1, MOST_WINDOWS + 2))
        + " } }",
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(graph: httpx.AsyncClient, asked: str) -> None:
    assert (await refusal(graph, asked))[0] == "INVALID"


async def test_more_points_than_are_told_at_once_are_refused(graph: httpx.AsyncClient) -> None:
    names = '"wip", ' * 60
    asked = f'{{ areas {{ edges {{ node {{ signalHistory(names: [{names}], from: "2024-11-22") {{ name }} }} }} }} }}'
    code, message = await refusal(graph, asked)
    assert (code, message) == (
        "INVALID", "that would be 131580 points, more than 100000; ask for fewer days or names",
    )  # fmt: skip


async def test_a_question_that_may_cost_too_much_is_refused_before_it_is_answered(graph: httpx.AsyncClient) -> None:
    answer = await graph.post(
        "/graphql",
        json={"query": "{ areas(first: 200) { edges { node { signalHistory { points { day value } } } } } }"},
    )
    errors: list[dict[str, Any]] = answer.json()["errors"]
    assert "may cost" in errors[0]["message"]


async def test_the_statements_do_not_grow_with_the_list(engine: AsyncEngine) -> None:
    desk = await a_kept_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    asked = """query($first: Int!) {
      people(first: $first) { edges { node { loadHistory(days: 9) { verdict } } } }
      areas(first: $first) { edges { node {
        own: signalHistory(names: ["wip"]) { points { value } }
        all: signalHistory(names: ["wip"], below: true) { points { value } } } } } }"""
    histories = []
    async with asking(desk) as client:
        for first in (1, 3):
            await ask(client, asked, first=first)
            with count_statements(engine) as statements:
                await ask(client, asked, first=first)
            histories.append(["_day AS told" in one for one in statements].count(True))
    assert histories == [2, 2]
