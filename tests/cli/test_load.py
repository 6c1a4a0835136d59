"""`remit load`: a table with bars for people, JSON of the GraphQL type for scripts."""

from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.load import Contribution
from remit.entrypoints.cli.bars import bar
from remit.entrypoints.cli.load import by_responsibility
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.take_records import Page, take_records
from support.asking_commands import Shell
from support.asking_http import ask, asking
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

MODEL = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 4}")
THEN = "2026-11-23T12:00:00Z"
BRIEF = """query($asOf: DateTime) { loads(asOf: $asOf) { edges { node {
  demandHours capacityHours utilisation person { __typename key name }
  contributions { demandHours drivers { name value explanation } } } } } }"""


@pytest.fixture
async def graph(engine: AsyncEngine) -> Any:
    """Sixteen issues have come to the checkout, whose operations are Pat's for four hours a week."""
    desk = await a_desk(model=MODEL, models=PostgresModels(engine), mirror=PostgresMirror(engine))
    issues = [an_issue(f"SHOP-{n}", created=NOW - timedelta(days=1), components=("Checkout",)) for n in range(16)]
    await take_records(desk, JIRA, Page(tuple(map(pulled, issues))))
    async with asking(desk) as client:
        yield client


async def test_everybody_has_a_row_and_below_it_what_is_asked_of_them(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("load", "--as-of", THEN)
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    assert lines[0].split() == ["person", "verdict", "hours", "of"]
    pat, ana = lines[1].split(), lines[2].split()
    assert (pat[0], pat[3], ana[0], ana[1], ana[3]) == ("Pat", "4.0", "Ana", "UNKNOWN", "?")
    assert "Pat: 2.00 h data_analytics at checkout" in lines
    assert any(line.startswith("Pat: ") and line.endswith("; --why tells all") for line in lines)


def test_what_is_asked_of_somebody_is_summed_up_by_responsibility() -> None:
    asked = [
        ("checkout", "data_analytics", 1.5), ("cart", "leadership", 2.0), ("cart", "data_analytics", 1.0),
        ("shop", "leadership", 0.25), ("shop", "goal_setting", 0.125),
    ]  # fmt: skip
    told = [Contribution(AreaKey(area), ResponsibilityKey(what), hours, ()) for area, what, hours in asked]
    assert by_responsibility(told) == [
        "2.50 h data_analytics in 2 areas",
        "2.25 h leadership in 2 areas",
        "0.12 h goal_setting at shop",
    ]


async def test_why_tells_what_makes_each_contribution(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("load", "--why", "--function", "product_operations", "--as-of", THEN)
    assert "    areas: 1 a week at 120 minutes each, 100% of it theirs." in told.out
    assert "Ana" not in told.out
    assert "more; --why" not in told.out


async def test_json_is_that_of_the_graphql_type(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = orjson.loads((await shell.remit("load", "--json", "--as-of", THEN)).out)
    nodes = [edge["node"] for edge in (await ask(graph, BRIEF, asOf=THEN))["loads"]["edges"]]
    assert [{key: one[key] for key in nodes[0] if key != "contributions"} for one in told] == [
        {key: value for key, value in node.items() if key != "contributions"} for node in nodes
    ]
    assert [sum(row["demandHours"] for row in one["contributions"]) for one in told] == [
        one["demandHours"] for one in told
    ]


@pytest.mark.parametrize("asked", [["--under", "nowhere"], ["--days", "0"]], ids=str)
async def test_what_cannot_be_told_is_one_sentence(shell: Shell, graph: httpx.AsyncClient, asked: list[str]) -> None:
    told = await shell.remit("load", *asked)
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)


async def test_nobody_is_said(shell: Shell, graph: httpx.AsyncClient) -> None:
    assert (await shell.remit("load", "--verdict", "WATCH", "--as-of", THEN)).out.splitlines() == ["Nobody."]


@pytest.mark.parametrize(
    ("utilisation", "expected"),
    [(None, ""), (0, "░" * 20), (0.5, "█" * 10 + "░" * 10), (1, "█" * 20), (1.5, "█" * 20 + "▶" * 10),
     (9, "█" * 20 + "▶" * 20)],
)  # fmt: skip
def test_a_bar_is_full_at_all_of_the_capacity(utilisation: float | None, expected: str) -> None:
    assert bar(utilisation) == expected
