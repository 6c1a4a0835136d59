"""Areas, people, functions, responsibilities and sources, by key, by id and in pages."""

import httpx
import pytest
from inline_snapshot import snapshot

from remit.domain.ids import node_id
from remit.domain.records import Reference
from support.asking_http import ask, asking, refusal
from support.desks import A_MODEL, JIRA, a_desk

WITH_EMAIL = A_MODEL.replace("name: Ana,", "name: Ana, email: Ana@Example.com,")
AREA, PERSON = node_id("Area", "shop"), node_id("Person", "ana")


async def test_an_area_tells_its_place_in_the_tree(graph: httpx.AsyncClient) -> None:
    asked = '{ area(key: "shop") { id key name kind stage parent { key parent { key } } children { totalCount edges { node { key stage } } } } }'  # noqa: E501
    assert await ask(graph, asked) == snapshot(
        {
            "area": {
                "id": "QXJlYTpzaG9w",
                "key": "shop",
                "name": "Shop",
                "kind": "product",
                "stage": "SCALE_UP",
                "parent": {"key": "acme", "parent": None},
                "children": {"totalCount": 1, "edges": [{"node": {"key": "checkout", "stage": "SCALE_UP"}}]},
            }
        }
    )


async def test_an_unknown_area_is_null(graph: httpx.AsyncClient) -> None:
    assert await ask(graph, '{ area(key: "nowhere") { key } }') == {"area": None}


async def test_areas_come_parents_first(graph: httpx.AsyncClient) -> None:
    told = await ask(
        graph, '{ all: areas { edges { node { key } } } some: areas(under: "shop") { edges { node { key } } } }'
    )
    assert [edge["node"]["key"] for edge in told["all"]["edges"]] == ["acme", "shop", "checkout"]
    assert [edge["node"]["key"] for edge in told["some"]["edges"]] == ["shop", "checkout"]


async def test_a_cursor_goes_on_where_the_page_ended(graph: httpx.AsyncClient) -> None:
    page = "query($after: String) { areas(first: 2, after: $after) { totalCount edges { node { key } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"  # noqa: E501
    first = (await ask(graph, page))["areas"]
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert [edge["node"]["key"] for edge in first["edges"]] == ["acme", "shop"]
    assert first["pageInfo"] == {
        "hasNextPage": True, "hasPreviousPage": False, "startCursor": cursors[0], "endCursor": cursors[1],
    }  # fmt: skip
    second = (await ask(graph, page, after=cursors[1]))["areas"]
    (last,) = second["edges"]
    assert last["node"] == {"key": "checkout"}
    assert second["totalCount"] == 3
    assert second["pageInfo"] == {
        "hasNextPage": False, "hasPreviousPage": True, "startCursor": last["cursor"], "endCursor": last["cursor"],
    }  # fmt: skip


async def test_a_page_of_none_tells_how_many_there_are(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, "{ areas(first: 0) { totalCount edges { cursor } pageInfo { hasNextPage endCursor } } }")
    assert told["areas"] == {"totalCount": 3, "edges": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}


@pytest.mark.parametrize("first", [-1, 201, 100_000, -(2**31)])
async def test_a_page_of_impossible_length_is_refused(graph: httpx.AsyncClient, first: int) -> None:
    expected = ("INVALID", "`first` must be between 0 and 200")
    assert await refusal(graph, f"{{ areas(first: {first}) {{ totalCount }} }}") == expected
    assert await refusal(graph, "query($n: Int) { people(first: $n) { totalCount } }", n=first) == expected


@pytest.mark.parametrize("cursor", ["", "x", "💥", "YWZ0ZXI6bm93aGVyZQ==", "c2hvcA=="])
async def test_a_cursor_that_was_never_given_is_refused(graph: httpx.AsyncClient, cursor: str) -> None:
    code, message = await refusal(graph, "query($c: String) { areas(after: $c) { totalCount } }", c=cursor)
    assert code == "INVALID"
    assert message == "`after` is no cursor of this list; take an `endCursor` or start from the beginning"


async def test_areas_under_an_unknown_one_are_refused_and_not_none(graph: httpx.AsyncClient) -> None:
    expected = ("NOT_FOUND", "there is no area 'nowhere' at this instant")
    assert await refusal(graph, '{ areas(under: "nowhere") { totalCount } }') == expected
    assert await refusal(graph, '{ matrix(under: "nowhere") { areas { key } } }') == expected


async def test_people_of_an_unknown_function_are_refused_and_not_none(graph: httpx.AsyncClient) -> None:
    assert await refusal(graph, '{ people(function: "magic") { totalCount } }') == (
        "NOT_FOUND",
        "there is no function 'magic' now",
    )


async def test_people_of_one_function(graph: httpx.AsyncClient) -> None:
    told = await ask(
        graph, '{ people(function: "product_operations") { totalCount edges { node { key name active } } } }'
    )
    assert told["people"] == {"totalCount": 1, "edges": [{"node": {"key": "pat", "name": "Pat", "active": True}}]}


