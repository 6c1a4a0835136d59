"""Who is responsible: of an area, of issues, as a matrix; unknown things have named outcomes and no errors."""

from typing import Any

import httpx
import pytest
from inline_snapshot import snapshot

from remit.domain.areas import Area
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey
from remit.ports import Recording
from support.asking_http import ask, asking, refusal
from support.desks import a_desk

ISSUE = "query($key: String!, $asked: [String!], $at: DateTime) { issueOwnership(issueKey: $key, responsibilities: $asked, asOf: $at) { issueKey known currentKey area { key } ownership { responsibility { key } outcome lead { key } accountable { __typename ... on Person { key } } } } }"  # noqa: E501


async def test_an_ownership_tells_who_and_how_fresh(graph: httpx.AsyncClient) -> None:
    asked = """{ ownership(area: "checkout", responsibility: "backlog_management") {
      area { key } responsibility { key name } outcome lead { key }
      accountable { __typename ... on Person { key name } ... on Team { key } }
      holders { owner { ... on Person { key } } function { key } letter delegatedFrom { __typename } }
      freshness { dataAsOf lagSeconds degraded }
    } }"""
    assert await ask(graph, asked) == snapshot(
        {
            "ownership": {
                "area": {"key": "checkout"},
                "responsibility": {"key": "backlog_management", "name": "Backlog management"},
                "outcome": "OWNED",
                "lead": {"key": "product_operations"},
                "accountable": {"__typename": "Person", "key": "pat", "name": "Pat"},
                "holders": [
                    {
                        "owner": {"key": "pat"},
                        "function": {"key": "product_operations"},
                        "letter": "ACCOUNTABLE",
                        "delegatedFrom": None,
                    },
                    {
                        "owner": {"key": "ana"},
                        "function": {"key": "product_management"},
                        "letter": "CONSULTED",
                        "delegatedFrom": None,
                    },
                ],
                "freshness": {"dataAsOf": "2026-11-23T12:00:00Z", "lagSeconds": 0, "degraded": []},
            }
        }
    )


async def test_an_ownership_tells_why(graph: httpx.AsyncClient) -> None:
    asked = """{ ownership(area: "checkout", responsibility: "backlog_management") {
      trace { step layer scope verdict reason recordedBy }
    } }"""
    told = await ask(graph, asked)
    assert [tuple(candidate.values()) for candidate in told["ownership"]["trace"]] == snapshot(
        [
            ("split", "stage", "scale_up", "SKIPPED", "NO_ROW", None),
            ("split", "catalogue", "catalogue", "CHOSEN", "MOST_SPECIFIC", None),
            ("holders", "area", "checkout", "CHOSEN", "NEAREST", "test"),
            ("holders", "ancestor", "shop", "CHOSEN", "NEAREST", "test"),
        ]
    )


async def test_defaults_have_no_id_and_statements_have_one(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, '{ ownership(area: "checkout", responsibility: "communication") { trace { layer id } } }')
    by_layer = {candidate["layer"]: candidate["id"] for candidate in told["ownership"]["trace"]}
    assert by_layer["catalogue"] is None
    assert by_layer["agreement"] is not None


async def test_areas_tell_their_ownership_in_the_order_asked(graph: httpx.AsyncClient) -> None:
    asked = '{ areas { edges { node { key ownership(responsibilities: ["innovation", "magic", "coordination"]) { responsibility { key } outcome } } } } }'  # noqa: E501
    told = await ask(graph, asked)
    found = {
        edge["node"]["key"]: [(one["responsibility"]["key"], one["outcome"]) for one in edge["node"]["ownership"]]
        for edge in told["areas"]["edges"]
    }
    assert found == snapshot(
        {
            "acme": [("innovation", "UNOWNED"), ("magic", "UNKNOWN"), ("coordination", "UNOWNED")],
            "shop": [("innovation", "OWNED"), ("magic", "UNKNOWN"), ("coordination", "UNOWNED")],
            "checkout": [("innovation", "INHERITED"), ("magic", "UNKNOWN"), ("coordination", "OWNED")],
        }
    )


