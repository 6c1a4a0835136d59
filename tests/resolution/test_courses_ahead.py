"""What is told of an issue or a piece of feedback as if it were still to come happened when it was read."""

from datetime import datetime, timedelta

import pytest

from remit.domain.evidence import Phase
from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.ids import AreaKey
from remit.domain.records import BacklogItem, StatusCategory
from remit.resolution.courses import NO_STATUSES, backlog_course, feedback_course
from support.desks import JIRA, NOW, an_issue

DAY = timedelta(days=1)
BORN, READ, LATER = NOW - 100 * DAY, NOW - 40 * DAY, NOW + 400 * DAY
SHOP = AreaKey("shop")
DONE, UNDER_WAY = (READ, Phase.DONE), (READ, Phase.UNDER_WAY)
BEGUN = (BORN + DAY, Phase.UNDER_WAY)


def closed(updated: datetime = READ, resolved: datetime | None = None) -> BacklogItem:
    return an_issue(
        "SHOP-1", status="Closed", category=StatusCategory.DONE, created=BORN, updated=updated, resolved=resolved
    )


@pytest.mark.parametrize(
    ("item", "step", "is_dated"),
    [
        (closed(resolved=LATER), DONE, True),
        (closed(LATER, resolved=LATER), DONE, True),
        (closed(LATER), DONE, False),
        (an_issue("SHOP-1", category=StatusCategory.IN_PROGRESS, created=BORN, updated=LATER), UNDER_WAY, False),
    ],
    ids=["resolved", "updated and resolved", "done and updated", "in progress and updated"],
)
def test_what_an_issue_says_of_itself(item: BacklogItem, step: tuple[datetime, Phase], is_dated: bool) -> None:
    told = backlog_course(item, (), NO_STATUSES, SHOP, NOW, read_at=READ)
    assert (told.steps, told.is_dated, told.updated) == ((step,), is_dated, READ)


@pytest.mark.parametrize(
    ("item", "steps"),
    [
        (FeedbackItem(JIRA, "7", BORN, READ, FeedbackState.TRIAGED, triaged_at=LATER), (UNDER_WAY,)),
        (FeedbackItem(JIRA, "7", BORN, LATER, FeedbackState.CLOSED), (DONE,)),
        (
            FeedbackItem(JIRA, "7", BORN, LATER, FeedbackState.CLOSED, triaged_at=BEGUN[0], closed_at=LATER),
            (BEGUN, DONE),
        ),
    ],
    ids=["triaged", "closed, and only updated", "closed"],
)
def test_what_feedback_says_of_itself(item: FeedbackItem, steps: tuple[tuple[datetime, Phase], ...]) -> None:
    told = feedback_course(item, (), SHOP, NOW, read_at=READ)
    assert (told.steps, told.touched_at, told.updated) == (steps, steps[0][0], READ)
