"""`remit signals`: a table of numbers, and the records behind one of them."""

from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.take_records import Page, take_records
from support.asking_commands import Shell
from support.asking_http import ask, asking
from support.desks import JIRA, NOW, a_desk, an_issue, pulled

DAY = timedelta(days=1)
THEN = "2026-11-23T12:00:00Z"
SIGNALS = """query($asOf: DateTime) { area(key: "shop") { signals(asOf: $asOf, below: true) { name unit value sampleSize
  windowStart windowEnd baseline spread thresholdSource } } }"""


@pytest.fixture
async def graph(engine: AsyncEngine) -> Any:
    """Five issues wait: three in the shop, two in its checkout, each a day longer than the one before."""
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    issues = [
        an_issue(f"SHOP-{n}", created=NOW - n * DAY, updated=NOW - n * DAY, components=("Checkout",) * (n % 2))
        for n in range(10, 15)
    ]
    await take_records(desk, JIRA, Page(tuple(map(pulled, issues))))
    async with asking(desk) as client:
        yield client


async def test_every_signal_has_a_row(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("signals", "shop", "--below", "--as-of", THEN)
    assert (told.code, told.err) == (0, "")
    rows = [line.split() for line in told.out.splitlines()]
    assert rows[0] == ["signal", "value", "unit", "usual", "verdict", "sample"]
    assert rows[1] == ["open_items", "5", "items", "?", "UNKNOWN", "5"]
    assert ["throughput", "0", "items", "a", "week", "?", "UNKNOWN", "0"] in rows


async def test_json_is_that_of_the_graphql_type(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = orjson.loads((await shell.remit("signals", "shop", "--below", "--json", "--as-of", THEN)).out)
    expected = (await ask(graph, SIGNALS, asOf=THEN))["area"]["signals"]
    assert [{key: one[key] for key in expected[0]} for one in told] == expected


async def test_the_records_behind_a_number_are_listed_the_weightiest_first(
    shell: Shell, graph: httpx.AsyncClient
) -> None:
    told = await shell.remit("signals", "shop", "--records", "open_items", "--most", "2", "--as-of", THEN)
    lines = told.out.splitlines()
    assert lines[0] == "open_items: 3 over a sample of 3"
    assert [line.split()[:4] for line in lines[1:4]] == [
        ["record", "counts", "as", "value"],
        ["SHOP-14", "OPEN", "1", "2026-11-09T12:00:00Z"],
        ["SHOP-12", "OPEN", "1", "2026-11-11T12:00:00Z"],
    ]
    assert lines[4] == "1 more; --most tells up to 200, the API page by page all"


async def test_records_as_json_are_a_connection(shell: Shell, graph: httpx.AsyncClient) -> None:
    asked = ("signals", "shop", "--below", "--records", "arrivals", "--json", "--as-of", THEN)
    told = orjson.loads((await shell.remit(*asked)).out)
    assert (told["name"], told["value"], told["totalCount"]) == ("arrivals", 5, 5)
    assert [edge["node"]["key"] for edge in told["edges"]] == [f"SHOP-{number}" for number in range(14, 9, -1)]


@pytest.mark.parametrize(
    "asked", [["nowhere"], ["shop", "--days", "0"], ["shop", "--records", "weather"]], ids=" ".join
)
async def test_what_cannot_be_told_is_one_sentence(shell: Shell, graph: httpx.AsyncClient, asked: list[str]) -> None:
    told = await shell.remit("signals", *asked)
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)
