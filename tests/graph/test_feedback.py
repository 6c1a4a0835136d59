"""Feedback over GraphQL: of areas and as a list, with no more text than is kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.feedback import FeedbackState, PulledFeedback
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_graphql.kit.limits import MOST_OF_ALL_FEEDBACK
from remit_integrations.keeping import Keeping, Texts
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.feedback import DESK, an_item, said

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards]}]}
  - {key: basket, name: Basket, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards, baskets]}]}
"""
ITEMS = (
    an_item(
        "1",
        state=FeedbackState.CLOSED,
        triaged_at=NOW - 2 * DAY,
        answered_at=NOW - 2 * DAY + HOUR / 2,
        closed_at=NOW,
        linked=("SHOP-1",),
        segment="enterprise",
        excerpt="It fails.",
    ),
    an_item("2", tags=("cards",), created=NOW - 2 * DAY),
    an_item("3", tags=("weather",), created=NOW - DAY),
    an_item("4", tags=("baskets",), created=NOW - 9 * DAY),
)
WHOLE = """id source segment created updated state triagedAt answeredAt closedAt hoursToTriage hoursToFirstResponse
  linkedIssues placement areas { key } excerpt freshness { dataAsOf lagSeconds degraded }"""
LIST = f"""query($area: String, $under: String, $unplaced: Boolean! = false, $source: String, $state: FeedbackState,
    $since: DateTime, $until: DateTime, $first: Int, $after: String) {{
  feedback(area: $area, under: $under, unplaced: $unplaced, source: $source, state: $state, createdAfter: $since,
    createdBefore: $until, first: $first, after: $after) {{
    totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }} edges {{ cursor node {{ {WHOLE} }} }} }} }}"""


async def a_help_desk(**parts: Any) -> Desk:
    desk = await a_desk(model=MODEL, **parts)
    await take_records(desk, DESK, said(*ITEMS))
    await desk.mirror.succeeded(DESK, NOW - HOUR, b"")
    return desk


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(await a_help_desk()) as client:
        yield client


async def test_an_item_is_told_whole(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, LIST, area="shop"))["feedback"]
    assert [edge["node"] for edge in told["edges"]] == [
        {
            "id": "1", "source": "zendesk", "segment": "enterprise", "created": "2026-11-20T12:00:00Z",
            "updated": "2026-11-20T12:00:00Z", "state": "CLOSED", "triagedAt": "2026-11-21T12:00:00Z",
            "answeredAt": "2026-11-21T12:30:00Z", "closedAt": "2026-11-23T12:00:00Z", "hoursToTriage": 24,
            "hoursToFirstResponse": 24.5, "linkedIssues": ["SHOP-1"], "placement": "MATCHED",
            "areas": [{"key": "shop"}], "excerpt": "It fails.",
            "freshness": {"dataAsOf": "2026-11-23T11:00:00Z", "lagSeconds": 3600, "degraded": ["zendesk"]},
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["3", "2", "1", "4"]), ({"under": "shop"}, ["1", "4"]), ({"area": "checkout"}, []),
        ({"unplaced": True}, ["3", "2"]), ({"source": "zendesk", "state": "CLOSED"}, ["1"]),
        ({"since": "2026-11-21T12:00:00Z"}, ["3", "2"]), ({"until": "2026-11-20T12:00:00Z"}, ["4"]),
    ],
    ids=str,
)  # fmt: skip
async def test_a_list_holds_what_is_meant(graph: httpx.AsyncClient, asked: dict[str, Any], expected: list[str]) -> None:
    told = (await ask(graph, LIST, **asked))["feedback"]
    assert ([edge["node"]["id"] for edge in told["edges"]], told["totalCount"]) == (expected, len(expected))


async def test_what_is_unmatched_and_what_is_tied_is_said(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, LIST, unplaced=True))["feedback"]["edges"]
    assert [(edge["node"]["placement"], edge["node"]["areas"]) for edge in told] == [
        ("UNMATCHED", []), ("TIED", [{"key": "basket"}, {"key": "checkout"}]),
    ]  # fmt: skip


async def test_areas_tell_their_own_page_by_page(graph: httpx.AsyncClient) -> None:
    asked = """query($first: Int, $after: String) { area(key: "shop") { feedback { totalCount }
      all: feedback(below: true, first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { id } } }
      new: feedback(below: true, state: NEW) { edges { node { id } } } } }"""
    told = (await ask(graph, asked, first=1))["area"]
    assert (told["feedback"]["totalCount"], told["new"]["edges"]) == (1, [{"node": {"id": "4"}}])
    assert (told["all"]["edges"], told["all"]["pageInfo"]["hasNextPage"]) == ([{"node": {"id": "1"}}], True)
    rest = (await ask(graph, asked, after=told["all"]["pageInfo"]["endCursor"]))["area"]["all"]
    assert (rest["edges"], rest["pageInfo"]["hasNextPage"]) == ([{"node": {"id": "4"}}], False)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"area": "nowhere"}, "NOT_FOUND"), ({"source": "forum"}, "NOT_FOUND"), ({"first": 201}, "INVALID"),
        ({"after": "nothing"}, "INVALID"), ({"area": "shop", "under": "shop"}, "INVALID"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(graph: httpx.AsyncClient, asked: dict[str, Any], code: str) -> None:
    assert (await refusal(graph, LIST, **asked))[0] == code


@pytest.mark.parametrize(
    ("kept", "excerpt"),
    [(Texts.NONE, None), (Texts.EXCERPT, "Write to [address] about it"), (Texts.FULL, "Write to [address] about  it")],
)
async def test_no_more_of_a_text_is_told_than_is_kept_and_never_an_address(kept: Texts, excerpt: str | None) -> None:
    pulled = Keeping(kept).pulled(an_item("5"), "Write to cat@acme.example about  it", b'{"from": "cat@acme.example"}')
    desk = await a_desk(model=MODEL)
    await take_records(desk, DESK, Page(feedback=(PulledFeedback(pulled.item, pulled.raw),)))
    async with asking(desk) as client:
        answer = await client.post("/graphql", json={"query": LIST})
    assert answer.json()["data"]["feedback"]["edges"][0]["node"]["excerpt"] == excerpt
    assert "@" not in answer.text


async def test_more_lists_from_everywhere_than_can_be_counted_at_once_are_refused(graph: httpx.AsyncClient) -> None:
    lists = [f"a{number}: feedback(first: {number}) {{ totalCount }}" for number in range(MOST_OF_ALL_FEEDBACK + 1)]
    assert len(await ask(graph, f"{{ {' '.join(lists[1:])} }}")) == MOST_OF_ALL_FEEDBACK
    assert await refusal(graph, f"{{ {' '.join(lists)} }}") == (
        "INVALID",
        f"ask for at most {MOST_OF_ALL_FEEDBACK} lists of feedback from everywhere at once",
    )


async def test_the_statements_do_not_grow_with_the_areas(engine: AsyncEngine) -> None:
    desk = await a_help_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    asked = "query($first: Int!) { areas(first: $first) { edges { node { key feedback { edges { node { excerpt } } } } } } }"  # noqa: E501
    counts = []
    async with asking(desk) as client:
        for first in (1, 4):
            await ask(client, asked, first=first)
            with count_statements(engine) as statements:
                await ask(client, asked, first=first)
            counts.append(len(statements))
    assert counts[0] == counts[1]
