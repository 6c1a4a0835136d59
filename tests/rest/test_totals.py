"""Loads of teams and functions, and signals of all that somebody answers for, over plain HTTP: those of the graph."""

from typing import Any

import httpx
import pytest

from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import apply
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.asking_http import ask
from support.desks import JIRA, pulled
from support.teams import ISSUES, WITH_TEAMS

AREA = "area { id key name kind stage }"
FRESH = "freshness { dataAsOf lagSeconds degraded modelVersion }"
SIGNAL = f"""name unit value sampleSize windowStart windowEnd baseline spread threshold thresholdSource
  verdict explanation {FRESH}"""
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
LOAD = f"""verdict demandHours jointHours capacityHours utilisation operationalShare memberCount watchCount
  overloadedCount unknownCount signals {{ {SIGNAL} }} {FRESH}
  contributions(first: $first) {{ {PAGE} edges {{ cursor node {{ {AREA} demandHours people
    responsibility {{ id key name description transferable }} }} }} }}"""
NODES = {
    "people/pat": ("Person", "UGVyc29uOnBhdA=="),
    "teams/crew": ("Team", "VGVhbTpjcmV3"),
    "functions/product_operations": ("Function", "RnVuY3Rpb246cHJvZHVjdF9vcGVyYXRpb25z"),
}


@pytest.fixture
async def client(parts: Remit, open_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Forty issues came to the checkout, which a team operates, and ten to the shop."""
    await apply(parts.desk, WITH_TEAMS, actor="test", reason="teams")
    await take_records(parts.desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    await settle_evidence(parts.desk, (await snapshot(parts.desk, Moment())).model)
    return open_api


async def of_node(client: httpx.AsyncClient, path: str, fields: str, **variables: Any) -> Any:
    kind, id_ = NODES[path]
    types = {"first": "Int", "days": "Int", "asOf": "DateTime", "names": "[String!]"}
    declared = ", ".join(f"${name}: {types[name]}" for name in variables)
    document = f'query({declared}) {{ node(id: "{id_}") {{ ... on {kind} {{ {fields} }} }} }}'
    return (await ask(client, document, **variables))["node"]


@pytest.mark.parametrize("path", ["teams/crew", "functions/product_operations"])
@pytest.mark.parametrize("asked", [{}, {"windowDays": 7, "first": 2}, {"asOf": "2026-11-23T12:00:00Z"}], ids=str)
async def test_the_load_of_a_group_is_that_of_the_graph(
    client: httpx.AsyncClient, path: str, asked: dict[str, Any]
) -> None:
    answer = await client.get(f"/v1/{path}/load", params=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    members, group = told.pop("members"), told.pop("group")
    variables = {"first": asked.get("first"), "days": asked.get("windowDays"), "asOf": asked.get("asOf")}
    fields = f"load(windowDays: $days, asOf: $asOf) {{ {LOAD} }}"
    assert told == (await of_node(client, path, fields, **variables))["load"]
    assert told["contributions"]["totalCount"] > 2
    assert (group["__typename"], group["key"]) == (NODES[path][0], path.split("/")[1])
    assert [one["person"]["key"] for one in members] == ["pat", "oli"]
    assert len(members) == told["memberCount"]


@pytest.mark.parametrize("path", NODES)
@pytest.mark.parametrize(
    "asked", [{}, {"name": ["arrivals", "wip"], "windowDays": 7}, {"asOf": "2026-11-23T12:00:00Z"}], ids=str
)
async def test_signals_are_those_of_the_graph(client: httpx.AsyncClient, path: str, asked: dict[str, Any]) -> None:
    answer = await client.get(f"/v1/{path}/signals", params=asked)
    variables = {"names": asked.get("name"), "days": asked.get("windowDays"), "asOf": asked.get("asOf")}
    assert answer.status_code == 200, answer.text
    fields = f"signals(names: $names, windowDays: $days, asOf: $asOf) {{ {SIGNAL} }}"
    told = answer.json()
    assert told["signals"] == (await of_node(client, path, fields, **variables))["signals"]
    assert told["signals"]
    assert told[NODES[path][0].lower()]["key"] == path.split("/")[1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/teams/ghosts/load", 404), ("/v1/functions/nothing/load", 404), ("/v1/people/nobody/signals", 404),
        ("/v1/teams/crew/load?asOf=2026-11-20T00:00:00Z", 404),
        ("/v1/teams/crew/load?windowDays=0", 422), ("/v1/teams/crew/load?first=0.5", 422),
        ("/v1/functions/product_operations/signals?name=weather", 422),
        ("/v1/people/pat/signals?name=oldest_untriaged", 422), ("/v1/teams/crew/signals?knownAt=2026-01-01", 422),
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_a_problem(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
