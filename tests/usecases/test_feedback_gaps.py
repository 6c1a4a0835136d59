"""Feedback that counts in the load of no area, as every door asks for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from remit.domain.changes import SetFeedbackSelectors
from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.records import Gone
from remit.usecases.apply_model import apply
from remit.usecases.ask_gaps import GapQuestion, gaps
from remit.usecases.desk import Desk
from remit.usecases.simulate import simulate
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk
from support.feedback import DESK, an_item, said
from support.findings import brief

ASKING = A_MODEL.replace("parent: acme, ", "parent: acme, feedback: [{source: zendesk, tags: [payments]}], ")


async def found(desk: Desk, under: str | None = None) -> Sequence[Gap]:
    question = GapQuestion(frozenset({GapKind.UNMATCHED_FEEDBACK}), AreaKey(under) if under is not None else None)
    return (await gaps(desk, await snapshot(desk, Moment()), [question]))[question].found


async def told(desk: Desk, under: str | None = None) -> list[str]:
    return [brief(gap) for gap in await found(desk, under)]


async def a_desk_with_feedback(*items: FeedbackItem, model: str = A_MODEL, **settings: Any) -> Desk:
    desk = await a_desk(model=model, sources=((JIRA, "jira"), (DESK, "zendesk")), **settings)
    await take_records(desk, DESK, said(*items))
    return desk


async def test_feedback_that_no_area_asks_for_is_told_as_far_as_load_would_count_it() -> None:
    long_ago = NOW - timedelta(days=60)
    desk = await a_desk_with_feedback(
        an_item("1"),
        an_item("2", created=long_ago, state=FeedbackState.TRIAGED),
        an_item("3", state=FeedbackState.CLOSED),
        an_item("4", created=long_ago, state=FeedbackState.ANSWERED),
    )
    assert [gap.message for gap in await found(desk)] == [
        "3 pieces of feedback of zendesk belong to no area (3 with tags 'payments'): give an area a selector for them."
    ]
    assert await told(desk, "shop") == []


async def test_feedback_that_is_placed_or_gone_is_no_gap() -> None:
    desk = await a_desk_with_feedback(an_item("1"), an_item("2", tags=("cards",)), model=ASKING)
    assert await told(desk, "shop") == ["UNMATCHED_FEEDBACK shop 1"]
    await take_records(desk, DESK, Page(gone=(Gone(DESK, "2", NOW),)))
    assert await told(desk) == []


async def test_what_is_left_of_a_source_that_is_not_in_use_is_no_gap() -> None:
    desk = await a_desk_with_feedback(an_item())
    assert await told(desk) == ["UNMATCHED_FEEDBACK None 1"]
    assert await told(replace(desk, sources=())) == []
    await apply(desk, ASKING.replace("[payments]", "[cards]"), actor="test", reason="in use again")
    assert await told(replace(desk, sources=())) == ["UNMATCHED_FEEDBACK shop 1"]


async def test_selectors_tell_by_how_much_the_gap_would_shrink() -> None:
    desk = await a_desk_with_feedback(an_item("1"), an_item("2", tags=("cards",)), an_item("3"))
    would = [SetFeedbackSelectors(area="shop", feedback=(("zendesk", (("tags", ("payments",)),)),))]
    foreseen = await simulate(desk, would)
    assert [brief(gap) for gap in foreseen.difference.closed] == ["UNMATCHED_FEEDBACK None 2"]
    assert foreseen.difference.opened == ()
