"""What was done with tickets of Zendesk: how an update is read, and how the export of all of them is read on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Unavailable, Unreadable
from remit.domain.evidence import Acts
from remit.domain.feedback import ActKind, FeedbackAct
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Window
from remit.usecases.take_records import Page
from remit_integrations.feedback.zendesk_acts import ActReader
from remit_integrations.feedback.zendesk_events import EVENTS, Known, TicketEvents
from remit_integrations.http import Caller
from remit_integrations.keeping import EXCERPTS
from remit_integrations.source import Source
from remit_integrations.sources.zendesk import EXPORT
from remit_integrations.standins.helpdesk.audits import AUTOMATION, audit, change, comment
from remit_integrations.standins.helpdesk.desk import HelpDesk
from remit_integrations.standins.helpdesk.server import helpdesk_server
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.sync import synchronise
from support.desks import NOW, AClock
from support.desks import a_desk as a_store
from support.plays.zendesk import a_source

ZENDESK = SourceName("zendesk")
TOLD, USERS = f"GET {EVENTS}", "GET /api/v2/users.json"
AGENT, CUSTOMER = 901, 500
HOUR = timedelta(hours=1)
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
"""
FORBIDDEN = Fault(status=403, body=b'{"error": "Forbidden"}')


def a_ticket(number: int = 1, *audits: dict[str, Any], **said: Any) -> dict[str, Any]:
    came = (NOW - 3 * HOUR).isoformat()
    told = {"id": number, "created_at": came, "updated_at": came, "status": "open", "tags": ["payments"]}
    return told | {"audits": list(audits)} | said


def update(*children: dict[str, Any], by: int = AGENT, at: datetime = NOW - HOUR, number: int = 1) -> dict[str, Any]:
    return audit(7, number, at, by, *children)


def act(kind: ActKind, author: str | None = str(AGENT)) -> FeedbackAct:
    return FeedbackAct(ZENDESK, "7", "7001", NOW - HOUR, kind, author)


def read(told: dict[str, Any]) -> FeedbackAct | None:
    return ActReader({AGENT}).read(json.dumps(told).encode())


TAKEN = change("assignee_id", None, AGENT)
UPDATES = [
    pytest.param(update(TAKEN), act(ActKind.TRIAGED), id="somebody took it"),
    pytest.param(update(change("group_id", 1, 2)), act(ActKind.TRIAGED), id="somebody passed it on"),
    pytest.param(update(change("status", "new", "open")), act(ActKind.TRIAGED), id="somebody opened it"),
    pytest.param(update(change("status", "open", "hold")), act(ActKind.TRIAGED), id="somebody put it aside"),
    pytest.param(update(change("status", "open", "pending")), act(ActKind.ANSWERED), id="it is the customer's turn"),
    pytest.param(update(TAKEN, comment(public=True)), act(ActKind.ANSWERED), id="an answer"),
    pytest.param(update(TAKEN, comment(public=False)), act(ActKind.TRIAGED), id="a note beside it"),
    pytest.param(update(comment(public=False)), None, id="a note alone"),
    pytest.param(update(change("tags", [], ["a"])), None, id="another field"),
    pytest.param(update(comment(public=True), change("status", "open", "solved")), act(ActKind.CLOSED), id="solved"),
    pytest.param(
        update(change("status", "solved", "closed"), by=AUTOMATION), None, id="what was solved is closed for good"
    ),
    pytest.param(update(change("status", "open", "solved"), by=AUTOMATION), act(ActKind.CLOSED, None), id="given up"),
    pytest.param(update(change("status", "solved", "open")), act(ActKind.REOPENED), id="reopened"),
    pytest.param(
        update(comment(public=True), change("status", "pending", "open"), by=CUSTOMER),
        act(ActKind.REOPENED, None),
        id="a customer wrote again",
    ),
    pytest.param(update(comment(public=True), by=CUSTOMER), None, id="a customer adds something"),
    pytest.param(update(change("assignee_id", None, AGENT, via="Rule")), None, id="a trigger beside somebody"),
    pytest.param(
        update(comment(public=True), change("group_id", 1, 2, via="Rule")), act(ActKind.ANSWERED), id="and an answer"
    ),
    pytest.param(
        update({"type": "Change", "field_name": "status", "value": "pending", "previous_value": "open"}),
        act(ActKind.ANSWERED),
        id="told as in audits",
    ),
    pytest.param(
        update({"type": "Comment", "public": True, "body": "Hello", "via": {"channel": "web"}}),
        act(ActKind.ANSWERED),
        id="a comment told whole",
    ),
    pytest.param(update(), None, id="nothing at all"),
    pytest.param(update() | {"child_events": [["odd"], 7, None]}, None, id="of no shape"),
    pytest.param(update() | {"child_events": None, "updater_id": None}, None, id="nulls"),
]


