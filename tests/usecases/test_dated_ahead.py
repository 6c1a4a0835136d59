"""What is dated after it was read, as by a clock that is ahead, happened when it was read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.feedback import ActKind, FeedbackItem, FeedbackState
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import BacklogItem, StatusCategory
from remit.ports import MirrorStore
from remit.storage.mirror import PostgresMirror
from remit.usecases.ask_signals import area_signals
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.feedback import DESK, an_act, an_item, said
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
LATER = NOW + 400 * DAY
CLOSED: dict[str, Any] = {"status": "Closed", "category": StatusCategory.DONE, "created": NOW - 40 * DAY}
MODEL = A_MODEL.replace(
    "jira: [{project: SHOP}]", "jira: [{project: SHOP}], feedback: [{source: zendesk, tags: [payments]}]"
)


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


async def an_hour_later(mirror: MirrorStore, page: Page, source: SourceName = JIRA) -> Desk:
    clock = AClock()
    desk = await a_desk(mirror=mirror, model=MODEL, clock=clock)
    await take_records(desk, source, page)
    clock.goes_on(hours=1)
    return desk


async def told(desk: Desk, *names: str) -> list[float | None]:
    snap = await snapshot(desk, Moment())
    question = Question(AreaKey("shop"))
    found = {one.name: one.value for one in (await area_signals(desk, snap, [question]))[question]}
    return [found[name] for name in names]


@pytest.mark.parametrize(
    ("item", "completions"),
    [
        (an_issue("SHOP-1", resolved=LATER, **CLOSED), 1.0),
        (an_issue("SHOP-1", resolved=LATER, **CLOSED | {"updated": LATER}), 1.0),
        (an_issue("SHOP-1", **CLOSED | {"updated": LATER}), 0.0),
    ],
    ids=["resolved ahead", "both ahead", "updated ahead, at no known time"],
)
async def test_an_issue_that_is_done_in_the_future_is_done(
    item: BacklogItem, completions: float, mirror: MirrorStore
) -> None:
    desk = await an_hour_later(mirror, Page((pulled(item),)))
    assert await told(desk, "open_items", "completions") == [0.0, completions]


async def test_an_issue_that_was_updated_in_the_future_is_stale_30_days_after_it_was_read(mirror: MirrorStore) -> None:
    desk = await an_hour_later(mirror, Page((pulled(an_issue("SHOP-1", updated=LATER)),)))
    before = await told(desk, "stale_items")
    assert (before, await told(replace(desk, clock=lambda: NOW + 31 * DAY), "stale_items")) == ([0.0], [1.0])


@pytest.mark.parametrize(
    "item",
    [
        an_item(state=FeedbackState.TRIAGED, triaged_at=LATER),
        an_item(state=FeedbackState.ANSWERED, answered_at=LATER),
        an_item(state=FeedbackState.CLOSED, updated=LATER),
    ],
    ids=["triaged", "answered", "closed, and only updated"],
)
async def test_feedback_that_is_looked_at_in_the_future_is_looked_at(item: FeedbackItem, mirror: MirrorStore) -> None:
    desk = await an_hour_later(mirror, said(item), DESK)
    assert await told(desk, "feedback_untriaged", "feedback_arrivals") == [0.0, 1.0]


async def test_an_act_of_the_future_was_done_when_it_was_read_and_stays_so(mirror: MirrorStore) -> None:
    act = an_act(kind=ActKind.ANSWERED, at=LATER)
    desk = await an_hour_later(mirror, said(an_item(), acts=(act,)), DESK)
    await take_records(desk, DESK, said(an_item(), acts=(act,)))
    held = (await desk.mirror.feedback.by_ids(DESK, ["1"]))["1"]
    assert (held.acts, await told(desk, "feedback_untriaged")) == ((replace(act, at=NOW),), [0.0])


async def test_what_comes_later_of_it_does_not_move_it(mirror: MirrorStore) -> None:
    item = an_item(state=FeedbackState.TRIAGED, triaged_at=LATER)
    desk = await an_hour_later(mirror, said(item), DESK)
    before = await desk.evidence.courses([AreaKey("shop")])
    act = an_act(at=NOW, id_="a-2")
    await take_records(desk, DESK, said(item, acts=(act,)))
    after = await desk.evidence.courses([AreaKey("shop")])
    assert (list(after.step_at), list(after.updated)) == (list(before.step_at), list(before.updated))
