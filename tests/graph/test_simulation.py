"""What changes would come to, over GraphQL: the same inputs as making them, and nothing written."""

from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit_graphql.kit.limits import MOST_SIMULATIONS
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import a_desk

SIMULATE = """query($changes: [ChangeInput!]!, $asOf: DateTime) { simulate(changes: $changes, asOf: $asOf) {
  errors { code path message } warnings { code path }
  difference {
    coverageBefore { area { key } percent } coverageAfter { percent }
    cells { totalCount edges { node {
      area { key name } responsibility { key } before { ...State } after { ...State } } } }
    opened { totalCount edges { node { kind area { key } responsibility { key } count } } }
    closed { edges { node { kind area { key } responsibility { key } count } } }
  }
} }
fragment State on CellState { outcome lead { key } accountable { ... on Person { key } } }"""
STAGE = {"areaStage": {"area": "shop", "stage": "ENTERPRISE"}}


async def simulated(client: httpx.AsyncClient, *changes: dict[str, Any], **more: Any) -> Any:
    return (await ask(client, SIMULATE, changes=list(changes), **more))["simulate"]


async def test_a_stage_change_tells_cells_gaps_and_coverage(graph: httpx.AsyncClient) -> None:
    told = await simulated(graph, STAGE)
    difference = told["difference"]
    assert (told["errors"], told["warnings"]) == ([], [])
    assert (difference["coverageBefore"], difference["coverageAfter"]) == (
        {"area": {"key": "acme"}, "percent": 41.1},
        {"percent": 47.0},
    )
    assert difference["cells"]["totalCount"] == 5
    assert difference["cells"]["edges"][-1]["node"] == {
        "area": {"key": "checkout", "name": "Checkout"},
        "responsibility": {"key": "business_objectives"},
        "before": {"outcome": "BLURRY", "lead": None, "accountable": None},
        "after": {"outcome": "INHERITED", "lead": {"key": "product_management"}, "accountable": {"key": "ana"}},
    }
    assert [edge["node"]["count"] for edge in difference["closed"]["edges"]] == [1, 2, 2]
    assert difference["opened"]["edges"][0]["node"] == {
        "kind": "UNOWNED",
        "area": {"key": "shop"},
        "responsibility": {"key": "communication"},
        "count": 1,
    }


async def test_what_would_be_new_has_its_names_and_nothing_before(graph: httpx.AsyncClient) -> None:
    area = {"area": {"key": "till", "name": "The till", "kind": "team", "parent": "shop"}}
    difference = (await simulated(graph, area))["difference"]
    first = difference["cells"]["edges"][0]["node"]
    assert (difference["cells"]["totalCount"], first["area"], first["before"]) == (
        17,
        {"key": "till", "name": "The till"},
        None,
    )


async def test_what_cannot_be_made_is_told_at_its_change(graph: httpx.AsyncClient) -> None:
    wrong = {"areaStage": {"area": "nowhere", "stage": "ENTERPRISE"}}
    told = await simulated(graph, STAGE, wrong)
    assert (told["difference"], [(one["code"], one["path"]) for one in told["errors"]]) == (
        None,
        [("UNKNOWN_KEY", "changes[1].areaStage.area")],
    )


async def test_nothing_is_written(graph: httpx.AsyncClient) -> None:
    version = '{ ownership(area: "shop", responsibility: "communication") { outcome freshness { modelVersion } } }'
    before = await ask(graph, version)
    await simulated(graph, STAGE)
    assert await ask(graph, version) == before


async def test_lists_come_in_pages(graph: httpx.AsyncClient) -> None:
    paged = """query($changes: [ChangeInput!]!, $after: String) { simulate(changes: $changes) { difference {
      cells(first: 3, after: $after) { pageInfo { hasNextPage endCursor } edges { node { area { key } } } } } } }"""
    first = (await ask(graph, paged, changes=[STAGE]))["simulate"]["difference"]["cells"]
    rest = (await ask(graph, paged, changes=[STAGE], after=first["pageInfo"]["endCursor"]))["simulate"]["difference"]
    assert (len(first["edges"]), first["pageInfo"]["hasNextPage"]) == (3, True)
    assert (len(rest["cells"]["edges"]), rest["cells"]["pageInfo"]["hasNextPage"]) == (2, False)


async def test_a_later_moment_can_be_asked_about(graph: httpx.AsyncClient) -> None:
    later = {"areaStage": {"area": "shop", "stage": "ENTERPRISE", "from": "2026-12-24T00:00:00Z"}}
    assert (await simulated(graph, later))["difference"]["cells"]["totalCount"] == 0
    told = await simulated(graph, later, asOf="2026-12-24T00:00:00Z")
    assert told["difference"]["cells"]["totalCount"] == 5


async def test_too_many_at_once_are_refused(graph: httpx.AsyncClient) -> None:
    one = '{ simulate(changes: [{areaStage: {area: "shop", stage: STARTUP}}]) { errors { code } } }'
    fields = " ".join(f"a{n}: {one[2:-2]}" for n in range(MOST_SIMULATIONS + 1))
    assert await refusal(graph, f"{{ {fields} }}") == (
        "INVALID",
        f"simulate at most {MOST_SIMULATIONS} times at once",
    )


async def test_it_costs_five_statements(engine: AsyncEngine) -> None:
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    async with asking(desk) as client:
        await ask(client, "{ areas { totalCount } }")
        with count_statements(engine) as statements:
            await simulated(client, STAGE)
    assert len(statements) == 5