async def test_an_issue_tells_its_area_and_owners(graph: httpx.AsyncClient) -> None:
    assert await ask(graph, ISSUE, key="SHOP-1", asked=["innovation"]) == snapshot(
        {
            "issueOwnership": {
                "issueKey": "SHOP-1",
                "known": True,
                "currentKey": "SHOP-1",
                "area": {"key": "checkout"},
                "ownership": [
                    {
                        "responsibility": {"key": "innovation"},
                        "outcome": "INHERITED",
                        "lead": {"key": "product_management"},
                        "accountable": {"__typename": "Person", "key": "ana"},
                    }
                ],
            }
        }
    )


async def test_all_responsibilities_are_told_unless_some_are_named(graph: httpx.AsyncClient) -> None:
    everything = await ask(graph, ISSUE, key="SHOP-1")
    assert len(everything["issueOwnership"]["ownership"]) == 17
    nothing = await ask(graph, ISSUE, key="SHOP-1", asked=[])
    assert nothing["issueOwnership"]["ownership"] == []


@pytest.mark.parametrize("key", ["NO-1", "", "💥", "a/b?c#d", "' OR 1=1 --", "x" * 10_000])
async def test_an_unknown_issue_is_unknown_and_no_error(graph: httpx.AsyncClient, key: str) -> None:
    told = await ask(graph, ISSUE, key=key, asked=["innovation"])
    ownership = {"responsibility": {"key": "innovation"}, "outcome": "UNKNOWN", "lead": None, "accountable": None}
    assert told["issueOwnership"] == {
        "issueKey": key, "known": False, "currentKey": None, "area": None, "ownership": [ownership],
    }  # fmt: skip


async def test_an_issue_of_no_area_is_unmatched(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, ISSUE, key="LOST-1", asked=["innovation"])
    assert told["issueOwnership"]["area"] is None
    assert told["issueOwnership"]["ownership"][0]["outcome"] == "UNMATCHED"


async def test_an_unknown_responsibility_is_echoed(graph: httpx.AsyncClient) -> None:
    asked = '{ ownership(area: "shop", responsibility: "magic") { outcome responsibility { key name description transferable lenses { lens } } } }'  # noqa: E501
    echoed = {"key": "magic", "name": "magic", "description": "", "transferable": False, "lenses": []}
    assert await ask(graph, asked) == {"ownership": {"outcome": "UNKNOWN", "responsibility": echoed}}


async def test_an_unknown_area_is_unknown(graph: httpx.AsyncClient) -> None:
    asked = '{ ownership(area: "nowhere", responsibility: "innovation") { outcome area { key } trace { reason } } }'
    assert await ask(graph, asked) == {
        "ownership": {"outcome": "UNKNOWN", "area": None, "trace": [{"reason": "UNKNOWN_AREA"}]}
    }


async def test_many_issues_are_answered_in_the_order_asked_repetitions_included(graph: httpx.AsyncClient) -> None:
    asked = "query($keys: [String!]!) { issueOwnerships(issueKeys: $keys) { issueKey known area { key } } }"
    told = await ask(graph, asked, keys=["SHOP-2", "NO-1", "SHOP-1", "SHOP-2"])
    assert told["issueOwnerships"] == [
        {"issueKey": "SHOP-2", "known": True, "area": {"key": "shop"}},
        {"issueKey": "NO-1", "known": False, "area": None},
        {"issueKey": "SHOP-1", "known": True, "area": {"key": "checkout"}},
        {"issueKey": "SHOP-2", "known": True, "area": {"key": "shop"}},
    ]


async def test_more_issues_than_allowed_are_refused(graph: httpx.AsyncClient) -> None:
    asked = "query($keys: [String!]!) { issueOwnerships(issueKeys: $keys) { issueKey } }"
    keys = [f"SHOP-{number}" for number in range(201)]
    assert await refusal(graph, asked, keys=keys) == ("INVALID", "ask for at most 200 issues at once")
    assert len((await ask(graph, asked, keys=keys[:200]))["issueOwnerships"]) == 200
    assert (await ask(graph, asked, keys=[])) == {"issueOwnerships": []}


async def test_aliases_each_get_what_they_asked(graph: httpx.AsyncClient) -> None:
    told = await ask(
        graph,
        """{
          one: issueOwnership(issueKey: "SHOP-1", responsibilities: ["innovation", "magic"]) { ...Part }
          two: issueOwnership(issueKey: "SHOP-1", responsibilities: ["magic", "innovation"]) { ...Part }
          all: issueOwnership(issueKey: "SHOP-2") { ...Part }
        }
        fragment Part on IssueOwnership { issueKey ownership { responsibility { key } outcome } }""",
    )
    keys = {alias: [one["responsibility"]["key"] for one in answer["ownership"]] for alias, answer in told.items()}
    assert (keys["one"], keys["two"]) == (["innovation", "magic"], ["magic", "innovation"])
    assert len(keys["all"]) == 17
    assert "magic" not in keys["all"]


