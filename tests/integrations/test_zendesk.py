"""Zendesk: what a ticket comes to, how its export is read to the end, and what its webhooks hint at."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from pydantic import SecretStr

from remit.domain.arrivals import Hint
from remit.domain.errors import Forbidden, Invalid, Limited, Rejected, Unavailable, Unreadable
from remit.domain.feedback import ActKind, FeedbackItem, FeedbackState
from remit.domain.records import Gone, Loss, Parked
from remit.usecases.take_records import Page
from remit_integrations.feedback.zendesk_tickets import NAME, TicketReader, Tickets
from remit_integrations.sources.zendesk import EXPORT, ZendeskSettings, hint, zendesk
from remit_integrations.standins.helpdesk import deliveries
from remit_integrations.standins.helpdesk.desk import HelpDesk
from remit_integrations.standins.helpdesk.server import drawn_desk, helpdesk_server
from remit_integrations.standins.jira.faults import Fault, limited
from support.desks import NOW, AClock
from support.plays.zendesk import a_source, receiving

TICKETS = "GET " + EXPORT
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # the vendor's own, of its documentation


def a_ticket(number: int = 1, **said: Any) -> dict[str, Any]:
    """A new ticket that came an hour ago."""
    came = (NOW - timedelta(hours=1)).isoformat()
    return {"id": number, "created_at": came, "updated_at": came, "status": "new", "tags": ["payments"]} | said


def a_desk(*tickets: dict[str, Any]) -> HelpDesk:
    desk = HelpDesk(clock=AClock())
    desk.load(tickets)
    return desk


async def run(desk: HelpDesk) -> list[Page]:
    async with helpdesk_server(desk) as server:
        return await run_at(server.url, desk)


async def run_at(url: str, desk: HelpDesk, cursor: bytes | None = None) -> list[Page]:
    async with a_source(url, desk).open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def read(ticket: dict[str, Any], segment_field: int | None = None, **page: Any) -> FeedbackItem:
    told = TicketReader(Tickets([], **page), segment_field).read(json.dumps(ticket).encode())
    assert not isinstance(told, Gone)
    return told.item


def test_a_ticket_is_feedback_with_what_became_of_it() -> None:
    reader = TicketReader(_page(), 360001)
    ticket = a_ticket(
        7,
        status="solved",
        subject="Paying fails",
        description="See https://acme.atlassian.net/browse/PAY-12, not UTF-8",
        group_id=71,
        brand_id=8,
        tags=["payments", "card"],
        custom_fields=[{"id": 1, "value": True}, {"id": 360001, "value": "enterprise"}],
    )
    told = reader.read(json.dumps(ticket).encode())
    assert not isinstance(told, Gone)
    came = NOW - timedelta(hours=1)
    assert told.item == FeedbackItem(
        source=NAME,
        id="7",
        created=came,
        updated=came,
        state=FeedbackState.CLOSED,
        triaged_at=came + timedelta(minutes=5),
        answered_at=came + timedelta(minutes=9),
        closed_at=came + timedelta(minutes=30),
        segment="enterprise",
        linked=("PAY-12",),
        offers=(("brands", ("8",)), ("groups", ("Support",)), ("tags", ("card", "payments"))),
    )
    assert told.text == "Paying fails\nSee https://acme.atlassian.net/browse/PAY-12, not UTF-8"


def _page() -> Tickets:
    came = NOW - timedelta(hours=1)
    measured = {
        "ticket_id": 7,
        "initially_assigned_at": (came + timedelta(minutes=5)).isoformat(),
        "solved_at": (came + timedelta(minutes=30)).isoformat(),
        "reply_time_in_minutes": {"calendar": 9, "business": 3},
    }
    told = {"tickets": [], "groups": [{"id": 71, "name": "Support"}], "metric_sets": [measured]}
    return msgspec.convert(told, Tickets)


STATES = [
    ("new", FeedbackState.NEW),
    ("open", FeedbackState.TRIAGED),
    ("hold", FeedbackState.TRIAGED),
    ("pending", FeedbackState.ANSWERED),
    ("solved", FeedbackState.CLOSED),
    ("closed", FeedbackState.CLOSED),
]


@pytest.mark.parametrize(("status", "state"), STATES)
def test_each_status_is_a_state(status: str, state: FeedbackState) -> None:
    assert read(a_ticket(status=status)).state is state


@pytest.mark.parametrize("status", ["on fire", None])
def test_a_ticket_without_a_known_status_is_not_taken_for_a_new_one(status: str | None) -> None:
    with pytest.raises(Unreadable, match=f"there is no status {status!r}"):
        read(a_ticket(status=status))


async def test_what_cannot_be_read_is_parked_under_its_id_and_the_rest_goes_on() -> None:
    odd = a_ticket(2, status="novel")
    (page,) = await run(a_desk(a_ticket(1), odd))
    assert [pulled.item.id for pulled in page.feedback] == ["1"]
    (parked,) = page.parked
    assert replace(parked, raw=b"") == Parked(NAME, "2", "there is no status 'novel'", b"")
    assert json.loads(parked.raw)["status"] == "novel"


async def test_a_deleted_ticket_is_gone() -> None:
    (page,) = await run(a_desk(a_ticket(1, status="deleted")))
    assert (page.feedback, page.gone) == ((), (Gone(NAME, "1", NOW - timedelta(hours=1), Loss.DELETED),))


async def test_many_tickets_come_in_pages_each_once_though_they_changed_in_the_same_second() -> None:
    desk = a_desk(*(a_ticket(number) for number in range(1, 1202)))
    async with helpdesk_server(desk) as server:
        pages = await run_at(server.url, desk)
        resumed = await run_at(server.url, desk, pages[0].cursor)
    assert [len(page.feedback) for page in pages] == [500, 500, 201]
    assert len({pulled.item.id for page in pages for pulled in page.feedback}) == 1201
    assert resumed == pages[1:]


async def test_the_next_run_reads_what_has_changed_once_a_minute_has_passed() -> None:
    desk, clock = a_desk(a_ticket(1), a_ticket(2)), AClock()
    desk.clock = clock
    async with helpdesk_server(desk) as server:
        cursor = (await run_at(server.url, desk))[-1].cursor
        desk.edit(2, status="open")
        assert [page.feedback for page in await run_at(server.url, desk, cursor)] == [()]
        clock.goes_on(minutes=2)
        page, done = await run_at(server.url, desk, cursor)
    assert [(pulled.item.id, pulled.item.state) for pulled in page.feedback] == [("2", FeedbackState.TRIAGED)]
    assert [(act.item_id, act.kind, act.author) for act in done.acts] == [("2", ActKind.TRIAGED, "900")]


async def test_another_site_is_read_from_its_beginning() -> None:
    desk = a_desk(a_ticket(1))
    cursor = (await run(desk))[-1].cursor  # of another port
    async with helpdesk_server(desk) as server:
        for told in (cursor, b"nonsense", b"\xff"):
            async with a_source(server.url, desk).open() as feed:
                assert [len(page.feedback) async for page in feed.pages(told)] == [1]


async def test_a_stream_that_leads_nowhere_ends_the_run_and_not_in_a_circle() -> None:
    desk = a_desk(*(a_ticket(number) for number in range(1, 4)))
    endless = b'{"tickets": [], "after_cursor": null, "end_of_stream": false}'
    desk.faults.next(TICKETS, Fault(body=endless))
    with pytest.raises(Unavailable, match="does not lead on"):
        await run(desk)
    assert desk.calls.count(TICKETS) == 1


async def test_a_limit_is_told_with_the_time_to_come_back() -> None:
    desk = a_desk(a_ticket())
    desk.faults.next(TICKETS, limited(90, reason=None))
    with pytest.raises(Limited) as told:
        await run(desk)
    assert told.value.retry_after_s == 90


async def test_nobody_in_particular_is_no_reader() -> None:
    desk = a_desk(a_ticket())
    desk.faults.next("GET /api/v2/users/me.json", Fault(body=b'{"user": {"id": null, "name": "Anonymous user"}}'))
    with pytest.raises(Rejected, match="does not know who asks; check REMIT_ZENDESK_URL"):
        await run(desk)
    desk.token = "another"  # of a stand-in
    async with helpdesk_server(desk) as server, a_source(server.url, desk, token=SecretStr("wrong")).open() as feed:
        with pytest.raises(Rejected, match="does not accept the credentials"):
            await anext(feed.pages(None))


async def test_tickets_are_read_by_their_ids_and_those_that_are_not_shown_are_gone() -> None:
    desk = a_desk(a_ticket(1), a_ticket(2, status="deleted"))
    async with helpdesk_server(desk) as server, a_source(server.url, desk).open() as feed:
        (page,) = [page async for page in feed.confirmed(["1", "2", "9", "no id"])]
    assert [pulled.item.id for pulled in page.feedback] == ["1"]
    assert page.asked_at is not None
    assert page.gone == tuple(Gone(NAME, id_, page.asked_at, Loss.NOT_VISIBLE) for id_ in ("2", "9"))


async def test_a_drawn_desk_is_read_whole() -> None:
    desk = drawn_desk(40)
    pages = await run(desk)
    assert sum(len(page.feedback) for page in pages) == 40
    assert [page.parked for page in pages] == [(), ()]
    assert {act.author for page in pages for act in page.acts} == {"900", "901", "902", "903"}
    told = [pulled.item for page in pages for pulled in page.feedback]
    assert {item.state for item in told} == set(FeedbackState)
    assert all(item.created <= item.updated for item in told)


HINTS = [
    (
        {
            "type": "zen:event-type:ticket.status_changed",
            "time": "2026-11-23T10:00:00Z",
            "subject": "zen:ticket:7",
            "detail": {"id": "7"},
        },
        Hint("zen:event-type:ticket.status_changed", ("7",), at=NOW - timedelta(hours=2)),
    ),
    (
        {"type": "zen:event-type:ticket.soft_deleted", "detail": {"id": 7}},
        Hint("zen:event-type:ticket.soft_deleted", ("7",), ("7",)),
    ),
    ({"type": "zen:event-type:user.created", "detail": {"id": "7"}}, Hint("zen:event-type:user.created")),
    ({"ticket_id": "7"}, Hint("unnamed", ("7",))),
    ({"ticket_id": {"a": 1}, "type": 9, "time": "soon", "detail": None}, Hint("unnamed")),
]


@pytest.mark.parametrize(("body", "told"), HINTS)
def test_a_delivery_hints_at_its_ticket(body: dict[str, Any], told: Hint) -> None:
    assert hint({}, json.dumps(body).encode()) == told


def test_a_delivery_is_signed_over_its_time_and_its_body() -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    body, stamp = b'{"ticket_id": 7}', at.strftime("%Y-%m-%dT%H:%M:%SZ")
    proof = base64.b64encode(hmac.new(SECRET.encode(), stamp.encode() + body, sha256).digest()).decode()
    headers = {"x-zendesk-webhook-signature": proof, "x-zendesk-webhook-signature-timestamp": stamp}
    assert deliveries.signed(SECRET, body, at) == headers
    reads = receiving(SECRET).read
    assert reads is not None
    assert reads({**headers, "x-zendesk-webhook-invocation-id": "8350205582"}, body).id == "8350205582"
    later = deliveries.signed(SECRET, body, at + timedelta(seconds=1))
    moved = {**headers, "x-zendesk-webhook-signature-timestamp": later["x-zendesk-webhook-signature-timestamp"]}
    for refused in (moved, {**headers, "x-zendesk-webhook-signature": "é"}):
        with pytest.raises(Forbidden):
            reads(refused, body)


@pytest.mark.parametrize("away", [timedelta(hours=-2), timedelta(minutes=6), timedelta(days=2)])
def test_a_delivery_of_another_time_is_refused_for_its_time(away: timedelta) -> None:
    reads, at = receiving(SECRET).read, datetime.now(UTC) + away
    assert reads is not None
    with pytest.raises(Forbidden, match=r"this delivery was signed at .* check the clock of this machine"):
        reads(*deliveries.delivery(SECRET, {"id": 7}, at))
    with pytest.raises(Forbidden, match="REMIT_ZENDESK_WEBHOOK_SECRET"):
        reads(*deliveries.delivery("another", {"id": 7}, at))


@pytest.mark.parametrize("away", [timedelta(minutes=-50), timedelta(minutes=4)])
def test_clocks_that_differ_a_little_do_no_harm(away: timedelta) -> None:
    reads = receiving(SECRET).read
    assert reads is not None
    assert reads(*deliveries.delivery(SECRET, {"id": 7}, datetime.now(UTC) + away)).hint.concerns == ("7",)


def test_a_delivery_that_is_no_json_cannot_be_read() -> None:
    reads, now = receiving(SECRET).read, datetime.now(UTC)
    assert reads is not None
    with pytest.raises(Invalid, match="cannot be read"):
        reads(deliveries.signed(SECRET, b"[", now), b"[")


def test_without_a_secret_no_delivery_is_expected() -> None:
    settings = ZendeskSettings(url="https://acme.zendesk.com", token=SecretStr("a-token"))
    assert zendesk(settings).read is None
