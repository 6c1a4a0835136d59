"""Requests of Jira Service Management, read as feedback."""

from datetime import timedelta

import pytest

from remit.domain.feedback import ActKind, FeedbackAct, FeedbackState, offering
from remit.domain.ids import AreaKey
from remit.domain.records import BacklogEvent, StatusCategory
from remit_integrations.jira.requests import requests
from remit_integrations.keeping import Keeping
from remit_integrations.sync import synchronise
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled
from support.jira_site import a_record, a_site, a_source, served

HOUR = timedelta(hours=1)
TYPES = frozenset({"Support"})


def a_change(change: str, position: int, field: str, to: str | None, author: str | None = "agent") -> BacklogEvent:
    at = NOW + int(change) * HOUR
    return BacklogEvent(JIRA, "1", change, position, at, field, author, to_value=to, to_text=to)


def an_act(change: str, kind: ActKind, author: str | None = "agent") -> FeedbackAct:
    return FeedbackAct(JIRA, "1", change, NOW + int(change) * HOUR, kind, author)


def test_what_agents_did_with_a_request_are_acts() -> None:
    issue = an_issue("SUP-1", id="1", type="Support", reporter="customer")
    events = [
        a_change("1", 0, "assignee", "agent"),
        a_change("2", 0, "status", "Waiting for customer"),
        a_change("3", 0, "status", "Waiting for support", "customer"),
        a_change("4", 0, "resolution", "Done"),
        a_change("4", 1, "status", "Resolved"),
        a_change("5", 0, "resolution", None, None),
        a_change("6", 0, "labels", "a"),
    ]
    _, acts = requests([pulled(issue)], events, TYPES, Keeping())
    assert acts == (
        an_act("1", ActKind.TRIAGED),
        an_act("2", ActKind.ANSWERED),
        an_act("4", ActKind.CLOSED),
        an_act("5", ActKind.REOPENED, None),
    )


@pytest.mark.parametrize(
    ("status", "category", "events", "state"),
    [
        ("Open", StatusCategory.NEW, [], FeedbackState.NEW),
        ("Open", StatusCategory.NEW, [a_change("1", 0, "assignee", "agent")], FeedbackState.TRIAGED),
        ("Working", StatusCategory.IN_PROGRESS, [], FeedbackState.TRIAGED),
        ("Waiting for customer", StatusCategory.IN_PROGRESS, [], FeedbackState.ANSWERED),
        ("Resolved", StatusCategory.DONE, [], FeedbackState.CLOSED),
        ("Odd", StatusCategory.UNKNOWN, [], FeedbackState.NEW),
    ],
)
def test_how_far_a_request_has_come(
    status: str, category: StatusCategory, events: list[BacklogEvent], state: FeedbackState
) -> None:
    issue = an_issue("SUP-1", id="1", type="Support", status=status, category=category, labels=("billing",))
    (told,), _ = requests([pulled(issue)], events, TYPES, Keeping())
    assert (told.item.state, told.item.excerpt) == (state, "What SUP-1 is about")
    assert told.item.offers == offering(labels=["billing"], projects=["SUP"], types=["Support"])


def test_other_issues_are_no_feedback() -> None:
    event = a_change("1", 0, "assignee", "agent")
    assert requests([pulled(an_issue("SHOP-1", id="1"))], [event], TYPES, Keeping()) == ((), ())


async def test_a_request_is_kept_as_feedback_and_as_an_issue() -> None:
    site = a_site(a_record(1, "SUP", issuetype={"name": "Support"}), a_record(2, "SUP"))
    desk = await a_desk(synchronised=False)
    async with served(site) as server:
        done = await synchronise(desk, a_source(server.url, site, feedback_types="Support, Incident"))
    assert (done.seen, done.changed) == (2, 2)
    assert set(await desk.mirror.feedback.by_ids(JIRA, ["10001", "10002"])) == {"10001"}
    assert set(await desk.mirror.by_keys(["SUP-1", "SUP-2"])) == {"SUP-1", "SUP-2"}


async def test_it_counts_as_what_the_settings_make_of_it_now() -> None:
    model = A_MODEL.replace("project: SHOP}]", "project: SUP}], feedback: [{source: jira, types: [Support]}]", 1)
    site = a_site(a_record(1, "SUP", issuetype={"name": "Support"}), a_record(2, "SUP", issuetype={"name": "Incident"}))
    desk = await a_desk(model=model, synchronised=False)
    counted = []
    async with served(site) as server:
        for types in ("", "Support", "Incident"):
            await synchronise(desk, a_source(server.url, site, feedback_types=types))
            courses = await desk.evidence.courses([AreaKey("shop")])
            there = zip(courses.is_feedback, courses.created, courses.gone, strict=True)
            counted.append(sorted(is_feedback for is_feedback, came, gone in there if gone > came))
    assert counted == [[False, False], [False, True], [False]]  # no area asks for feedback of the type Incident
