"""`remit gaps` and `remit model lint`: tables for people, JSON of the GraphQL types for scripts."""

from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_commands import Shell
from support.asking_http import ask, asking
from support.desks import a_desk, an_issue

OLD = "Too old, or in trouble: jira. Until it was read again the number may be wrong; `remit doctor` tells why.\n"
"""The shell has the clock of the machine, and the source was read once, at the time of the tests."""
GAPS = """query($kinds: [GapKind!], $under: String) { gaps(kinds: $kinds, under: $under, first: 200) { edges { node {
  kind count message area { id key name kind stage } responsibility { id key name description transferable }
  owner { __typename ... on Person { key name } ... on Team { key name } } } } } }"""
LINT = """{ selectorLint { edges { node {
  fault selector message area { id key name kind stage } other { id key name kind stage } } } } }"""


@pytest.fixture
async def graph(engine: AsyncEngine) -> Any:
    """Puts a model and an issue that nobody owns into the database of the shell, and answers over GraphQL."""
    items = [an_issue("SHOP-1", components=("checkout",), assignee="a-1")]
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine), items=items)
    async with asking(desk) as client:
        yield client


async def test_gaps_are_a_table_with_what_to_do_and_the_coverage(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("gaps", "--kind", "UNMAPPED_IDENTITY", "-k", "BLURRY_WITHOUT_AGREEMENT")
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, OLD)
    assert lines[0].split() == ["kind", "count", "what", "to", "do"]
    assert [line.split()[:2] for line in lines[1:-1]] == [["BLURRY_WITHOUT_AGREEMENT", "3"]] * 4 + [
        ["UNMAPPED_IDENTITY", "1"]
    ]
    assert lines[-1] == (
        "acme: 39.2 % of 51 cells have somebody accountable (product_management 66.6 %, product_operations 33.3 %)"
    )


async def test_a_place_without_gaps_says_so(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("gaps", "--under", "checkout", "--kind", "UNOWNED")
    assert told.out.splitlines() == [
        "No gaps.",
        "checkout: 76.4 % of 17 cells have somebody accountable "
        "(product_management 100.0 %, product_operations 100.0 %)",
    ]


@pytest.mark.parametrize("asked", [[], ["--under", "shop", "--kind", "UNOWNED"]], ids=str)
async def test_json_is_that_of_the_graphql_type(shell: Shell, graph: httpx.AsyncClient, asked: list[str]) -> None:
    told = await shell.remit("gaps", "--json", *asked)
    variables: dict[str, Any] = {"under": "shop", "kinds": ["UNOWNED"]} if asked else {}
    nodes = [edge["node"] for edge in (await ask(graph, GAPS, **variables))["gaps"]["edges"]]
    assert (told.code, orjson.loads(told.out)) == (0, nodes)
    assert nodes


async def test_a_past_moment_says_what_it_cannot_tell(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("gaps", "--as-of", "2025-01-01", "--under", "checkout", "-k", "UNOWNED", "-k", "CONFLICT")
    assert told.out.splitlines()[0] == "No gaps."
    assert (told.code, told.err) == (0, "Not told at a past moment, as far as they are about records: CONFLICT.\n")
    told = await shell.remit("gaps", "--known-at", "2025-01-01", "-k", "UNOWNED", "--json")
    assert (told.code, told.out, told.err) == (0, "[]\n", "")


async def test_an_area_and_a_kind_that_are_none_are_refused(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("gaps", "--under", "nowhere")
    assert (told.code, told.out, told.err) == (1, "", "remit: there is no area 'nowhere' at this instant\n")
    told = await shell.remit("gaps", "--kind", "MAGIC")
    assert (told.code, told.out, "'MAGIC' is not one of" in told.err) == (2, "", True)


async def test_the_lint_names_every_fault_and_exits_2(shell: Shell, graph: httpx.AsyncClient) -> None:
    told = await shell.remit("model", "lint")
    assert (told.code, told.err) == (2, "")
    assert [line.split(":")[0] for line in told.out.splitlines()] == ["NEVER_MATCHES", "NEAR_MISS"]
    told = await shell.remit("model", "lint", "--json")
    assert (told.code, orjson.loads(told.out)) == (
        2,
        [edge["node"] for edge in (await ask(graph, LINT))["selectorLint"]["edges"]],
    )


async def test_selectors_without_fault_exit_0(shell: Shell) -> None:
    told = await shell.remit("model", "lint")
    assert (told.code, told.out, told.err) == (0, "", "")
