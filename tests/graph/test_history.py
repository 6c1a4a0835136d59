"""Histories over GraphQL: of any node by its id, and of the nodes of an answer."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import node_id
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import A_MODEL, AClock, a_desk

WITHOUT_CHECKOUT = "\n".join(line for line in A_MODEL.splitlines() if "checkout" not in line)
WHOLE = """query($node: ID!, $first: Int, $after: String) { history(node: $node, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node {
    kind key action recordedAt actor reason message
    before { from to } after { from to } differences { field before after valid { from to } }
  } }
} }"""
ALWAYS = {"from": None, "to": None}


@pytest.fixture
async def desk() -> Desk:
    """A checkout with operations by Pat, closed a day later because it moved."""
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    await apply(desk, WITHOUT_CHECKOUT, actor="eva", reason="the checkout moved")
    return desk


@pytest.fixture
async def graph(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(desk) as client:
        yield client


LENSES = "{ lenses { id key history { totalCount edges { node { kind key action } } } } }"


async def test_a_lens_tells_who_had_a_value_on_it(desk: Desk, graph: httpx.AsyncClient) -> None:
    functions = (
        "lenses: [{key: rhythm, name: Rhythm}]\nfunctions: [{key: design, name: Design, lenses: {rhythm: weekly}}]\n"
    )
    await apply(desk, WITHOUT_CHECKOUT + "\n" + functions, actor="eva", reason="")
    told = {lens["key"]: lens for lens in (await ask(graph, LENSES))["lenses"]}
    declared = [
        {"node": {"kind": kind, "key": key, "action": "DECLARED"}}
        for kind, key in (("FUNCTION", "design"), ("LENS", "rhythm"))
    ]
    assert told["rhythm"] == {
        "id": node_id("Lens", "rhythm"), "key": "rhythm", "history": {"totalCount": 2, "edges": declared},
    }  # fmt: skip
    assert told["focus"]["history"] == {"totalCount": 0, "edges": []}
    again = await ask(
        graph, "query($id: ID!) { node(id: $id) { id ... on Lens { name } } }", id=node_id("Lens", "rhythm")
    )
    assert again == {"node": {"id": node_id("Lens", "rhythm"), "name": "Rhythm"}}


async def test_an_area_that_ended_has_its_whole_history(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, WHOLE, node=node_id("Area", "checkout"), first=1))["history"]
    (edge,) = told["edges"]
    assert edge["node"] == {
        "kind": "AREA",
        "key": "checkout",
        "action": "ENDED",
        "recordedAt": "2026-11-24T12:00:00Z",
        "actor": "eva",
        "reason": "the checkout moved",
        "message": "area checkout ended at 2026-11-24T12:00:00Z",
        "before": [ALWAYS],
        "after": [{"from": None, "to": "2026-11-24T12:00:00Z"}],
        "differences": [
            {"field": field, "before": before, "after": None, "valid": {"from": "2026-11-24T12:00:00Z", "to": None}}
            for field, before in (
                ("name", "Checkout"),
                ("kind", "team"),
                ("parent", "shop"),
                ("jira", "[{component: Checkout, project: SHOP}]"),
            )
        ],
    }
    assert told["totalCount"] == 4
    assert told["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": edge["cursor"],
        "endCursor": edge["cursor"],
    }


async def test_pages_are_walked_by_cursors(graph: httpx.AsyncClient) -> None:
    node = node_id("Area", "checkout")
    whole = (await ask(graph, WHOLE, node=node))["history"]
    first = (await ask(graph, WHOLE, node=node, first=3))["history"]
    rest = (await ask(graph, WHOLE, node=node, first=3, after=first["pageInfo"]["endCursor"]))["history"]
    assert [*first["edges"], *rest["edges"]] == whole["edges"]
    assert [(page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) for page in (first, rest)] == [
        (True, False),
        (False, True),
    ]


async def test_nodes_of_every_kind_have_a_history_of_their_own(graph: httpx.AsyncClient) -> None:
    asked = """{ area(key: "shop") { history { ...H } }
      person(key: "pat") { function { history { ...H } } history { ...H } }
      responsibilities { key history { ...H } } }
    fragment H on ChangeConnection { edges { node { kind key action } } }"""
    told = await ask(graph, asked)
    shop = [tuple(edge["node"].values()) for edge in told["area"]["history"]["edges"]]
    pat = [tuple(edge["node"].values()) for edge in told["person"]["history"]["edges"]]
    assert shop == [("AREA", "shop", "DECLARED"), ("ASSIGNMENT", "shop/all/product_management/ana", "DECLARED")]
    assert pat == [
        ("ASSIGNMENT", "checkout/all/product_operations/pat", "ENDED"),
        ("ASSIGNMENT", "checkout/all/product_operations/pat", "DECLARED"),
        ("PERSON", "pat", "DECLARED"),
    ]
    assert told["person"]["function"]["history"] == {"edges": []}
    assert {tuple(one["history"]["edges"]) for one in told["responsibilities"]} == {()}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (node_id("Area", "nowhere"), "there never was an area 'nowhere'"),
        (node_id("Person", "checkout"), "there never was a person 'checkout'"),
        (
            node_id("Assignment", "x"),
            "'Assignment' has no history; these have: area, person, team, function, responsibility, lens",
        ),
        ("nonsense", "no node has this id; use the `id` of an answer"),
    ],
)
async def test_what_never_was_is_not_found(graph: httpx.AsyncClient, node: str, message: str) -> None:
    assert await refusal(graph, WHOLE, node=node) == ("NOT_FOUND", message)


@pytest.mark.parametrize(("first", "after"), [(201, None), (-1, None), (5, "no cursor")])
async def test_a_page_that_cannot_be_is_refused(graph: httpx.AsyncClient, first: int, after: str | None) -> None:
    code, message = await refusal(graph, WHOLE, node=node_id("Area", "shop"), first=first, after=after)
    assert (code, message[:7]) == ("INVALID", "`first`" if after is None else "`after`")


async def test_histories_of_many_long_pages_cost_too_much(graph: httpx.AsyncClient) -> None:
    asked = "{ areas(first: 200) { edges { node { history(first: 200) { edges { node { differences { field before after } } } } } } } }"  # noqa: E501
    code, message = await refusal(graph, asked)
    assert code == "BAD_REQUEST"
    assert message.startswith("the operation may cost")


@pytest.mark.parametrize("first", [1, 60])
async def test_areas_with_their_history_cost_one_statement_more(engine: AsyncEngine, first: int) -> None:
    areas = "".join(f"  - {{key: a{number}, name: A, kind: team, parent: shop}}\n" for number in range(60))
    desk = await a_desk(model=A_MODEL.replace("assignments:", f"{areas}assignments:"), models=PostgresModels(engine))
    asked = "query($first: Int) { areas(first: $first) { edges { node { history { totalCount } } } } }"
    async with asking(desk) as client:
        await ask(client, asked, first=1)  # the facts are kept from now on
        with count_statements(engine) as statements:
            told = await ask(client, asked, first=first)
    assert [edge["node"]["history"]["totalCount"] for edge in told["areas"]["edges"]][:4] == [1, 2, 1, 1][:first]
    assert len(statements) == len(("head", "histories"))


async def test_the_history_of_a_node_costs_one_statement(engine: AsyncEngine) -> None:
    desk = await a_desk(models=PostgresModels(engine))
    async with asking(desk) as client:
        with count_statements(engine) as statements:
            told = await ask(client, WHOLE, node=node_id("Area", "shop"))
    assert told["history"]["totalCount"] == 2
    assert len(statements) == 1
