"""The records behind numbers over GraphQL: of areas, and of what makes the work of people."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_graphql.kit.limits import MOST_TRACES
from support.asking_http import ask, asking
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled
from support.feedback import DESK, an_item, said

DAY = timedelta(days=1)
MODEL = A_MODEL.replace(
    "component: Checkout}]", "component: Checkout}], feedback: [{source: zendesk, tags: [payments]}]"
)
ISSUES = [
    an_issue("SHOP-1", created=NOW - 3 * DAY),
    an_issue("SHOP-2", created=NOW - 9 * DAY, updated=NOW - 9 * DAY, components=("Checkout",)),
    an_issue("SHOP-3", created=NOW - 5 * DAY, components=("Checkout",)),
]
WHOLE = """source id kind area { key } key title isGone countsAs value days decides isSample created started touched
  done"""
RECORDS = f"""query($below: Boolean! = false, $names: [String!], $first: Int, $after: String, $asOf: DateTime) {{
  area(key: "checkout") {{ signals(names: $names, below: $below, asOf: $asOf) {{ value sampleSize
    records(first: $first, after: $after) {{ totalCount limitDays doubt pageInfo {{ hasNextPage endCursor }}
      edges {{ cursor node {{ {WHOLE} }} }} }} }} }} }}"""


async def a_read_desk(**parts: PostgresModels | PostgresMirror) -> Desk:
    desk = await a_desk(model=MODEL, **parts)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    await take_records(desk, DESK, said(an_item("t-1", excerpt="It fails.")))
    return desk


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    """One issue of the shop; two issues and a ticket of its checkout."""
    async with asking(await a_read_desk()) as client:
        yield client


async def test_a_signal_tells_its_records(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, RECORDS, names=["untriaged"], first=1))["area"]["signals"][0]
    records = told["records"]
    assert (told["value"], told["sampleSize"]) == (1, 2)
    assert (records["totalCount"], records["limitDays"], records["doubt"]) == (2, 7, None)
    assert records["pageInfo"] == {"hasNextPage": True, "endCursor": records["edges"][0]["cursor"]}
    assert records["edges"][0]["node"] == {
        "source": "jira", "id": ISSUES[1].id, "kind": "BACKLOG", "area": {"key": "checkout"}, "key": "SHOP-2",
        "title": "What SHOP-2 is about", "isGone": False, "countsAs": "UNTRIAGED", "value": 1, "days": 9,
        "decides": False, "isSample": True, "created": "2026-11-14T12:00:00Z", "started": None, "touched": None,
        "done": None,
    }  # fmt: skip
    after = records["pageInfo"]["endCursor"]
    rest = (await ask(graph, RECORDS, names=["untriaged"], after=after))["area"]["signals"][0]["records"]
    assert [(edge["node"]["key"], edge["node"]["countsAs"]) for edge in rest["edges"]] == [("SHOP-3", "SAMPLE")]


async def test_every_signal_of_an_area_tells_as_many_records_as_its_sample(graph: httpx.AsyncClient) -> None:
    for below in (False, True):
        for told in (await ask(graph, RECORDS, below=below))["area"]["signals"]:
            nodes = [edge["node"] for edge in told["records"]["edges"]]
            assert sum(node["isSample"] for node in nodes) == told["sampleSize"]


async def test_a_past_window_tells_the_records_of_then(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, RECORDS, names=["arrivals"], asOf="2026-11-17T00:00:00Z"))["area"]["signals"][0]
    assert [edge["node"]["key"] for edge in told["records"]["edges"]] == ["SHOP-2"]


async def test_what_makes_the_work_of_a_person_tells_its_records_and_hours_do_not(graph: httpx.AsyncClient) -> None:
    asked = """{ person(key: "pat") { load { signals { name records { totalCount } }
      contributions { responsibility { key } drivers { name value records { edges { node { key } } } } } } } }"""
    load = (await ask(graph, asked))["person"]["load"]
    assert {one["name"] for one in load["signals"] if one["records"] is None} == {
        one["name"] for one in load["signals"]
    }
    drivers = {one["name"]: one for row in load["contributions"] for one in row["drivers"]}
    assert drivers["areas"]["records"] is None
    assert [edge["node"]["key"] for edge in drivers["arrivals"]["records"]["edges"]] == ["SHOP-2", "SHOP-3"]
    assert [edge["node"]["key"] for edge in drivers["feedback_arrivals"]["records"]["edges"]] == ["t-1"]


async def test_the_records_of_very_many_numbers_are_refused(graph: httpx.AsyncClient) -> None:
    many = " ".join(
        f'a{number}: area(key: "checkout") {{ signals {{ records(first: {number}) {{ totalCount }} }} }}'
        for number in range(1, MOST_TRACES // 18 + 2)
    )
    answer = await graph.post("/graphql", json={"query": f"{{ {many} }}"})
    said_of_each = {error["message"] for error in answer.json()["errors"]}
    assert said_of_each == {f"ask for the records of at most {MOST_TRACES} numbers at once"}


async def test_the_statements_do_not_grow_with_the_records_told(engine: AsyncEngine) -> None:
    desk = await a_read_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    counts = []
    async with asking(desk) as client:
        for asked in ({"names": ["arrivals"], "first": 1}, {"below": True, "first": 50}):
            await ask(client, RECORDS, **asked)
            with count_statements(engine) as statements:
                await ask(client, RECORDS, **asked)
            counts.append(len(statements))
    assert counts[1] - counts[0] <= 2  # the names of feedback come from a source of its own
