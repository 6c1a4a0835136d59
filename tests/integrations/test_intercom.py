"""Intercom: what a conversation comes to, that its search is read to the end, and what its webhooks hint at."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from remit.domain.arrivals import Hint
from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.feedback.intercom_conversations import NAME, read_conversation
from remit_integrations.sources.intercom import hint
from remit_integrations.standins.jira.faults import Fault
from support.intercom_site import SEARCH, Workspace, a_source
from support.vendor_sites import VendorSite, vendor_server

CAME = datetime(2026, 11, 1, 9, tzinfo=UTC)


def seconds(**later: float) -> int:
    return int((CAME + timedelta(**later)).timestamp())


def a_conversation(number: int = 1, /, **said: Any) -> dict[str, Any]:
    """An open one that nobody has looked at."""
    return {"id": str(number), "created_at": seconds(), "updated_at": seconds(), "state": "open"} | said


def a_workspace(*conversations: dict[str, Any], most: int = 150) -> Workspace:
    workspace = Workspace(most=most)
    workspace.load(conversations)
    return workspace


async def run(url: str, cursor: bytes | None = None) -> list[Page]:
    async with a_source(url).open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def ids(pages: list[Page]) -> list[str]:
    return [pulled.item.id for page in pages for pulled in page.feedback]


def test_a_conversation_is_feedback_with_what_became_of_it() -> None:
    told = a_conversation(
        7,
        updated_at=seconds(hours=5),
        state="closed",
        team_assignee_id=71,
        tags={"tags": [{"name": "payments"}, {"name": "card"}]},
        source={
            "type": "email",
            "subject": "Paying",
            "body": '<p>It <b>fails</b> &amp; <a href="https://acme.atlassian.net/browse/PAY-12">is known</a></p>',
            "author": {"type": "user"},
        },
        statistics={
            "first_assignment_at": seconds(hours=1),
            "first_admin_reply_at": seconds(hours=2),
            "last_close_at": seconds(hours=3),
            "last_closed_by_id": "991",
        },
        custom_attributes={"Plan": "team"},
    )
    read = read_conversation({"71": "Billing"}, "Plan", json.dumps(told).encode())
    assert read is not None
    assert read.item == FeedbackItem(
        source=NAME,
        id="7",
        created=CAME,
        updated=CAME + timedelta(hours=5),
        state=FeedbackState.CLOSED,
        triaged_at=CAME + timedelta(hours=1),
        answered_at=CAME + timedelta(hours=2),
        closed_at=CAME + timedelta(hours=3),
        segment="team",
        linked=("PAY-12",),
        offers=(("channels", ("email",)), ("groups", ("Billing",)), ("tags", ("card", "payments"))),
    )
    assert read.text == "Paying\nIt fails & is known"
    closed = FeedbackAct(NAME, "7", f"closed-{seconds(hours=3)}", CAME + timedelta(hours=3), ActKind.CLOSED, "991")
    assert read.acts == (closed,)


REPLIED = {"first_admin_reply_at": seconds(hours=1)}
STATES = [
    ({}, FeedbackState.NEW),
    ({"admin_assignee_id": 0, "team_assignee_id": None}, FeedbackState.NEW),
    ({"admin_assignee_id": 9}, FeedbackState.TRIAGED),
    ({"team_assignee_id": 9}, FeedbackState.TRIAGED),
    ({"state": "snoozed"}, FeedbackState.TRIAGED),
    ({"statistics": REPLIED}, FeedbackState.ANSWERED),
    ({"statistics": REPLIED, "waiting_since": seconds(hours=2)}, FeedbackState.TRIAGED),
    ({"state": "closed"}, FeedbackState.CLOSED),
]


@pytest.mark.parametrize(("said", "state"), STATES)
def test_how_far_a_conversation_has_come_is_told_by_who_waits(said: dict[str, Any], state: FeedbackState) -> None:
    read = read_conversation({}, None, json.dumps(a_conversation(**said)).encode())
    assert read is not None
    assert read.item.state is state


def test_a_conversation_without_a_state_is_not_taken_for_a_new_one() -> None:
    with pytest.raises(Unreadable, match="there is no state None"):
        read_conversation({}, None, json.dumps(a_conversation(1, state=None)).encode())


async def test_our_own_messages_are_feedback_only_once_somebody_replied() -> None:
    ours = {"source": {"author": {"type": "admin"}}}
    replied = a_conversation(2, **ours, first_contact_reply={"created_at": seconds()})
    async with vendor_server(a_workspace(a_conversation(1, **ours), replied).site()) as server:
        assert ids(await run(server.url)) == ["2"]


async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on() -> None:
    workspace = a_workspace(a_conversation(1), a_conversation(2, state="novel"), a_conversation(3, title=7))
    async with vendor_server(workspace.site()) as server:
        (page,) = await run(server.url)
    assert ids([page]) == ["1"]
    assert [parked.id for parked in page.parked] == ["2", "3"]
    assert page.parked[0].reason == "there is no state 'novel'"


async def test_pages_lead_to_the_end_and_a_run_that_was_cut_short_goes_on_after_its_last_page() -> None:
    workspace = a_workspace(*(a_conversation(n, updated_at=seconds(hours=n)) for n in range(1, 8)), most=3)
    site = workspace.site()
    async with vendor_server(site) as server:
        pages = await run(server.url)
        assert [ids([page]) for page in pages] == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
        assert await run(server.url, pages[0].cursor) == pages[1:]
        before = site.count(SEARCH)
        workspace.conversations["4"]["updated_at"] = seconds(days=1)
        assert ids(await run(server.url, pages[-1].cursor)) == ["4"]
        assert site.count(SEARCH) == before + 1
    asked = [told["query"]["value"] for call, told in site.asked if call == SEARCH]
    assert (asked[0], asked[-1]) == (0, seconds(hours=7) - 120)


async def test_what_changes_while_pages_are_read_is_read_by_the_next_run() -> None:
    workspace = a_workspace(*(a_conversation(n, updated_at=seconds(hours=n)) for n in range(1, 8)), most=3)
    async with vendor_server(workspace.site()) as server:
        async with a_source(server.url).open() as feed:
            pages = []
            async for page in feed.pages(None):
                pages.append(page)
                changed = workspace.conversations[str(len(pages))]
                changed["updated_at"] = seconds(days=2, seconds=len(pages))
        pages += await run(server.url, pages[-1].cursor)
    newest = {pulled.item.id: pulled.item.updated for page in pages for pulled in page.feedback}
    told = {id_: datetime.fromtimestamp(one["updated_at"], UTC) for id_, one in workspace.conversations.items()}
    assert newest == told


async def test_a_search_that_leads_in_a_circle_ends_the_run() -> None:
    site = a_workspace(a_conversation()).site()
    circle = b'{"conversations": [], "pages": {"next": {"starting_after": "again"}}}'
    site.faults.next(SEARCH, Fault(body=circle), times=9)
    async with vendor_server(site) as server:
        with pytest.raises(Unavailable, match="does not lead on"):
            await run(server.url)
    assert site.count(SEARCH) == 2


async def test_a_search_that_leads_in_a_wider_circle_ends_the_run() -> None:
    site = a_workspace(a_conversation()).site()
    for token in ("a", "b", "a"):
        circle = b'{"conversations": [], "pages": {"next": {"starting_after": "%s"}}}' % token.encode()
        site.faults.next(SEARCH, Fault(body=circle))
    async with vendor_server(site) as server:
        with pytest.raises(Unavailable, match="does not lead on"):
            await run(server.url)
    assert site.count(SEARCH) == 3


async def test_a_dead_token_is_told() -> None:
    site = VendorSite(a_workspace().site().calls)
    site.faults.next("GET /me", Fault(401, body=b'{"type": "error.list"}'))
    async with vendor_server(site) as server:
        with pytest.raises(Rejected, match="check REMIT_INTERCOM_URL and REMIT_INTERCOM_TOKEN"):
            await run(server.url)


async def test_conversations_are_read_by_their_ids_or_said_to_be_gone() -> None:
    async with vendor_server(a_workspace(a_conversation(1)).site()) as server, a_source(server.url).open() as feed:
        found, absent = [page async for page in feed.confirmed(["1", "2", "../me"])]
    assert ids([found]) == ["1"]
    assert absent.asked_at is not None
    assert absent.gone == (Gone(NAME, "2", absent.asked_at, Loss.NOT_VISIBLE),)


HINTS = [
    ("conversation.user.replied", {"type": "conversation", "id": "7"}, ("7",), ()),
    ("conversation.deleted", {"type": "conversation", "id": 7}, ("7",), ("7",)),
    ("conversation_part.tag.created", {"type": "conversation_part", "id": "9", "conversation_id": "7"}, ("7",), ()),
    ("conversation.user.created", {"id": True}, (), ()),
    ("contact.created", {"type": "contact", "id": "7"}, (), ()),
    ("ping", None, (), ()),
]


@pytest.mark.parametrize(("topic", "item", "concerns", "deleted"), HINTS)
def test_a_delivery_hints_at_its_conversation(
    topic: str, item: dict[str, Any] | None, concerns: tuple[str, ...], deleted: tuple[str, ...]
) -> None:
    body = json.dumps({"type": "notification_event", "topic": topic, "data": {"item": item}}).encode()
    assert hint({}, body) == Hint(topic, concerns, deleted)
