"""The records behind a number, with what they are called: page by page, and no text that may not be told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid
from remit.domain.evidence import RecordKind
from remit.domain.feedback import FeedbackState
from remit.domain.ids import AreaKey
from remit.domain.load import Reading
from remit.domain.records import Gone, StatusCategory
from remit.domain.tracing import CountsAs, Part, TracedRecord
from remit.storage.mirror import PostgresMirror
from remit.usecases.ask_signals import NOT_YET
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas, spans_of
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, Snapshot, snapshot
from remit.usecases.take_records import Page, take_records
from remit.usecases.trace_signals import TracedPage, TraceQuestion, trace_signals
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.feedback import DESK, an_item, said

DAY = timedelta(days=1)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
MODEL = A_MODEL.replace(
    "component: Checkout}]", "component: Checkout}], feedback: [{source: zendesk, tags: [payments]}]"
)
ISSUES = (
    an_issue("SHOP-1", created=NOW - 3 * DAY),
    an_issue("SHOP-2", created=NOW - 100 * DAY, updated=NOW - 100 * DAY),
    an_issue("SHOP-3", created=NOW - 5 * DAY, components=("Checkout",), summary="Ask ana@acme.example about it"),
    an_issue("SHOP-4", created=NOW - 9 * DAY, updated=NOW - 9 * DAY, components=("Checkout",)),
)
TICKETS = (
    an_item("t-1", excerpt="It fails."),
    an_item("t-2", excerpt="", triaged_at=NOW - 2 * DAY, state=FeedbackState.TRIAGED),
)


async def a_filled_desk(**said_of_it: PostgresMirror | AClock) -> Desk:
    desk = await a_desk(model=MODEL, **said_of_it)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    await take_records(desk, DESK, said(*TICKETS))
    return desk


def question(
    snap: Snapshot, signal: str, *areas: AreaKey, first: int | None = None, after: str | None = None, days: int = 28
) -> TraceQuestion:
    return TraceQuestion(areas or (SHOP, CHECKOUT), signal, spans_of(snap, days)[0], first, after)


async def traced(
    desk: Desk,
    signal: str,
    *areas: AreaKey,
    moment: Moment | None = None,
    first: int | None = None,
    after: str | None = None,
) -> TracedPage:
    snap = await snapshot(desk, moment or Moment())
    asked = question(snap, signal, *areas, first=first, after=after)
    return (await trace_signals(desk, snap, [asked]))[asked]


async def keys(desk: Desk, signal: str, *areas: AreaKey) -> list[tuple[str, str]]:
    return [(one.key, one.part.counts_as) for one in (await traced(desk, signal, *areas)).records]


async def test_it_is_told_which_issues_are_the_untriaged_ones() -> None:
    desk = await a_filled_desk()
    found = await traced(desk, "untriaged", CHECKOUT)
    issue = TracedRecord(
        JIRA, ISSUES[3].id, RecordKind.BACKLOG, CHECKOUT, "SHOP-4", "What SHOP-4 is about", False,
        Part(CountsAs.UNTRIAGED, 1, 9, False, True, NOW - 9 * DAY, None, None, None),
    )  # fmt: skip
    assert (found.records[0], found.reading, found.limit_days, found.doubt) == (issue, Reading(1, 2), 7, None)
    assert await keys(desk, "untriaged") == [
        ("SHOP-2", "UNTRIAGED"), ("SHOP-4", "UNTRIAGED"), ("SHOP-3", "SAMPLE"), ("SHOP-1", "SAMPLE"),
    ]  # fmt: skip


async def test_areas_are_told_with_their_own_records_or_with_those_of_others() -> None:
    desk = await a_filled_desk()
    assert await keys(desk, "arrivals", SHOP) == [("SHOP-1", "ARRIVAL")]
    assert await keys(desk, "arrivals") == [("SHOP-4", "ARRIVAL"), ("SHOP-3", "ARRIVAL"), ("SHOP-1", "ARRIVAL")]
    assert [one.area for one in (await traced(desk, "arrivals")).records] == [CHECKOUT, CHECKOUT, SHOP]


async def test_feedback_is_told_by_its_id_and_with_as_much_of_its_text_as_is_kept() -> None:
    found = await traced(await a_filled_desk(), "feedback_within_target", CHECKOUT)
    assert [(one.source, one.kind, one.key, one.title, one.part.counts_as, one.part.value, one.part.days) for one in found.records] == [  # noqa: E501
        (DESK, RecordKind.FEEDBACK, "t-1", "It fails.", "PAST_TARGET", 0, 3),
        (DESK, RecordKind.FEEDBACK, "t-2", None, "WITHIN_TARGET", 0.5, 1),
    ]  # fmt: skip
    assert found.reading == Reading(0.5, 2)


async def test_addresses_are_blotted_out_of_titles() -> None:
    found = await traced(await a_filled_desk(), "arrivals", CHECKOUT)
    assert [one.title for one in found.records] == ["What SHOP-4 is about", "Ask [address] about it"]


async def test_of_an_issue_that_is_feedback_too_only_what_is_kept_of_feedback_is_told() -> None:
    desk = await a_filled_desk()
    heard = an_item(ISSUES[0].id, source=JIRA, excerpt="")
    await take_records(desk, JIRA, said(heard))
    found = await traced(desk, "arrivals", SHOP)
    assert [(one.key, one.title) for one in found.records] == [("SHOP-1", None)]


async def test_of_what_is_gone_since_no_text_is_told() -> None:
    clock = AClock()
    desk = await a_filled_desk(clock=clock)
    later = clock.goes_on(days=1)
    await take_records(desk, JIRA, Page(gone=(Gone(JIRA, ISSUES[0].id, later),)))
    then = await traced(desk, "arrivals", SHOP, moment=Moment(NOW))
    assert [(one.key, one.title, one.is_gone) for one in then.records] == [("SHOP-1", None, True)]
    clock.goes_on(days=1)
    assert (await traced(desk, "arrivals", SHOP)).records == ()


async def test_a_changed_record_changes_the_next_answer() -> None:
    clock = AClock()
    desk = await a_filled_desk(clock=clock)
    assert await keys(desk, "open_items", SHOP) == [("SHOP-2", "OPEN"), ("SHOP-1", "OPEN")]
    done = replace(ISSUES[1], category=StatusCategory.DONE, resolved=NOW, updated=NOW)
    clock.goes_on(minutes=1)
    await take_records(desk, JIRA, Page((pulled(done),)))
    assert await keys(desk, "open_items", SHOP) == [("SHOP-1", "OPEN"), ("SHOP-2", "SAMPLE")]
    assert await keys(desk, "completions", SHOP) == [("SHOP-2", "COMPLETION")]


async def test_pages_follow_each_other_to_the_end() -> None:
    desk = await a_filled_desk()
    whole = await traced(desk, "open_items")
    told: list[TracedRecord] = []
    after, more = None, True
    while more:
        found = await traced(desk, "open_items", first=1, after=after)
        told += found.records
        after, more = found.page.cursors[-1], found.page.has_next
        assert (len(found.records), found.page.total, found.reading) == (1, 4, Reading(4, 4))
    assert tuple(told) == whole.records


@pytest.mark.parametrize(
    ("signal", "first", "after"), [("weather", 1, None), ("wip", 201, None), ("wip", 1, "nothing")]
)
async def test_what_cannot_be_asked_is_refused(signal: str, first: int, after: str | None) -> None:
    desk = await a_filled_desk()
    with pytest.raises(Invalid):
        await traced(desk, signal, first=first, after=after)


async def test_nothing_is_told_while_it_is_not_worked_out_how_records_went() -> None:
    found = await traced(await a_desk(items=ISSUES), "arrivals")
    assert (found.records, found.page.total, found.reading, found.doubt) == ((), 0, Reading(None, 0), NOT_YET)


@pytest.mark.parametrize("moment", [Moment(), Moment(NOW - 4 * DAY)], ids=["now", "then"])
async def test_every_number_is_that_of_its_signal(moment: Moment) -> None:
    desk = await a_filled_desk()
    snap = await snapshot(desk, moment)
    below = Question(SHOP, with_below=True)
    measured = await measure_areas(desk, snap, [below])
    assert measured is not None
    for one in measured[below]:
        asked = TraceQuestion(below.areas(snap.model), one.kind.name, one.window)
        found = (await trace_signals(desk, snap, [asked]))[asked]
        assert (one.kind.name, found.reading) == (one.kind.name, one.reading)


async def test_the_statements_grow_neither_with_the_questions_nor_with_the_records(engine: AsyncEngine) -> None:
    desk = await a_filled_desk(mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    some = [question(snap, "arrivals", SHOP), question(snap, "feedback_arrivals", CHECKOUT)]
    many = [question(snap, one, *areas) for one in ("arrivals", "wip", "feedback_arrivals") for areas in ((), (SHOP,))]
    counts = []
    for asked in (some, [*some, *many]):
        with count_statements(engine) as statements:
            await trace_signals(desk, snap, asked)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
