"""Productboard: what a note comes to, and that its two lists are read to the end, each note once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from remit.domain.errors import Rejected, Unavailable
from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.feedback.productboard_notes import NAME, read_note
from remit_integrations.standins.jira.faults import Fault, limited
from support.productboard_site import NOTES, Board, a_source
from support.vendor_sites import vendor_server

CAME = datetime(2026, 11, 1, 9, tzinfo=UTC)


def a_note(number: int = 1, /, after_h: float = 0, **fields: Any) -> dict[str, Any]:
    """One that was created in the so-manieth hour and changed so many hours later."""
    created = CAME + timedelta(hours=number)
    changed = created + timedelta(hours=after_h)
    return {"id": f"n-{number}", "createdAt": created.isoformat(), "updatedAt": changed.isoformat(), "fields": fields}


def a_board(*notes: dict[str, Any], most: int = 100) -> Board:
    board = Board(most=most)
    board.load(notes)
    return board


async def run(url: str, cursor: bytes | None = None) -> list[Page]:
    async with a_source(url).open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def ids(pages: list[Page]) -> list[str]:
    return [pulled.item.id for page in pages for pulled in page.feedback]


def test_a_note_is_feedback() -> None:
    note = a_note(
        2,
        1,
        name="Paying",
        content='<p>It <a href="https://acme.atlassian.net/browse/PAY-12">fails</a> &amp; is slow</p>',
        tags=[{"id": "t", "name": "payments"}, "card"],
        processed=True,
    )
    told = read_note(json.dumps({**note, "type": "textNote", "metadata": {"source": {"system": "zendesk"}}}).encode())
    assert told.item == FeedbackItem(
        source=NAME,
        id="n-2",
        created=CAME + timedelta(hours=2),
        updated=CAME + timedelta(hours=3),
        state=FeedbackState.TRIAGED,
        linked=("PAY-12",),
        offers=(("channels", ("zendesk",)), ("kinds", ("textNote",)), ("tags", ("card", "payments"))),
    )
    assert told.text == "Paying\nIt fails & is slow"


CONTENTS = [
    ([{"content": "<p>Can it?</p>"}, {"content": None}, {"content": "Not yet."}], "Can it? Not yet."),
    ({"amount": 7}, ""),
    (None, ""),
]


@pytest.mark.parametrize(("content", "text"), CONTENTS)
def test_a_conversation_is_its_messages_and_what_is_no_text_has_none(content: Any, text: str) -> None:
    assert read_note(json.dumps(a_note(content=content)).encode()).text == text


STATES = [
    ({}, FeedbackState.NEW),
    ({"processed": True}, FeedbackState.TRIAGED),
    ({"processed": False, "archived": True}, FeedbackState.CLOSED),
]


@pytest.mark.parametrize(("fields", "state"), STATES)
def test_notes_are_new_processed_or_archived(fields: dict[str, Any], state: FeedbackState) -> None:
    assert read_note(json.dumps(a_note(**fields)).encode()).item.state is state


async def test_both_lists_are_read_and_a_run_that_was_cut_short_goes_on_after_its_last_page() -> None:
    board = a_board(*(a_note(number, archived=number > 5) for number in range(1, 9)), most=2)
    site = board.site()
    async with vendor_server(site) as server:
        pages = await run(server.url)
        assert [ids([page]) for page in pages] == [["n-5", "n-4"], ["n-3", "n-2"], ["n-1"], ["n-8", "n-7"], ["n-6"]]
        for number, page in enumerate(pages[:-1], 1):
            assert ids(await run(server.url, page.cursor)) == ids(pages[number:])
        (last,) = await run(server.url, pages[-1].cursor)
        assert (last.is_bare, last.cursor) == (True, pages[-1].cursor)
        asked = {told["archived"]: told.get("updatedFrom") for call, told in site.asked if "archived" in told}
    assert asked == {"false": "2026-11-01T13:58:00Z", "true": "2026-11-01T16:58:00Z"}


async def test_a_note_that_is_archived_comes_again() -> None:
    board = a_board(a_note(1), a_note(2))
    async with vendor_server(board.site()) as server:
        cursor = (await run(server.url))[-1].cursor
        board.notes["n-1"] = a_note(1, 50, archived=True)
        (page,) = await run(server.url, cursor)
    assert [(pulled.item.id, pulled.item.state) for pulled in page.feedback] == [("n-1", FeedbackState.CLOSED)]


async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on() -> None:
    odd = {"id": "n-2", "createdAt": "yesterday", "updatedAt": CAME.isoformat()}
    async with vendor_server(a_board(a_note(1), odd).site()) as server:
        pages = await run(server.url)
    assert ids(pages) == ["n-1"]
    assert [(parked.id, parked.reason) for page in pages for parked in page.parked] == [
        ("n-2", "not a time: 'yesterday'")
    ]


async def test_a_list_that_leads_in_a_circle_ends_the_run() -> None:
    site = a_board(a_note()).site()
    circle = b'{"data": [], "links": {"next": "https://elsewhere.example/v2/notes?pageCursor=first"}}'
    site.faults.next(NOTES, Fault(body=circle), times=9)
    async with vendor_server(site) as server:
        with pytest.raises(Unavailable, match="does not lead on"):
            await run(server.url)


async def test_a_list_that_leads_in_a_wider_circle_ends_the_run() -> None:
    site = a_board(a_note()).site()
    for token in ("greeted", "a", "b", "a"):
        circle = b'{"data": [], "links": {"next": "https://elsewhere.example/v2/notes?pageCursor=%s"}}' % token.encode()
        site.faults.next(NOTES, Fault(body=circle))
    async with vendor_server(site) as server:
        with pytest.raises(Unavailable, match="does not lead on"):
            await run(server.url)
    assert site.count(NOTES) == 4


async def test_a_limit_is_kept_until_the_time_that_is_told() -> None:
    site = a_board(a_note()).site()
    site.faults.next(NOTES, limited(0, reason=None))
    async with vendor_server(site) as server:
        assert ids(await run(server.url)) == ["n-1"]


async def test_notes_are_read_by_their_ids_or_said_to_be_gone() -> None:
    async with vendor_server(a_board(a_note(1)).site()) as server, a_source(server.url).open() as feed:
        found, absent = [page async for page in feed.confirmed(["n-1", "n-2", "../me"])]
    assert ids([found]) == ["n-1"]
    assert absent.asked_at is not None
    assert absent.gone == (Gone(NAME, "n-2", absent.asked_at, Loss.NOT_VISIBLE),)


async def test_a_dead_token_is_told() -> None:
    site = a_board().site()
    site.faults.next(NOTES, Fault(401, body=b"{}"))
    async with vendor_server(site) as server:
        with pytest.raises(Rejected, match="check REMIT_PRODUCTBOARD_TOKEN"):
            await run(server.url)
