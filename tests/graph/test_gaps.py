"""Gaps, coverage and the lint of selectors over GraphQL."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit_graphql.kit.limits import MOST_GAP_QUESTIONS
from support.asking_http import ask, asking, refusal, told_of
from support.counting import count_statements
from support.desks import A_MODEL, a_desk, an_issue

GAPS = """query($kinds: [GapKind!], $under: String, $first: Int, $after: String) {
  gaps(kinds: $kinds, under: $under, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node {
      kind count message area { key } responsibility { key } owner { ... on Person { key } ... on Team { key } } } }
  }
}"""
ISSUES = [an_issue("SHOP-1", components=("checkout",), assignee="a-1"), an_issue("LOST-1")]


def brief(told: Any) -> list[tuple[Any, ...]]:
    nodes = [edge["node"] for edge in told["gaps"]["edges"]]
    return [tuple(one[name] and one[name]["key"] for name in ("area", "responsibility", "owner")) for one in nodes]


async def test_gaps_have_a_place_a_count_and_advice(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, GAPS, kinds=["UNMATCHED_ISSUES"])
    assert told["gaps"]["edges"][0]["node"] == {
        "kind": "UNMATCHED_ISSUES",
        "count": 1,
        "message": "1 open issue of the project LOST belongs to no area: give an area a selector for them.",
        "area": None,
        "responsibility": None,
        "owner": None,
    }
    assert brief(await ask(graph, GAPS, kinds=["BLURRY_WITHOUT_AGREEMENT"], under="checkout")) == [
        ("checkout", "leadership", None),
        ("checkout", "team_meetings", None),
        ("checkout", "business_objectives", None),
    ]


async def test_an_owner_who_left_is_named() -> None:
    model = A_MODEL.replace("{key: pat, name: Pat,", "{key: pat, name: Pat, active: false,")
    async with asking(await a_desk(model=model)) as client:
        told = await ask(client, GAPS, kinds=["OWNER_INACTIVE"])
    assert {one[::2] for one in brief(told)} == {("checkout", "pat")}


async def test_gaps_come_in_pages(graph: httpx.AsyncClient) -> None:
    whole = (await ask(graph, GAPS, first=200))["gaps"]
    seen, after = [], None
    while True:
        page = (await ask(graph, GAPS, first=7, after=after))["gaps"]
        assert (page["totalCount"], page["pageInfo"]["hasPreviousPage"]) == (whole["totalCount"], after is not None)
        seen += page["edges"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == whole["edges"]
    assert len(seen) > 14


async def test_no_kind_has_no_gap_and_all_are_those_without_a_choice(graph: httpx.AsyncClient) -> None:
    assert (await ask(graph, GAPS, kinds=[]))["gaps"]["totalCount"] == 0
    assert (await ask(graph, GAPS, kinds=["DRIFT", "OVERLOADED_OWNER"]))["gaps"]["totalCount"] == 0
    assert await ask(graph, GAPS, kinds=None) == await ask(graph, GAPS)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"under": "nowhere"}, "NOT_FOUND"),
        ({"first": 201}, "INVALID"),
        ({"first": -1}, "INVALID"),
        ({"after": "x"}, "INVALID"),
    ],
)
async def test_what_is_not_there_is_refused(graph: httpx.AsyncClient, asked: dict[str, Any], code: str) -> None:
    assert (await refusal(graph, GAPS, **asked))[0] == code


async def test_a_place_that_is_not_there_is_no_fault_of_what_is_asked_beside_it(graph: httpx.AsyncClient) -> None:
    told = await told_of(
        graph, '{ a: coverage { cells } b: coverage(under: "nowhere") { cells } c: coverage { cells } }'
    )
    assert [error["path"] for error in told["errors"]] == [["b"]]


COVERAGE = """{ coverage(under: "shop") {
  area { key } cells covered percent functions { function { key } cells covered percent } } }"""
LINT = "{ selectorLint { totalCount edges { node { fault area { key } selector message other { key } } } } }"


async def test_coverage_is_told_by_subtree_and_function(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, COVERAGE)
    assert told["coverage"] == [
        {"area": {"key": "shop"}, "cells": 34, "covered": 21, "percent": 61.7, "functions": [
            {"function": {"key": "product_management"}, "cells": 14, "covered": 14, "percent": 100.0},
            {"function": {"key": "product_operations"}, "cells": 13, "covered": 7, "percent": 53.8},
        ]},
        {"area": {"key": "checkout"}, "cells": 17, "covered": 14, "percent": 82.3, "functions": [
            {"function": {"key": "product_management"}, "cells": 7, "covered": 7, "percent": 100.0},
            {"function": {"key": "product_operations"}, "cells": 7, "covered": 7, "percent": 100.0},
        ]},
    ]  # fmt: skip


async def test_the_lint_of_selectors_names_fault_and_place() -> None:
    async with asking(await a_desk(items=ISSUES)) as client:
        told = await ask(client, LINT)
    assert told["selectorLint"]["totalCount"] == 2
    assert told["selectorLint"]["edges"][0]["node"] == {
        "fault": "NEVER_MATCHES",
        "area": {"key": "checkout"},
        "selector": "component Checkout and project SHOP",
        "message": "The selector component Checkout and project SHOP of checkout never matches: "
        "no component is called 'Checkout'",
        "other": None,
    }


THEN = """query($then: DateTime) { now: gaps { totalCount notTold } then: gaps(asOf: $then) { totalCount notTold }
  unknown: gaps(knownAt: $then) { totalCount notTold } covered: coverage(asOf: $then) { covered }
  unheard: coverage(knownAt: $then) { covered } }"""


async def test_gaps_and_coverage_are_told_of_both_times() -> None:
    async with asking(await a_desk(items=ISSUES)) as client:
        told = await ask(client, THEN, then="2025-01-01T00:00:00Z")
    missing = ["CONFLICT", "UNMATCHED_ISSUES", "UNMATCHED_FEEDBACK", "UNMAPPED_IDENTITY"]
    assert told.pop("now") == {"totalCount": 19, "notTold": []}
    assert told == {
        "then": {"totalCount": 17, "notTold": missing},
        "unknown": {"totalCount": 0, "notTold": [*missing, "OVERLOADED_OWNER", "DRIFT"]},
        "covered": [{"covered": 20}, {"covered": 20}],
        "unheard": [],
    }


@pytest.fixture
async def stored(engine: AsyncEngine) -> Desk:
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine), items=ISSUES)
    async with asking(desk) as client:
        await ask(client, "{ areas { totalCount } }")
    return desk


@pytest.fixture
async def counted(stored: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(stored) as client:
        yield client


HEAD_AND_SOURCES, TALLIES, FEEDBACK, ACCOUNTS, NAMES = 2, 1, 1, 1, 1


def lists(times: int) -> str:
    """So many lists of gaps, no two of them alike."""
    kinds = ["UNOWNED", "OWNER_INACTIVE", "EXPIRED_ASSIGNMENT", "UNMATCHED_FEEDBACK", "DRIFT"]
    chosen = [" ".join(kind for bit, kind in enumerate(kinds) if n >> bit & 1) for n in range(times)]
    asked = "totalCount edges { node { area { key stage } } }"
    fields = [f"a{n}: gaps(kinds: [{one} UNMAPPED_IDENTITY CONFLICT]) {{ {asked} }}" for n, one in enumerate(chosen)]
    return "{" + " ".join(fields) + "}"


@pytest.mark.parametrize("times", [1, MOST_GAP_QUESTIONS])
async def test_however_many_lists_of_gaps_are_read_together(
    counted: httpx.AsyncClient, engine: AsyncEngine, times: int
) -> None:
    with count_statements(engine) as statements:
        assert len(await ask(counted, lists(times))) == times
    assert len(statements) == HEAD_AND_SOURCES + TALLIES + (FEEDBACK if times > 1 else 0) + ACCOUNTS


async def test_more_lists_of_gaps_are_refused(counted: httpx.AsyncClient) -> None:
    told = await told_of(counted, lists(MOST_GAP_QUESTIONS + 1))
    assert {error["message"] for error in told["errors"]} == {
        f"ask for at most {MOST_GAP_QUESTIONS} lists of gaps at once"
    }


async def test_coverage_and_the_lint_cost_what_they_rest_on(counted: httpx.AsyncClient, engine: AsyncEngine) -> None:
    with count_statements(engine) as statements:
        await ask(counted, '{ a: coverage { cells } b: coverage(under: "shop") { cells functions { cells } } }')
    assert len(statements) == HEAD_AND_SOURCES
    with count_statements(engine) as statements:
        await ask(counted, "{ a: selectorLint { totalCount } b: selectorLint(first: 1) { edges { node { fault } } } }")
    assert len(statements) == HEAD_AND_SOURCES + NAMES
