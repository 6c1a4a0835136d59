"""What every store of evidence promises to tell of who did what: in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.evidence import Acts, Course, RecordKind
from remit.domain.feedback import ActKind, FeedbackAct, PulledFeedback
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.records import BacklogEvent, BacklogItem
from remit.ports import EvidenceStore, MirrorStore
from remit.ports.feedback import FeedbackIntake
from remit.storage.mirror import PostgresMirror
from support.desks import JIRA, NOW, a_page, an_issue, evidence_beside
from support.feedback import DESK as HELP_DESK
from support.feedback import an_act, an_item
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
SHOP, PAY = AreaKey("shop"), AreaKey("pay")
ISSUE, OTHER = an_issue("SHOP-1"), an_issue("PAY-1")
WEEK = Window(NOW - 7 * DAY, NOW)


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


@pytest.fixture
def evidence(mirror: MirrorStore) -> EvidenceStore:
    return evidence_beside(mirror)


def a_course(item: BacklogItem, area: AreaKey = SHOP) -> Course:
    return Course(JIRA, item.id, RecordKind.BACKLOG, area, item.created, item.updated)


def an_event(change: str, days: float = 1, item: BacklogItem = ISSUE, **said: Any) -> BacklogEvent:
    """Ana changed the status of an issue, so many days ago."""
    told = {"position": 0, "field": "Status", "author": "ana", "field_id": "status"} | said
    return BacklogEvent(JIRA, item.id, change, at=NOW - days * DAY, **told)


async def take(mirror: MirrorStore, *events: BacklogEvent) -> None:
    """The issues, in an area each, with these changes."""
    courses = (a_course(ISSUE), a_course(OTHER, PAY))
    await mirror.take(a_page(ISSUE, OTHER, courses=courses, events=events))


async def hear(mirror: MirrorStore, *acts: FeedbackAct) -> None:
    """A piece of feedback, in the shop, with what was done with it."""
    item = an_item()
    course = Course(HELP_DESK, item.id, RecordKind.FEEDBACK, SHOP, item.created, item.updated)
    intake = FeedbackIntake((PulledFeedback(item, b"{}"),), acts, selectors="selectors-1")
    await mirror.take(a_page(source=HELP_DESK, feedback=intake, courses=(course,)))


async def test_counts_who_did_what_where_within_a_window(mirror: MirrorStore, evidence: EvidenceStore) -> None:
    await take(
        mirror,
        an_event("1"),
        an_event("2", 2),
        an_event("2", 2, position=1),
        an_event("3", field="Rank"),
        an_event("4", author=None),
        an_event("5", 9),
        an_event("6", 0),
        an_event("7", item=OTHER, author="bea"),
        an_event("8", item=OTHER, author=None),
    )
    assert await evidence.acts([SHOP, PAY], WEEK) == (
        Acts(JIRA, "ana", SHOP, "rank", 1),
        Acts(JIRA, "ana", SHOP, "status", 2),
        Acts(JIRA, "bea", PAY, "status", 1),
        Acts(JIRA, None, PAY, "status", 1),
        Acts(JIRA, None, SHOP, "status", 1),
    )
    assert await evidence.acts([PAY], Window(NOW - 7 * DAY, NOW - 2 * DAY)) == ()


async def test_what_is_dated_after_it_was_read_counts_when_it_was_read(
    mirror: MirrorStore, evidence: EvidenceStore
) -> None:
    ahead = replace(an_event("1"), at=NOW + 3 * DAY)
    await mirror.take(a_page(ISSUE, courses=(a_course(ISSUE),), events=(ahead,)))
    for days, count in ((0, 0), (1, 1), (7, 1)):
        found = await evidence.acts([SHOP], Window(NOW - 7 * DAY, NOW + days * DAY))
        assert [one.count for one in found] == [1] * count
    assert await evidence.acts([SHOP], Window(NOW + DAY, NOW + 7 * DAY)) == ()


async def test_counts_what_was_done_with_feedback_likewise(mirror: MirrorStore, evidence: EvidenceStore) -> None:
    await hear(
        mirror,
        an_act(at=NOW - DAY),
        an_act(at=NOW - 2 * DAY, id_="a-2"),
        an_act(at=NOW - DAY, kind=ActKind.CLOSED, id_="a-3"),
        an_act(at=NOW - 9 * DAY, id_="a-4"),
        replace(an_act(at=NOW - DAY, id_="a-5"), author=None),
    )
    assert await evidence.acts([SHOP, PAY], WEEK) == (
        Acts(HELP_DESK, "agent-1", SHOP, "feedback closed", 1),
        Acts(HELP_DESK, "agent-1", SHOP, "feedback triaged", 2),
        Acts(HELP_DESK, None, SHOP, "feedback triaged", 1),
    )


async def test_custom_fields_are_told_apart_from_others_of_the_same_name(
    mirror: MirrorStore, evidence: EvidenceStore
) -> None:
    await take(mirror, an_event("1"), an_event("2", field_id="customfield_10101"), an_event("3", field_id=None))
    assert await evidence.acts([SHOP], WEEK) == (
        Acts(JIRA, "ana", SHOP, "status", 2),
        Acts(JIRA, "ana", SHOP, "status", 1, is_custom=True),
    )


async def test_tells_which_sources_never_named_anybody(mirror: MirrorStore, evidence: EvidenceStore) -> None:
    assert await evidence.silent() == dict.fromkeys(RecordKind, frozenset())
    await take(mirror, an_event("1", author=None))
    await hear(mirror, replace(an_act(), author=None))
    assert await evidence.silent() == {
        RecordKind.BACKLOG: frozenset({JIRA}),
        RecordKind.FEEDBACK: frozenset({HELP_DESK}),
    }
    await take(mirror, an_event("2"))
    await hear(mirror, an_act(id_="a-2"))
    assert await evidence.silent() == dict.fromkeys(RecordKind, frozenset())
