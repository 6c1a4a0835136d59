"""`remit load --teams` and `--functions`: a row for each, with who stands how, and JSON of the GraphQL type."""

from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_commands import Shell
from support.asking_http import ask, asking
from support.teams import a_desk_of_teams

THEN = "2026-11-23T12:00:00Z"
BRIEF = """query($asOf: DateTime) { teams { edges { node { load(asOf: $asOf) {
  demandHours jointHours capacityHours utilisation memberCount } } } } }"""


@pytest.fixture
async def graph(engine: AsyncEngine) -> Any:
    async with asking(await a_desk_of_teams(models=PostgresModels(engine), mirror=PostgresMirror(engine))) as client:
        yield client


async def test_every_team_has_a_row_and_below_it_what_is_asked_of_it(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("load", "--teams", "--as-of", THEN)
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    assert lines[0].split() == ["team", "verdict", "hours", "of", "people"]
    assert (lines[1].split()[0], lines[1].split()[3]) == ("Crew", "3.0")
    assert lines[2].split()[:2] == ["Pair", "UNKNOWN"]
    assert any(line.startswith("Crew: ") and line.endswith("of it for what the team holds as such") for line in lines)
    assert "Crew: 2.00 h data_analytics at checkout, of 2 people" in lines
    assert any(line.startswith("Pair: Too old, or in trouble: jira.") for line in lines)
    assert any(line.startswith("Crew: ") and line.endswith("more; --why tells all") for line in lines)


async def test_functions_likewise_and_all_that_is_asked_of_them(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("load", "--functions", "--why", "--as-of", THEN)
    lines = told.out.splitlines()
    assert lines[0].split()[0] == "function"
    assert any(line.startswith("Product operations: ") and line.endswith("of 1 person") for line in lines)
    assert "as such" not in told.out
    assert "more; --why" not in told.out


async def test_json_is_that_of_the_graphql_type(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = orjson.loads((await shell.remit("load", "--teams", "--json", "--as-of", THEN)).out)
    nodes = [edge["node"]["load"] for edge in (await ask(graph, BRIEF, asOf=THEN))["teams"]["edges"]]
    assert [{key: one[key] for key in nodes[0]} for one in told] == nodes
    for one in told:
        edges = one["contributions"]["edges"]
        assert sum(edge["node"]["demandHours"] for edge in edges) == one["demandHours"]


async def test_no_group_is_said(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("load", "--teams", "--verdict", "WATCH", "--as-of", THEN)
    assert told.out.splitlines() == ["None."]


@pytest.mark.parametrize("asked", [["--teams", "--functions"], ["--teams", "--under", "shop"]], ids=str)
async def test_what_cannot_be_asked_together_is_one_sentence(
    shell: Shell, graph: httpx.AsyncClient, asked: list[str]
) -> None:
    told = await shell.remit("load", *asked)
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)
