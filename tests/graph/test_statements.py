"""How many SQL statements a question costs: the same however long the list is."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.engine import connect
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from support.asking_http import ask, asking, told_of
from support.counting import count_statements
from support.desks import a_desk, an_issue

HEAD_AND_SOURCES = 2
"""Every question reads the newest change of the model and the state of the sources; facts are kept from before."""
MARKS, ISSUES, COUNTS = 1, 1, 1


def a_broad_model(areas: int = 60) -> str:
    """Sixty areas in three levels; each has the issues of one component, and one of two owners."""
    rows = ["version: 1", "organisation: {key: acme, name: Acme, stage: scale_up}", "people:"]
    rows += ["  - {key: ana, name: Ana, function: product_management}", "areas:"]
    for number in range(areas):
        parent = "acme" if number < 4 else f"a{number // 4 - 1}"
        selector = f"{{project: SHOP, component: C{number}}}"
        rows.append(f"  - {{key: a{number}, name: A, kind: team, parent: {parent}, jira: [{selector}]}}")
    rows += ["assignments:", "  - {area: a1, responsibility: all, function: product_management, owner: ana}", ""]
    return "\n".join(rows)


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    """Its model and 200 issues in PostgreSQL, its model read once before."""
    issues = [an_issue(f"SHOP-{number}", components=(f"C{number % 60}",)) for number in range(1, 201)]
    desk = await a_desk(
        model=a_broad_model(), models=PostgresModels(engine), mirror=PostgresMirror(engine), items=issues
    )
    async with asking(desk) as client:
        await ask(client, "{ areas { totalCount } }")
    return desk


@pytest.fixture
async def graph(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(desk) as client:
        yield client


@pytest.mark.parametrize("count", [1, 2, 200])
async def test_ownership_of_many_issues_costs_four_statements(
    graph: httpx.AsyncClient, engine: AsyncEngine, count: int
) -> None:
    asked = "query($keys: [String!]!) { issueOwnerships(issueKeys: $keys) { area { key parent { key } stage } ownership { outcome trace { message } } } }"  # noqa: E501
    with count_statements(engine) as statements:
        told = await ask(graph, asked, keys=[f"SHOP-{number}" for number in range(1, count + 1)])
    assert len(told["issueOwnerships"]) == count
    assert len(statements) == HEAD_AND_SOURCES + ISSUES + MARKS


async def test_aliases_of_one_issue_each_are_read_together(graph: httpx.AsyncClient, engine: AsyncEngine) -> None:
    fields = [
        f'a{number}: issueOwnership(issueKey: "SHOP-{number}", responsibilities: ["r{number}"]) {{ known }}'
        for number in range(1, 101)
    ]
    with count_statements(engine) as statements:
        told = await ask(graph, "{" + " ".join(fields) + "}")
    assert len(told) == 100
    assert len(statements) == HEAD_AND_SOURCES + ISSUES + MARKS


@pytest.mark.parametrize("first", [1, 60])
async def test_areas_with_their_ownership_cost_three_statements(
    graph: httpx.AsyncClient, engine: AsyncEngine, first: int
) -> None:
    asked = "query($first: Int) { areas(first: $first) { edges { node { key ownership { outcome accountable { __typename } } } } } }"  # noqa: E501
    with count_statements(engine) as statements:
        told = await ask(graph, asked, first=first)
    assert len(told["areas"]["edges"]) == first
    assert len(statements) == HEAD_AND_SOURCES + MARKS


@pytest.mark.parametrize("under", ["a20", "acme"])
async def test_a_matrix_costs_three_statements(graph: httpx.AsyncClient, engine: AsyncEngine, under: str) -> None:
    asked = "query($under: String) { matrix(under: $under) { cells { outcome area { key } } } }"
    with count_statements(engine) as statements:
        told = await ask(graph, asked, under=under)
    assert len(told["matrix"]["cells"]) == (17 if under == "a20" else 61 * 17)
    assert len(statements) == HEAD_AND_SOURCES + MARKS


async def test_children_of_children_cost_no_more_than_their_parents(
    graph: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    asked = '{ area(key: "acme") { children { edges { node { ownership { outcome } children { edges { node { ownership { outcome } children { totalCount } } } } } } } } }'  # noqa: E501
    with count_statements(engine) as statements:
        told = await ask(graph, asked)
    assert [len(edge["node"]["children"]["edges"]) for edge in told["area"]["children"]["edges"]] == [4, 4, 4, 4]
    assert len(statements) == HEAD_AND_SOURCES + MARKS


@pytest.mark.parametrize("count", [1, 200])
async def test_many_nodes_cost_two_statements(graph: httpx.AsyncClient, engine: AsyncEngine, count: int) -> None:
    ids = [edge["node"]["id"] for edge in (await ask(graph, "{ areas { edges { node { id } } } }"))["areas"]["edges"]]
    with count_statements(engine) as statements:
        told = await ask(graph, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=(ids * 4)[:count])
    assert None not in told["nodes"]
    assert len(statements) == HEAD_AND_SOURCES


async def test_sources_are_counted_once_a_request(graph: httpx.AsyncClient, engine: AsyncEngine) -> None:
    fields = " ".join(f"a{number}: sources {{ name records }}" for number in range(100))
    with count_statements(engine) as statements:
        told = await ask(graph, f"{{ {fields} }}")
    assert told["a99"] == [{"name": "jira", "records": 200}]
    assert len(statements) == 1 + COUNTS


async def test_two_moments_are_two_worlds(graph: httpx.AsyncClient, engine: AsyncEngine) -> None:
    asked = '{ now: ownership(area: "a1", responsibility: "innovation") { outcome } then: ownership(area: "a1", responsibility: "innovation", asOf: "2026-01-01T00:00:00Z") { outcome } }'  # noqa: E501
    with count_statements(engine) as statements:
        told = await ask(graph, asked)
    assert told == {"now": {"outcome": "OWNED"}, "then": {"outcome": "OWNED"}}
    assert len(statements) == 2 * (HEAD_AND_SOURCES + MARKS)


async def test_an_issue_key_no_database_can_hold_is_unknown(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, "query($key: String!) { issueOwnership(issueKey: $key) { known } }", key="SHOP\0")
    assert told == {"issueOwnership": {"known": False}}


async def test_a_database_that_is_gone_is_an_error_and_no_empty_answer(desk: Desk) -> None:
    nowhere = connect("postgresql://nobody@127.0.0.1:1/nowhere")
    lost = replace(desk, models=PostgresModels(nowhere), mirror=PostgresMirror(nowhere))
    async with asking(lost) as client:
        told = await told_of(
            client, '{ ownership(area: "a1", responsibility: "innovation") { outcome } sources { name } }'
        )
        rest = await client.get("/v1/areas/a1/ownership")
    assert told["data"] is None
    assert {error["extensions"]["code"] for error in told["errors"]} == {"BROKEN"}
    assert (rest.status_code, rest.json()["code"]) == (503, "BROKEN")