@pytest.mark.parametrize("by", ['key: "ana"', 'email: "aNA@exAMPLE.com"', 'accountId: "ana-in-jira"'])
async def test_a_person_is_found_by_key_email_in_any_case_or_account(graph: httpx.AsyncClient, by: str) -> None:
    told = await ask(graph, f"{{ person({by}) {{ id key email function {{ key }} }} }}")
    assert told["person"] == {
        "id": PERSON, "key": "ana", "email": "Ana@Example.com", "function": {"key": "product_management"},
    }  # fmt: skip


async def test_a_person_is_found_by_an_account_that_has_their_e_mail_address() -> None:
    desk = await a_desk(model=WITH_EMAIL)
    emails = {"a-0": "ana@example.COM", "a-1": None, "a-2": "nobody@example.com"}
    await desk.mirror.refer(JIRA, [Reference(JIRA, "user", id_, "Ana", b"{}", email=e) for id_, e in emails.items()])
    fields = " ".join(f'{id_.replace("-", "")}: person(accountId: "{id_}") {{ key }}' for id_ in emails)
    async with asking(desk) as client:
        assert await ask(client, f"{{ {fields} }}") == {"a0": {"key": "ana"}, "a1": None, "a2": None}


@pytest.mark.parametrize("by", ['key: "desk"', 'email: "nobody@example.com"', 'accountId: ""'])
async def test_an_unknown_person_is_null(graph: httpx.AsyncClient, by: str) -> None:
    assert await ask(graph, f"{{ person({by}) {{ key }} }}") == {"person": None}


@pytest.mark.parametrize("by", ["", '(key: "ana", email: "ana@example.com")', "(key: null)"])
async def test_a_person_is_asked_for_by_exactly_one_thing(graph: httpx.AsyncClient, by: str) -> None:
    expected = ("INVALID", "give exactly one of `key`, `email` and `accountId`")
    assert await refusal(graph, f"{{ person{by} {{ key }} }}") == expected


async def test_everything_with_an_id_is_found_by_it(graph: httpx.AsyncClient) -> None:
    kinds = {
        "Area": "shop",
        "Person": "ana",
        "Team": "desk",
        "Function": "product_management",
        "Responsibility": "innovation",
    }
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Area { key } ... on Person { key } ... on Team { key members { totalCount } } ... on Function { key } ... on Responsibility { key } } }"  # noqa: E501
    told = await ask(graph, asked, ids=[node_id(kind, key) for kind, key in kinds.items()])
    assert {node["__typename"]: node["key"] for node in told["nodes"]} == kinds
    assert [node["id"] for node in told["nodes"]] == [node_id(kind, key) for kind, key in kinds.items()]
    assert told["nodes"][2]["members"] == {"totalCount": 2}


@pytest.mark.parametrize(
    "identity", ["", "x", "💥", node_id("Area", "nowhere"), node_id("Magic", "shop"), node_id("Selector", "shop")]
)
async def test_an_id_of_nothing_is_null_among_others(graph: httpx.AsyncClient, identity: str) -> None:
    told = await ask(
        graph, "query($a: ID!, $b: ID!) { node(id: $a) { id } nodes(ids: [$b, $a]) { id } }", a=identity, b=AREA
    )
    assert told == {"node": None, "nodes": [{"id": AREA}, None]}


async def test_more_nodes_than_allowed_are_refused(graph: httpx.AsyncClient) -> None:
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await refusal(graph, asked, ids=[AREA] * 201) == ("INVALID", "ask for at most 200 nodes at once")
    assert len((await ask(graph, asked, ids=[AREA] * 200))["nodes"]) == 200


async def test_a_responsibility_tells_its_lenses(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, "{ responsibilities { key name transferable lenses { lens value } } }")
    assert len(told["responsibilities"]) == 17
    assert told["responsibilities"][0] == snapshot(
        {
            "key": "vision_and_strategy",
            "name": "Vision and strategy",
            "transferable": False,
            "lenses": [
                {"lens": "altitude", "value": "strategy"},
                {"lens": "exposure", "value": "company"},
                {"lens": "focus", "value": "product"},
                {"lens": "methodology", "value": "decision"},
            ],
        }
    )


async def test_a_source_tells_how_it_is_doing(graph: httpx.AsyncClient) -> None:
    counted, standing = "records parked waitingDeliveries", "trouble state failures retryAt"
    asked = f"{{ sources {{ name kind enabled lastSuccessAt lagSeconds {counted} {standing} }} }}"
    assert await ask(graph, asked) == snapshot(
        {
            "sources": [
                {
                    "name": "jira",
                    "kind": "jira",
                    "enabled": True,
                    "lastSuccessAt": "2026-11-23T12:00:00Z",
                    "lagSeconds": 0,
                    "records": 3,
                    "parked": 0,
                    "waitingDeliveries": 0,
                    "trouble": None,
                    "state": "in order",
                    "failures": 0,
                    "retryAt": None,
                }
            ]
        }
    )


async def test_a_model_with_nothing_in_it_has_no_areas() -> None:
    async with asking(await a_desk(model=None)) as client:
        told = await ask(
            client, "{ areas { totalCount } matrix { areas { key } cells { outcome } } people { totalCount } }"
        )
    assert told == {"areas": {"totalCount": 0}, "matrix": {"areas": [], "cells": []}, "people": {"totalCount": 0}}
