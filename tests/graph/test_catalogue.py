"""Lenses, what stands where in them, and minutes per unit, in the graph."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.asking_http import ask, asking, refusal
from support.desks import A_MODEL, a_desk

OURS = (
    A_MODEL
    + """
lenses:
  - {key: focus, name: Object}
  - {key: rhythm, name: Rhythm, description: How often}
responsibilities:
  - {key: notes, name: Notes, lead: product_management, lenses: {rhythm: daily}}
minutes:
  - {responsibility: backlog_management, driver: arrivals, minutes: 4, reason: measured}
  - {responsibility: notes, driver: completions, minutes: 3}
"""
)
BY_VALUE = "query($lens: String, $value: String) { responsibilities(lens: $lens, value: $value) { key } }"


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(await a_desk(model=OURS)) as client:
        yield client


async def test_lenses_are_those_that_ship_with_ours_over_and_beside_them(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, "{ lenses { key name description } }"))["lenses"]
    assert [lens["key"] for lens in told] == ["focus", "altitude", "methodology", "exposure", "rhythm"]
    assert (told[0], told[-1]) == (
        {"key": "focus", "name": "Object", "description": ""},
        {"key": "rhythm", "name": "Rhythm", "description": "How often"},
    )


async def test_functions_tell_where_they_stand_and_are_narrowed_by_it(graph: httpx.AsyncClient) -> None:
    asked = """{
      all: functions { key }
      some: functions(lens: "altitude", value: "daily") { key lenses { lens value } }
    }"""
    told = await ask(graph, asked)
    assert [function["key"] for function in told["all"]] == ["product_management", "product_operations"]
    (daily,) = told["some"]
    assert daily == {
        "key": "product_operations",
        "lenses": [
            {"lens": "altitude", "value": "daily"},
            {"lens": "exposure", "value": "team"},
            {"lens": "focus", "value": "process"},
            {"lens": "methodology", "value": "process"},
        ],
    }


@pytest.mark.parametrize(
    ("lens", "value", "keys"),
    [
        ("rhythm", None, ["notes"]),
        ("rhythm", "daily", ["notes"]),
        ("rhythm", "weekly", []),
        ("exposure", "customers", ["mvp_development", "lifecycle_management", "feedback_analysis"]),
    ],
)
async def test_responsibilities_are_narrowed_by_a_lens_and_a_value(
    graph: httpx.AsyncClient, lens: str, value: str | None, keys: list[str]
) -> None:
    told = await ask(graph, BY_VALUE, lens=lens, value=value)
    assert [row["key"] for row in told["responsibilities"]] == keys


async def test_without_a_lens_all_responsibilities_are_told(graph: httpx.AsyncClient) -> None:
    assert len((await ask(graph, BY_VALUE))["responsibilities"]) == 18


async def test_a_lens_nobody_knows_is_refused_and_not_an_empty_list(graph: httpx.AsyncClient) -> None:
    functions = await refusal(graph, '{ functions(lens: "colour") { key } }')
    assert functions == ("NOT_FOUND", "there is no lens 'colour' now")
    assert await refusal(graph, BY_VALUE, lens="colour") == ("NOT_FOUND", "there is no lens 'colour' now")


async def test_a_value_of_no_lens_is_refused(graph: httpx.AsyncClient) -> None:
    assert await refusal(graph, BY_VALUE, value="daily") == ("INVALID", "`value` is one of a lens; give `lens` too")


async def test_minutes_tell_what_is_assumed_and_what_is_ours(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, "{ minutes { responsibility { key } driver minutes source reason } }"))["minutes"]
    rows = [(one["responsibility"]["key"], one["driver"], one["minutes"], one["source"], one["reason"]) for one in told]
    assert rows == sorted(rows)
    assert [row for row in rows if row[0] in ("backlog_management", "notes")] == [
        ("backlog_management", "ARRIVALS", 4.0, "DECLARED", "measured"),
        ("backlog_management", "OPEN_ITEMS", 0.5, "ASSUMED", "keeping the list clean"),
        ("notes", "COMPLETIONS", 3.0, "DECLARED", ""),
    ]
