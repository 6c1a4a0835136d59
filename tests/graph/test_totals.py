"""Loads of teams and functions over GraphQL, and what is measured of all that somebody answers for."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit_graphql.kit.limits import MOST_WINDOWS
from support.asking_http import ask, asking, refusal, told_of
from support.counting import count_statements
from support.teams import a_desk_of_teams

GROUP = """
fragment group on GroupLoad {
  group { __typename ... on Team { key } ... on Function { key } }
  verdict demandHours jointHours capacityHours utilisation memberCount watchCount overloadedCount unknownCount
  members { totalCount edges { node { person { key } verdict demandHours } } }
  contributions { totalCount edges { node { area { key } responsibility { key } demandHours people } } }
  signals { name value verdict }
}"""
TOO_MANY = range(1, MOST_WINDOWS + 2)


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(await a_desk_of_teams()) as client:
        yield client


async def test_a_team_tells_its_load_with_its_members_and_what_makes_it(graph: httpx.AsyncClient) -> None:
    load = (await ask(graph, GROUP + '{ team(key: "crew") { load { ...group } } }'))["team"]["load"]
    members = load["members"]["edges"]
    assert (load["group"], load["memberCount"]) == ({"__typename": "Team", "key": "crew"}, 2)
    assert [one["node"]["person"]["key"] for one in members] == ["pat", "oli"]
    assert sum(one["node"]["demandHours"] for one in members) == load["demandHours"]
    assert sum(one["node"]["demandHours"] for one in load["contributions"]["edges"]) == load["demandHours"]
    assert {one["node"]["people"] for one in load["contributions"]["edges"]} == {1, 2}
    assert (load["verdict"], load["overloadedCount"], load["unknownCount"]) == ("OVERLOADED", 2, 0)
    assert [(one["name"], one["verdict"]) for one in load["signals"]] == [
        ("demand_hours", "UNKNOWN"), ("utilisation", "OVERLOADED"), ("operational_share", "UNKNOWN"),
        ("breadth", "UNKNOWN"), ("areas_touched", "UNKNOWN"),
    ]  # fmt: skip


async def test_every_function_tells_its_load(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, GROUP + "{ functions { key load { ...group } } }"))["functions"]
    loads = {one["key"]: one["load"] for one in told}
    assert loads["product_operations"]["group"] == {"__typename": "Function", "key": "product_operations"}
    assert (loads["product_operations"]["jointHours"], loads["product_operations"]["capacityHours"]) == (None, 3.0)
    assert (loads["product_management"]["capacityHours"], loads["product_management"]["verdict"]) == (None, "UNKNOWN")


async def test_members_and_contributions_are_pages(graph: httpx.AsyncClient) -> None:
    asked = """query($after: String) { team(key: "crew") { load { contributions(first: 2, after: $after) {
      totalCount pageInfo { endCursor hasNextPage } edges { node { demandHours } } } } } }"""
    seen, after = [], None
    while True:
        page = (await ask(graph, asked, after=after))["team"]["load"]["contributions"]
        seen += [one["node"] for one in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == page["totalCount"] > 2
    assert [one["demandHours"] for one in seen] == sorted((one["demandHours"] for one in seen), reverse=True)


async def test_teams_are_listed_by_key_and_one_is_found_by_it(graph: httpx.AsyncClient) -> None:
    told = await ask(
        graph, '{ teams(first: 1) { totalCount edges { node { key name } } } team(key: "ghosts") { key } }'
    )
    assert told == {"teams": {"totalCount": 2, "edges": [{"node": {"key": "crew", "name": "Crew"}}]}, "team": None}


async def test_what_somebody_is_accountable_for_is_measured_and_lag_is_never_told_of_a_person(
    graph: httpx.AsyncClient,
) -> None:
    asked = """{ person(key: "oli") { signals { name value } }
      team(key: "crew") { signals(names: ["arrivals", "untriaged"], windowDays: 7) { name value } }
      functions { key signals(names: ["arrivals"]) { value } } }"""
    told = await ask(graph, asked)
    of_oli = {one["name"]: one["value"] for one in told["person"]["signals"]}
    assert (of_oli["arrivals"], len(of_oli), "untriaged" in of_oli) == (40.0, 11, False)
    assert told["team"]["signals"] == [{"name": "arrivals", "value": 40.0}, {"name": "untriaged", "value": 10.0}]
    of_functions = {one["key"]: one["signals"][0]["value"] for one in told["functions"]}
    assert of_functions == dict.fromkeys(of_functions, None) | {"product_management": 50.0, "product_operations": 50.0}


@pytest.mark.parametrize(
    "asked",
    [
        '{ person(key: "oli") { signals(names: ["untriaged"]) { name } } }',
        '{ team(key: "crew") { signals(names: ["weather"]) { name } } }',
        '{ team(key: "crew") { signals(windowDays: 0) { name } } }',
        '{ team(key: "crew") { load(windowDays: 367) { verdict } } }',
    ],
)
async def test_what_cannot_be_asked_is_refused(graph: httpx.AsyncClient, asked: str) -> None:
    assert (await refusal(graph, asked))[0] == "INVALID"


async def test_signals_of_too_many_windows_are_refused(graph: httpx.AsyncClient) -> None:
    windows = " ".join(f"s{days}: signals(windowDays: {days}) {{ name }}" for days in TOO_MANY)
    told = await told_of(graph, f'{{ team(key: "crew") {{ {windows} }} }}')
    assert {error["extensions"]["code"] for error in told["errors"]} == {"INVALID"}


async def test_the_statements_do_not_grow_with_the_lists(engine: AsyncEngine) -> None:
    desk = await a_desk_of_teams(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    fields = "load { utilisation signals { value } } signals { value }"
    asked = f"""query($first: Int!) {{ people(first: $first) {{ edges {{ node {{ {fields} }} }} }}
      teams(first: $first) {{ edges {{ node {{ {fields} }} }} }} }}"""
    counts = []
    async with asking(desk) as client:
        for first in (1, 3):
            await ask(client, asked, first=first)
            with count_statements(engine) as statements:
                await ask(client, asked, first=first)
            counts.append(len(statements))
    assert counts[0] == counts[1]