@pytest.mark.parametrize(("told", "comes_to"), UPDATES)
def test_an_update_comes_to_one_act_or_none(told: dict[str, Any], comes_to: FeedbackAct | None) -> None:
    assert read(told) == comes_to


def test_an_update_is_dated_by_its_stamp_or_its_second() -> None:
    told = update(TAKEN)
    assert read({**told, "created_at": None}) == act(ActKind.TRIAGED)
    with pytest.raises(Unreadable, match="without a time"):
        read({**told, "created_at": None, "timestamp": None})


def a_desk(*tickets: dict[str, Any]) -> HelpDesk:
    desk = HelpDesk(clock=AClock())
    desk.load(tickets)
    return desk


def busy(number: int, updates: int) -> dict[str, Any]:
    """A ticket that was taken so many times within some minutes, several times in a second."""
    times = (NOW - HOUR + timedelta(seconds=n // 10) for n in range(updates))
    return a_ticket(number, *(audit(number, n, at, AGENT, TAKEN) for n, at in enumerate(times)))


async def pages_of(source: Source, cursor: bytes | None = None) -> list[Page]:
    async with source.open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


async def test_many_updates_come_in_pages_each_of_which_can_be_gone_on_from() -> None:
    desk = a_desk(busy(7, 999), busy(8, 999))
    async with helpdesk_server(desk) as server:
        pages = await pages_of(a_source(server.url, desk))
        again = await pages_of(a_source(server.url, desk), pages[1].cursor)
    assert [(len(page.feedback), len(page.acts)) for page in pages] == [(2, 0), (0, 1000), (0, 1000), (0, 38)]
    assert len({one.id for page in pages for one in page.acts}) == 1998  # a second is told twice
    assert [page.acts for page in again] == [(), *(page.acts for page in pages[2:])]
    assert desk.calls.count(USERS) == 2  # once a run


async def test_acts_are_kept_once_in_the_area_of_their_ticket_with_the_agent_who_did_it() -> None:
    desk, store = a_desk(a_ticket(7, update(TAKEN), update(by=CUSTOMER, number=2))), await a_store(model=MODEL)
    async with helpdesk_server(desk) as server:
        for _ in range(2):
            await synchronise(store, a_source(server.url, desk))
    window = Window(NOW - 2 * HOUR, NOW)
    assert await store.evidence.acts([AreaKey("shop")], window) == (
        Acts(ZENDESK, str(AGENT), AreaKey("shop"), "feedback triaged", 1),
    )
    assert await store.mirror.emails([(ZENDESK, "901"), (ZENDESK, "500")]) == {(ZENDESK, "901"): "one@example.com"}


async def test_the_next_run_goes_on_and_a_second_one_right_after_it_does_not_ask() -> None:
    desk, clock = a_desk(a_ticket(7, update(TAKEN))), AClock()
    desk.clock = clock
    async with helpdesk_server(desk) as server:
        source = a_source(server.url, desk)
        cursor = (await pages_of(source))[-1].cursor
        clock.goes_on(minutes=3)
        desk.edit(7, status="pending", by=902, says=True)
        clock.goes_on(minutes=3)
        asked = len(desk.calls)
        assert [page.acts for page in await pages_of(source, cursor)] == [()]
        assert TOLD not in desk.calls[asked:]
        *_, page = await pages_of(a_source(server.url, desk), cursor)  # as if the five minutes were over
    assert [(one.kind, one.author) for one in page.acts[1:]] == [(ActKind.ANSWERED, "902")]


@pytest.mark.parametrize("call", [TOLD, USERS])
async def test_without_the_permission_tickets_still_come_and_it_is_said(call: str) -> None:
    desk, store = a_desk(a_ticket(7, update(TAKEN))), await a_store(model=MODEL)
    desk.clock = lambda: datetime.now(UTC)
    async with helpdesk_server(desk) as server:
        desk.faults.next(call, FORBIDDEN, times=9)
        source = a_source(server.url, desk)
        with capture_logs() as logs:
            for _ in range(2):
                assert (await synchronise(store, source)).seen in (0, 1)
        async with source.open() as feed:
            assert await feed.withheld() == ("who did what with tickets",)
        assert await store.mirror.present(ZENDESK) == {"7"}
        assert [one["event"] for one in logs].count("zendesk.acts_refused") == 1  # and not asked for again for an hour
        (state,) = [one for one in await store.mirror.sources() if one.name == ZENDESK]
        assert state.trouble is None
        desk.faults.clear()
        await synchronise(store, a_source(server.url, desk))
    assert len((await store.mirror.feedback.by_ids(ZENDESK, ["7"]))["7"].acts) == 1


async def test_whoever_is_new_is_no_customer() -> None:
    desk, clock = a_desk(a_ticket(7)), AClock()
    desk.clock = clock
    async with helpdesk_server(desk) as server:
        cursor = (await pages_of(a_source(server.url, desk)))[-1].cursor
        desk.agents += ({"id": 950, "name": "New", "email": None, "role": "agent", "active": True},)
        desk.edit(7, assignee_id=950, by=950)
        clock.goes_on(minutes=2)
        *_, page = await pages_of(a_source(server.url, desk), cursor)
    assert [one.author for one in page.acts] == ["950"]


async def test_an_update_that_cannot_be_read_is_parked_under_its_ticket_and_the_rest_goes_on() -> None:
    odd = update(TAKEN, number=2) | {"created_at": "soon"}
    desk = a_desk(a_ticket(7, update(TAKEN), odd))
    async with helpdesk_server(desk) as server:
        *_, page = await pages_of(a_source(server.url, desk))
    assert [one.id for one in page.acts] == ["7001"]
    assert [(one.id, one.reason) for one in page.parked] == [("7/event/7002", "not a time: 'soon'")]


@asynccontextmanager
async def exporting(desk: HelpDesk) -> AsyncIterator[TicketEvents]:
    async with helpdesk_server(desk) as server, a_source(server.url, desk).open() as feed:
        call: Caller = vars(feed)["_call"]
        yield TicketEvents(call, EXCERPTS, Known())


async def test_what_was_done_later_than_tickets_were_read_waits_for_the_next_run() -> None:
    desk = a_desk(a_ticket(7, update(TAKEN), update(TAKEN, number=2, at=NOW - HOUR / 2)))
    until = NOW - HOUR / 2 - timedelta(seconds=1)
    async with exporting(desk) as export:
        told = [(page.acts, acted) async for page, acted in export.pages(None, until)]
    assert [([one.id for one in acts], acted) for acts, acted in told] == [(["7001"], int(until.timestamp()))]


async def test_a_first_reading_goes_back_seven_windows() -> None:
    long_ago = NOW - timedelta(days=7 * 28 + 1)
    desk = a_desk(a_ticket(7, update(TAKEN, at=long_ago), update(TAKEN, number=2)))
    async with exporting(desk) as export:
        told = [one.id async for page, _ in export.pages(None, NOW) for one in page.acts]
    assert told == ["7002"]


async def test_an_export_that_leads_nowhere_ends_the_run_and_not_in_a_circle() -> None:
    desk = a_desk(a_ticket(7))
    desk.faults.next(TOLD, Fault(body=b'{"ticket_events": [], "end_time": null, "end_of_stream": false}'))
    async with exporting(desk) as export:
        with pytest.raises(Unavailable, match="does not lead on"):
            [page async for page in export.pages(None, datetime.now(UTC))]
    assert desk.calls.count(TOLD) == 1
    endless = Fault(body=b'{"users": [], "meta": {"has_more": true, "after_cursor": "x"}}')
    desk.faults.next(USERS, endless, times=2)
    async with exporting(desk) as export:
        with pytest.raises(Unavailable, match="list of agents does not lead on"):
            [batch async for batch in export.agents()]


async def test_agents_are_listed_page_by_page() -> None:
    desk = a_desk(a_ticket(7))
    desk.agents = tuple({"id": n, "name": f"Agent {n}", "email": None, "role": "agent"} for n in range(1, 251))
    async with exporting(desk) as export:
        (batch,) = [batch async for batch in export.agents()]
        assert [one.id for one in batch] == [str(n) for n in range(1, 251)]
        assert [batch async for batch in export.agents()] == []  # not again within the hour
    assert desk.calls.count(USERS) == 3
    assert EXPORT not in desk.calls
