"""`remit who`: the answer as a table, with its reasons, and as JSON."""

from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_commands import Shell
from support.asking_http import ask, asking
from support.desks import A_MODEL, a_desk, an_issue

JSON_OF = """query($key: String!) { issueOwnership(issueKey: $key) {
  issueKey known currentKey area { ...Area }
  ownership {
    area { ...Area } outcome lead { ...Function } accountable { ...Owner }
    responsibility { id key name description transferable }
    holders { owner { ...Owner } function { ...Function } letter delegatedFrom { ...Owner } }
    trace { id step layer scope verdict reason message recordedBy recordedAt }
    freshness { dataAsOf degraded modelVersion }
  }
} }
fragment Area on Area { id key name kind stage }
fragment Function on Function { id key name }
fragment Owner on Owner { __typename ... on Person { key name } ... on Team { key name } }"""


@pytest.fixture
async def graph(engine: AsyncEngine) -> Any:
    """Puts a model and SHOP-1 into the database of the shell, and answers over GraphQL."""
    desk = await a_desk(
        model=A_MODEL.replace("timezone: UTC", "timezone: Etc/GMT+12"),
        models=PostgresModels(engine),
        mirror=PostgresMirror(engine),
        items=[an_issue("SHOP-1", components=("Checkout",))],
    )
    async with asking(desk) as client:
        yield client


async def test_the_answer_is_a_table(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "SHOP-1", "-r", "innovation", "-r", "leadership")
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    assert lines[0] == "SHOP-1 belongs to Checkout (checkout)"
    assert [line.split() for line in lines[1:4]] == [
        ["responsibility", "outcome", "accountable", "lead", "others"],
        ["innovation", "INHERITED", "Ana", "product_management"],
        ["leadership", "BLURRY", "-", "-", "Ana", "(responsible),", "Pat", "(responsible)"],
    ]
    assert lines[4].startswith("data as of 2026-11-23T12:00:00Z (")


async def test_why_tells_the_losers_too(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "SHOP-1", "-r", "innovation", "--why")
    assert told.code == 0
    assert "innovation: INHERITED, because" in told.out
    assert [mark for mark in "✓✗·" if f"    {mark} " not in told.out] == []


async def test_json_is_that_of_the_graphql_type(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "SHOP-1", "--json")
    answer = orjson.loads(told.out)
    for one in answer["ownership"]:
        one["freshness"].pop("lagSeconds")
        one["freshness"]["degraded"] = []
    assert answer == (await ask(graph, JSON_OF, key="SHOP-1"))["issueOwnership"]


async def test_an_unknown_issue_is_an_answer(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "NO-1", "-r", "magic")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("NO-1 is not known here\n")
    assert "UNKNOWN" in told.out


async def test_a_bare_date_begins_in_the_time_zone_of_the_organisation(shell: Shell, graph: httpx.AsyncClient) -> None:
    """SHOP-1 was created on 2025-11-23 at 12:00 UTC, which is when that day began in this zone."""
    told = await shell.remit("who", "SHOP-1", "-r", "innovation", "--as-of", "2025-11-23", "--json")
    assert orjson.loads(told.out)["ownership"][0]["outcome"] == "INHERITED"


async def test_an_area_is_asked_for_by_its_key(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "--area", "checkout", "-r", "innovation", "-r", "leadership", "--why")
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    assert lines[0] == "checkout: Checkout"
    assert [line.split() for line in lines[1:4]] == [
        ["responsibility", "outcome", "accountable", "lead", "others"],
        ["innovation", "INHERITED", "Ana", "product_management"],
        ["leadership", "BLURRY", "-", "-", "Ana", "(responsible),", "Pat", "(responsible)"],
    ]
    assert lines[4] == "  innovation: INHERITED, because"


async def test_an_area_nobody_knows_is_an_answer(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("who", "--area", "nowhere", "-r", "innovation")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("nowhere: there is no such area\n")
    assert "UNKNOWN" in told.out


async def test_json_of_an_area_is_what_rest_says(shell: Shell, graph: httpx.AsyncClient) -> None:
    asked = {"responsibility": ["innovation", "leadership"], "knownAt": "2999-01-01T00:00:00Z"}
    told = await shell.remit(
        "who",
        "--area",
        "checkout",
        "-r",
        "innovation",
        "-r",
        "leadership",
        "--known-at",
        asked["knownAt"][:10],
        "--json",
    )
    answer, expected = orjson.loads(told.out), (await graph.get("/v1/areas/checkout/ownership", params=asked)).json()
    for one in (*answer["ownership"], *expected["ownership"]):
        del one["freshness"]
    assert answer == expected


@pytest.mark.parametrize("named", [(), ("SHOP-1", "--area", "checkout")], ids=["nothing", "both"])
async def test_an_issue_or_an_area_is_named_and_not_both(shell: Shell, named: tuple[str, ...]) -> None:
    told = await shell.remit("who", *named)
    assert (told.code, told.out) == (2, "")
    assert "name an issue by its key, or an area with --area" in told.err
