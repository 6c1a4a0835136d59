"""What an issue's or a piece of feedback's course is, the odd ones included: see docs/signals.md, "Odd records"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Reference, SeenEvent, StatusCategory
from remit.resolution.courses import NO_STATUSES, Statuses, backlog_course, feedback_course, statuses
from support.desks import JIRA, NOW, an_issue

DAY = timedelta(days=1)
BORN = NOW - 100 * DAY
SHOP = AreaKey("shop")
NEW, UNDER_WAY, DONE = Phase.NEW, Phase.UNDER_WAY, Phase.DONE
KNOWN = Statuses(
    {"1": StatusCategory.NEW, "2": StatusCategory.IN_PROGRESS, "3": StatusCategory.DONE},
    {"Open": StatusCategory.NEW, "Doing": StatusCategory.IN_PROGRESS, "Closed": StatusCategory.DONE},
)
IDS = {"Open": "1", "Doing": "2", "Closed": "3"}
CATEGORIES = {"Open": StatusCategory.NEW, "Doing": StatusCategory.IN_PROGRESS, "Closed": StatusCategory.DONE}


def an_item(status: str = "Open", **said: Any) -> BacklogItem:
    category = CATEGORIES.get(status, StatusCategory.UNKNOWN)
    item = an_issue("SHOP-1", created=BORN, updated=NOW, reporter="rita", status=status, category=category)
    return replace(item, **said)


def a_change(day: float, field: str = "status", author: str | None = "ana", **said: Any) -> SeenEvent:
    at = BORN + day * DAY
    event = BacklogEvent(JIRA, an_item().id, f"{1000 + int(day * 10)}", 0, at, field, author, **said)
    return SeenEvent(event, NOW)


def moves(*told: tuple[float, str, str]) -> list[SeenEvent]:
    """Changes of the status: on which day, from what, to what."""
    return [
        a_change(day, from_value=IDS.get(was, "99"), from_text=was, to_value=IDS.get(to, "99"), to_text=to)
        for day, was, to in told
    ]


def course(item: BacklogItem, events: Sequence[SeenEvent] = (), known: Statuses = KNOWN) -> Course:
    return backlog_course(item, events, known, SHOP, NOW)


def steps(told: Course) -> list[tuple[float, Phase]]:
    """By the day after the creation."""
    return [((at - BORN) / DAY, phase) for at, phase in told.steps]


def test_an_issue_that_is_begun_and_done() -> None:
    told = course(an_item("Closed"), moves((3, "Open", "Doing"), (8, "Doing", "Closed")))
    assert told == Course(
        JIRA,
        an_item().id,
        RecordKind.BACKLOG,
        SHOP,
        BORN,
        NOW,
        ((BORN + 3 * DAY, UNDER_WAY), (BORN + 8 * DAY, DONE)),
        touched_at=BORN + 3 * DAY,
        has_history=True,
    )


def test_statuses_of_one_category_are_one_phase() -> None:
    known = Statuses({**KNOWN.by_id, "4": StatusCategory.IN_PROGRESS, "5": StatusCategory.DONE}, KNOWN.by_name)
    path = [
        a_change(day, from_value=was, to_value=to)
        for day, was, to in ((3, "1", "2"), (4, "2", "4"), (8, "4", "3"), (9, "3", "5"))
    ]
    assert steps(course(an_item("Closed"), path, known)) == [(3, UNDER_WAY), (8, DONE)]


def test_a_reopened_issue_is_under_way_again() -> None:
    path = moves((3, "Open", "Doing"), (8, "Doing", "Closed"), (20, "Closed", "Doing"), (30, "Doing", "Closed"))
    assert steps(course(an_item("Closed"), path)) == [(3, UNDER_WAY), (8, DONE), (20, UNDER_WAY), (30, DONE)]


def test_an_issue_may_be_done_without_ever_having_been_begun() -> None:
    assert steps(course(an_item("Closed"), moves((8, "Open", "Closed")))) == [(8, DONE)]


def test_an_issue_that_was_created_under_way_began_when_it_was_created() -> None:
    assert steps(course(an_item("Closed"), moves((8, "Doing", "Closed")))) == [(0, UNDER_WAY), (8, DONE)]


@pytest.mark.parametrize(
    ("item", "events", "expected", "is_dated"),
    [
        (an_item("Open"), [], [], True),
        (an_item("Closed", resolved=BORN + 9 * DAY), [], [(9, DONE)], True),
        (an_item("Closed"), [], [(100, DONE)], False),
        (an_item("Doing"), [], [(100, UNDER_WAY)], False),
        (an_item("Doing", updated=BORN), [], [(0, UNDER_WAY)], True),
        (an_item("Doing"), [a_change(5, "labels")], [(0, UNDER_WAY)], True),
        (an_item("Closed"), [a_change(5, "labels")], [(0, DONE)], True),
    ],
    ids=[
        "open",
        "done when it was resolved",
        "done at some time",
        "begun at some time",
        "never changed since it was begun",
        "changed, but never its status: created under way",
        "changed, but never its status: created done",
    ],
)
def test_without_a_change_of_the_status_the_issue_itself_says_where_it_is(
    item: BacklogItem, events: list[SeenEvent], expected: list[tuple[float, Phase]], is_dated: bool
) -> None:
    told = course(item, events)
    assert (steps(told), told.is_dated, told.has_history) == (expected, is_dated, bool(events))


def test_a_status_that_nobody_knows_leaves_the_issue_where_it_was() -> None:
    path = moves((3, "Open", "Doing"), (5, "Doing", "Limbo"), (8, "Limbo", "Closed"))
    assert steps(course(an_item("Closed"), path)) == [(3, UNDER_WAY), (8, DONE)]


def test_the_category_of_the_issues_own_status_is_known_from_the_issue() -> None:
    item = an_item("Shipped", category=StatusCategory.DONE)
    assert steps(course(item, moves((3, "Open", "Doing"), (8, "Doing", "Shipped")), NO_STATUSES)) == [(8, DONE)]


def test_a_status_is_found_by_its_name_where_its_id_is_not_known() -> None:
    path = [a_change(3, to_value="77", to_text="Doing", from_value="76", from_text="Open")]
    assert steps(course(an_item("Doing"), path)) == [(3, UNDER_WAY)]


def test_a_history_that_does_not_lead_to_what_the_issue_is_ends_undated_at_its_last_update() -> None:
    told = course(an_item("Doing"), moves((8, "Open", "Closed")))
    assert (steps(told), told.is_dated) == ([(8, DONE), (100, UNDER_WAY)], False)


def test_a_history_that_ends_before_the_resolution_ends_with_it() -> None:
    told = course(an_item("Closed", resolved=BORN + 20 * DAY), moves((3, "Open", "Doing")))
    assert (steps(told), told.is_dated) == ([(3, UNDER_WAY), (20, DONE)], True)


def test_an_issue_without_a_category_is_done_when_it_is_resolved() -> None:
    item = an_item("Limbo", resolved=BORN + 20 * DAY)
    assert steps(course(item)) == [(20, DONE)]
    assert steps(course(replace(item, resolved=None))) == []


def test_what_is_dated_before_the_creation_happened_with_it() -> None:
    told = course(an_item("Closed"), moves((-5, "Open", "Doing"), (8, "Doing", "Closed")))
    assert (steps(told), told.touched_at) == ([(0, UNDER_WAY), (8, DONE)], BORN)


def test_what_is_dated_after_it_was_read_happened_when_it_was_read() -> None:
    told = course(an_item("Doing"), moves((400, "Open", "Doing")))
    assert (steps(told), told.touched_at) == ([(100, UNDER_WAY)], NOW)


def test_an_issue_that_says_it_will_be_created_was_created_when_it_was_first_read() -> None:
    assert course(an_item(created=NOW + DAY)).created == NOW


@pytest.mark.parametrize(
    ("field", "author", "touches"),
    [
        ("status", "ana", True),
        ("Rank", "ana", True),
        ("Story Points", "ana", True),
        ("labels", "ana", True),
        ("priority", "rita", False),
        ("assignee", None, True),
        ("description", "ana", False),
        ("Sprint", "ana", False),
    ],
)
def test_an_issue_is_touched_by_anybody_but_its_reporter(field: str, author: str | None, touches: bool) -> None:
    told = course(an_item(), [a_change(5, field, author)])
    assert told.touched_at == (BORN + 5 * DAY if touches else None)


def test_a_field_of_the_site_that_is_called_status_is_none() -> None:
    event = a_change(3, field_id="customfield_10050", to_text="Closed", to_value="3")
    assert steps(course(an_item("Open"), [event])) == []


def test_a_name_that_statuses_of_two_categories_share_says_nothing() -> None:
    told = [
        Reference(JIRA, "status", "1", "Open", b"", category=StatusCategory.NEW),
        Reference(JIRA, "status", "2", "Review", b"", category=StatusCategory.IN_PROGRESS),
        Reference(JIRA, "status", "3", "Review", b"", category=StatusCategory.DONE),
        Reference(JIRA, "status", "4", "Lost", b""),
        Reference(JIRA, "project", "5", "Open", b""),
    ]
    found = statuses(told)
    assert found == Statuses(
        {"1": StatusCategory.NEW, "2": StatusCategory.IN_PROGRESS, "3": StatusCategory.DONE},
        {"Open": StatusCategory.NEW},
    )
    assert len({found.digest, NO_STATUSES.digest, statuses(told[:2]).digest}) == 3


DESK = SourceName("helpdesk")


def a_piece(state: FeedbackState = FeedbackState.NEW, **said: datetime) -> FeedbackItem:
    return FeedbackItem(DESK, "7", BORN, NOW, state, **said)


def an_act(day: float, kind: ActKind, author: str | None = "an-agent") -> FeedbackAct:
    return FeedbackAct(DESK, "7", f"act-{day}", BORN + day * DAY, kind, author)


def heard(item: FeedbackItem, *acts: FeedbackAct) -> Course:
    return feedback_course(item, acts, SHOP, NOW)


def test_feedback_goes_from_new_by_triage_to_an_answer() -> None:
    item = a_piece(FeedbackState.ANSWERED, triaged_at=BORN + DAY, answered_at=BORN + 3 * DAY)
    assert heard(item) == Course(
        DESK,
        "7",
        RecordKind.FEEDBACK,
        SHOP,
        BORN,
        NOW,
        ((BORN + DAY, UNDER_WAY), (BORN + 3 * DAY, DONE)),
        touched_at=BORN + DAY,
        has_history=True,
    )


def test_feedback_that_nobody_looked_at_is_new_and_untouched() -> None:
    told = heard(a_piece())
    assert (told.steps, told.touched_at, told.is_dated, told.has_history) == ((), None, True, False)


def test_acts_tell_what_the_item_leaves_out() -> None:
    acts = [
        an_act(9, ActKind.ANSWERED),
        an_act(2, ActKind.TRIAGED),
        an_act(5, ActKind.CLOSED),
        an_act(7, ActKind.REOPENED),
    ]
    told = heard(a_piece(FeedbackState.ANSWERED), *acts)
    assert steps(told) == [(2, UNDER_WAY), (5, DONE), (7, UNDER_WAY), (9, DONE)]
    assert told.touched_at == BORN + 2 * DAY


def test_feedback_that_is_closed_at_no_known_time_was_so_by_its_last_update() -> None:
    told = heard(a_piece(FeedbackState.CLOSED))
    assert (steps(told), told.touched_at, told.is_dated) == ([(100, DONE)], NOW, False)


def test_an_answer_before_the_feedback_came_counts_as_given_at_once() -> None:
    told = heard(a_piece(FeedbackState.ANSWERED, answered_at=BORN - DAY))
    assert (steps(told), told.touched_at) == ([(0, DONE)], BORN)


EVENTS = st.lists(
    st.builds(
        lambda day, was, to, author: a_change(
            day, author=author, from_value=IDS.get(was), from_text=was, to_value=IDS.get(to), to_text=to
        ),
        st.integers(-20, 400),
        st.sampled_from(["Open", "Doing", "Closed", "Limbo"]),
        st.sampled_from(["Open", "Doing", "Closed", "Limbo"]),
        st.sampled_from(["ana", "rita", None]),
    ),
    max_size=6,
)


@given(st.sampled_from(["Open", "Doing", "Closed", "Limbo"]), EVENTS, st.none() | st.integers(-5, 400), st.randoms())
def test_whatever_a_history_says_the_course_is_in_order_and_does_not_depend_on_the_order_it_is_told_in(
    status: str, events: list[SeenEvent], resolved: int | None, dice: Any
) -> None:
    item = an_item(status, resolved=BORN + resolved * DAY if resolved is not None else None)
    told = course(item, events)
    instants = [told.created, *(at for at, _ in told.steps)]
    assert instants == sorted(instants)
    phases = [NEW, *(phase for _, phase in told.steps)]
    assert all(was is not to for was, to in pairwise(phases))
    assert told.touched_at is None or told.created <= told.touched_at <= NOW
    by_change = list({seen.event.change_id: seen for seen in events}.values())
    shuffled = dice.sample(by_change, len(by_change))
    assert course(item, shuffled) == course(item, by_change)
