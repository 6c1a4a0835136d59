"""Anything that lists records in JSON over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from remit.domain.errors import Rejected, Unavailable
from remit.domain.feedback import FeedbackState, offering
from remit.domain.records import Loss
from remit.ports import Counts
from remit.serving import serving
from remit.usecases.take_records import Page
from remit_integrations.feedback.json_settings import JsonSettings
from remit_integrations.source import Source
from remit_integrations.sources.json import MANY
from remit_integrations.sync import synchronise
from support.board import Board, board_app
from support.desks import AClock, a_desk
from support.plays.json import a_source


def a_post(number: int, **told: Any) -> dict[str, Any]:
    day = f"{1 + number:02d}T08:00:00Z"
    post = {"id": f"P-{number:02d}", "created": f"2026-10-{day}", "updated": f"2026-10-{day}", "state": "open"}
    return {**post, **told}


@asynccontextmanager
async def a_board(count: int = 25) -> AsyncIterator[tuple[Board, str]]:
    board = Board()
    board.load([a_post(number) for number in range(count)])
    async with serving(board_app(board), "127.0.0.1", 0) as server:
        yield board, server.url


async def run(source: Source, cursor: bytes | None = None) -> list[Page]:
    async with source.open() as feed:
        return [page async for page in feed.pages(cursor)]


def ids(pages: list[Page]) -> list[str]:
    return [pulled.item.id for page in pages for pulled in page.feedback]


@pytest.mark.parametrize(
    ("declared", "asked"),
    [
        ({"paging": "cursor"}, ["", "cursor=10", "cursor=20"]),
        ({"paging": "page", "parameter": "page"}, ["page=1", "page=2", "page=3", "page=4"]),
        ({"paging": "offset", "parameter": "offset"}, ["offset=0", "offset=10", "offset=20", "offset=25"]),
        ({"paging": "link", "path": "/linked", "items": ""}, ["", "at=10", "at=20"]),
    ],
)
async def test_every_kind_of_paging_reads_every_record_once(declared: dict[str, str], asked: list[str]) -> None:
    async with a_board() as (board, url):
        pages = await run(a_source(url, **declared))
    assert ids(pages) == [f"P-{number:02d}" for number in range(25)]
    assert board.asked == asked


async def test_without_paging_there_is_one_request() -> None:
    async with a_board(3) as (board, url):
        assert ids(await run(a_source(url, paging="none", path="/posts?since="))) == ["P-00", "P-01", "P-02"]
    assert board.asked == ["since="]


async def test_a_record_is_understood_as_declared() -> None:
    post = a_post(
        1,
        state="Done",
        body={"title": "No invoice", "text": "See https://acme.example/browse/PAY-7"},
        labels=[{"name": "b"}, {"name": "a"}],
        team="Money",
        done_at=1_762_000_000,
        customer={"plan": "pro"},
    )
    declared = {
        "states": "done=closed",
        "text": "body.title, body.text",
        "offers": "tags=labels.name, groups=team",
        "closed": "done_at",
        "segment": "customer.plan",
    }
    async with a_board() as (board, url):
        board.load([post])
        (page,) = await run(a_source(url, **declared))
    item = page.feedback[0].item
    assert (item.state, item.segment, item.linked) == (FeedbackState.CLOSED, "pro", ("PAY-7",))
    assert item.offers == offering(tags=["a", "b"], groups=["Money"])
    assert item.closed_at is not None
    assert item.closed_at.isoformat() == "2025-11-01T12:26:40+00:00"
    assert item.excerpt == "No invoice See https://acme.example/browse/PAY-7"


async def test_only_what_changed_is_told_again() -> None:
    async with a_board() as (board, url):
        source = a_source(url)
        cursor = (await run(source))[-1].cursor
        board.load([*board.posts[1:], a_post(0, updated="2026-10-25T08:00:30Z")])
        pages = await run(source, cursor)
    assert ids(pages) == ["P-00"]
    assert board.asked[-1] == "since=2026-10-25T07%3A59%3A00Z"


async def test_a_record_dated_in_the_future_hides_nothing_that_changes_before_then() -> None:
    async with a_board(count=1) as (board, url):
        board.load([a_post(0), a_post(1, updated="2999-01-01T00:00:00Z")])
        source = a_source(url, paging="none", since_parameter="since")
        cursor = (await run(source))[-1].cursor
        assert ids(await run(source, cursor)) == []
        board.load([a_post(0, updated=datetime.now(UTC).isoformat()), a_post(1, updated="2999-01-01T00:00:00Z")])
        assert ids(await run(source, cursor)) == ["P-00"]


async def test_another_state_is_news_though_no_other_time_is_told() -> None:
    async with a_board(count=1) as (board, url):
        source = a_source(url)
        cursor = (await run(source))[-1].cursor
        assert ids(await run(source, cursor)) == []
        board.load([a_post(0, state="closed")])
        assert ids(await run(source, cursor)) == ["P-00"]


async def test_a_reading_that_was_cut_off_goes_on_where_it_was() -> None:
    async with a_board() as (board, url):
        source = a_source(url)
        first = (await run(source))[0]
        board.asked.clear()
        pages = await run(source, first.cursor)
    assert ids(pages) == [f"P-{number:02d}" for number in range(10, 25)]
    assert board.asked == ["cursor=10", "cursor=20"]


async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on() -> None:
    async with a_board() as (board, url):
        board.load([a_post(1), a_post(2, state="whatever"), a_post(3, created="yesterday")])
        (page,) = await run(a_source(url))
    assert [pulled.item.id for pulled in page.feedback] == ["P-01"]
    assert {record.id: record.reason for record in page.parked} == {
        "P-02": "there is no state 'whatever'; say in the settings which of ours it is",
        "P-03": "not a time: 'yesterday', at created",
    }


async def test_a_single_record_is_read_by_its_id_or_gone() -> None:
    async with a_board() as (_, url), a_source(url).open() as feed:
        pages = [page async for page in feed.confirmed(["P-03", "P-99"])]
    assert ids(pages) == ["P-03"]
    assert [(gone.id, gone.how) for page in pages for gone in page.gone] == [("P-99", Loss.NOT_VISIBLE)]


async def test_credentials_that_are_refused_end_the_run() -> None:
    async with a_board() as (board, url):
        board.token = "Bearer another"
        with pytest.raises(Rejected, match="does not accept the credentials"):
            await run(a_source(url))


async def test_a_path_that_leads_to_no_list_is_told() -> None:
    async with a_board() as (_, url):
        with pytest.raises(Rejected, match="there is no list in the answer where REMIT_JSON_ITEMS leads"):
            await run(a_source(url, items="data"))


@pytest.mark.parametrize("paging", ["cursor", "page", "offset"])
async def test_a_list_of_everything_that_is_suddenly_empty_is_trouble_and_nothing_is_lost(paging: str) -> None:
    async with a_board(MANY) as (board, url):
        source = a_source(url, since_parameter="", paging=paging, parameter=paging)
        desk = await a_desk(model=None, synchronised=False)
        await synchronise(desk, source)
        held, board.posts = board.posts, []
        with pytest.raises(Rejected, match="the list of REMIT_JSON_PATH is empty, where 20 records were before"):
            await synchronise(desk, source)
        assert (await desk.mirror.counts())[source.name] == Counts(records=MANY)
        board.posts = held
        await synchronise(desk, source)
    (state,) = await desk.mirror.sources()
    assert state.trouble is None


async def test_a_short_list_may_become_empty_and_one_of_news_is_mostly() -> None:
    for count, since in ((MANY - 1, ""), (MANY, "since")):
        async with a_board(count) as (board, url):
            source = a_source(url, since_parameter=since)
            cursor = (await run(source))[-1].cursor
            board.posts = []
            assert ids(await run(source, cursor)) == []


async def test_what_can_no_longer_be_read_is_forgotten_once_a_list_of_everything_is_without_it() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, model=None, synchronised=False)
    async with a_board(MANY) as (board, url):
        source = a_source(url, since_parameter="")
        board.posts[3]["id"] = None
        await synchronise(desk, source)
        before = (await desk.mirror.counts())[source.name]
        board.posts[3]["id"] = "P-03"
        clock.goes_on(minutes=5)
        await synchronise(desk, source)
    assert (before.parked, (await desk.mirror.counts())[source.name]) == (1, Counts(records=MANY))


@pytest.mark.parametrize("paging", ["page", "offset"])
async def test_a_site_that_tells_its_first_page_again_and_again_ends_the_run(paging: str) -> None:
    async with a_board() as (_, url):
        with pytest.raises(Unavailable, match="check REMIT_JSON_PAGING and REMIT_JSON_PARAMETER"):
            await run(a_source(url, paging=paging, parameter="misspelt"))


async def test_a_cursor_that_leads_in_a_circle_ends_the_run() -> None:
    async with a_board() as (board, url):
        board.stuck = True
        with pytest.raises(Unavailable, match="does not lead on"):
            await run(a_source(url))


@pytest.mark.parametrize(
    "wrong",
    [
        {"paging": "page", "parameter": ""},
        {"cursor": ""},
        {"item_path": "/posts"},
        {"path": "posts"},
        {"states": "open=waiting"},
        {"offers": "tags"},
        {"items": "data..posts"},
        {"id": ""},
        {"url": "posts.example"},
    ],
)
def test_a_declaration_that_cannot_work_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        a_source(wrong.pop("url", "https://board.example"), **wrong)


def test_credentials_are_not_shown() -> None:
    settings = JsonSettings.model_validate({"url": "https://board.example", "credentials": "Bearer a-token"})
    assert "a-token" not in repr(settings)