async def test_a_matrix_is_row_by_row(graph: httpx.AsyncClient) -> None:
    asked = '{ matrix(under: "shop", responsibilities: ["innovation", "coordination"]) { areas { key } responsibilities { key } cells { area { key } responsibility { key } outcome } } }'  # noqa: E501
    matrix = (await ask(graph, asked))["matrix"]
    assert [
        (cell["area"]["key"], cell["responsibility"]["key"], cell["outcome"]) for cell in matrix["cells"]
    ] == snapshot(
        [
            ("shop", "innovation", "OWNED"),
            ("shop", "coordination", "UNOWNED"),
            ("checkout", "innovation", "INHERITED"),
            ("checkout", "coordination", "OWNED"),
        ]
    )
    assert [area["key"] for area in matrix["areas"]] == ["shop", "checkout"]
    assert [one["key"] for one in matrix["responsibilities"]] == ["innovation", "coordination"]


async def test_more_responsibilities_than_allowed_are_refused(graph: httpx.AsyncClient) -> None:
    told = await refusal(graph, ISSUE, key="SHOP-1", asked=[f"r{number}" for number in range(101)])
    assert told == ("INVALID", "name at most 100 responsibilities")


@pytest.mark.parametrize(
    ("at", "believed", "lag"),
    [
        ("0001-01-01T00:00:00Z", "UNKNOWN", 2**31 - 1),
        ("2026-11-23T12:00:00+14:00", "UNKNOWN", 14 * 3600),
        ("9999-12-31T23:59:59.999999Z", "OWNED", 0),
    ],
)
async def test_any_instant_can_be_asked_about(graph: httpx.AsyncClient, at: str, believed: str, lag: int) -> None:
    asked = 'query($at: DateTime) { asOf: ownership(area: "shop", responsibility: "innovation", asOf: $at) { outcome } knownAt: ownership(area: "shop", responsibility: "innovation", knownAt: $at) { outcome freshness { lagSeconds } } }'  # noqa: E501
    told = await ask(graph, asked, at=at)
    assert told["asOf"] == {"outcome": "OWNED"}
    assert told["knownAt"] == {"outcome": believed, "freshness": {"lagSeconds": lag}}


@pytest.mark.parametrize(
    "at", ["2026-11-23T12:00:00", "2026-11-23", "yesterday", "", "0001-01-01T00:00:00+14:00", 1700000000, "9" * 1000]
)
async def test_an_instant_without_an_offset_is_refused(graph: httpx.AsyncClient, at: Any) -> None:
    code, message = await refusal(graph, ISSUE, key="SHOP-1", at=at)
    assert code == "BAD_REQUEST"
    assert message.endswith("write for example 2026-11-23T12:00:00Z")
    assert len(message) < 250


async def test_a_request_may_not_ask_about_too_many_moments(graph: httpx.AsyncClient) -> None:
    fields = [
        f'a{day}: ownership(area: "shop", responsibility: "innovation", asOf: "2026-{1 + day // 28:02}-{1 + day % 28:02}T00:00:00Z") {{ outcome }}'  # noqa: E501
        for day in range(41)
    ]
    answer = await graph.post("/graphql", json={"query": "{" + " ".join(fields) + "}"})
    assert {error["message"] for error in answer.json()["errors"]} == {"ask about at most 40 moments at once"}
    assert len(await ask(graph, "{" + " ".join(fields[:40]) + "}")) == 40


async def test_a_stage_that_no_area_sets_at_an_instant_is_not_found() -> None:
    desk = await a_desk(model=None)
    orphan = Fact("orphan", Area(AreaKey("orphan"), "Orphan", "team", parent=AreaKey("gone")))
    await desk.models.record(Recording("test", "", (orphan,), (), "digest", await desk.models.head()))
    async with asking(desk) as client:
        told = await refusal(client, '{ area(key: "orphan") { key parent { key } stage } }')
    assert told == ("NOT_FOUND", "no area at or above orphan has a stage at this instant")
