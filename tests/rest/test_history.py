"""What happened to a node, over plain HTTP."""

from typing import Any

import httpx
import pytest

from remit.domain.ids import node_id
from support.asking_http import ask

AS_GRAPH = """query($node: ID!) { history(node: $node) {
  edges { cursor node {
    kind key action recordedAt actor reason
    before { from to } after { from to } differences { field before after valid { from to } } message
  } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
} }"""


async def told(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("kind", "key"), [("area", "shop"), ("person", "pat"), ("responsibility", "innovation"), ("lens", "focus")]
)
async def test_a_history_is_the_one_of_the_graph(open_api: httpx.AsyncClient, kind: str, key: str) -> None:
    graph = (await ask(open_api, AS_GRAPH, node=node_id(kind.title(), key)))["history"]
    assert await told(open_api, f"/v1/history/{kind}/{key}") == graph


async def test_pages_are_walked_by_cursors(open_api: httpx.AsyncClient) -> None:
    first = await told(open_api, "/v1/history/area/checkout", first=1)
    second = await told(open_api, "/v1/history/area/checkout", first=1, after=first["pageInfo"]["endCursor"])
    assert [
        (page["edges"][0]["node"]["key"], page["pageInfo"]["hasNextPage"], page["totalCount"])
        for page in (first, second)
    ] == [("checkout", True, 2), ("checkout/all/product_operations/pat", False, 2)]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("area/nowhere", 404, "there never was an area 'nowhere'"),
        ("issue/SHOP-1", 404, "'issue' has no history; these have: area, person, team, function, responsibility, lens"),
        ("area/shop?first=201", 422, "`first` must be between 0 and 200"),
        (
            "area/shop?after=x",
            422,
            "`after` is no cursor of a history; take an `endCursor` or start from the beginning",
        ),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(
    open_api: httpx.AsyncClient, path: str, status: int, detail: str
) -> None:
    answer = await open_api.get(f"/v1/history/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] == detail


async def test_a_history_is_for_those_with_a_token(guarded_api: httpx.AsyncClient) -> None:
    answer = await guarded_api.get("/v1/history/area/shop")
    assert (answer.status_code, "edges" in answer.json()) == (401, False)
