"""An issue that was gone and came back: what is said of the time it was gone, and what was said then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from remit.domain.answers import Outcome, Reason
from remit.domain.ids import ResponsibilityKey
from remit.domain.records import Gone, Loss
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import JIRA, NOW, AClock, a_desk, a_page, an_issue

BACKLOG = ResponsibilityKey("backlog_management")
HOUR = timedelta(hours=1)
ISSUE = an_issue("SHOP-1")
WENT, CAME_BACK, ASKED = 1, 3, 6
"""Hours from now."""


async def lost_and_found() -> Desk:
    desk = await a_desk(clock=AClock(NOW + ASKED * HOUR))
    await desk.mirror.take(a_page(ISSUE))
    loss = replace(a_page(at=NOW + WENT * HOUR), gone=(Gone(JIRA, ISSUE.id, NOW + WENT * HOUR, Loss.DELETED),))
    await desk.mirror.take(loss)
    back = NOW + CAME_BACK * HOUR
    await desk.mirror.take(a_page(ISSUE, at=back, asked_at=back))
    return desk


@pytest.mark.parametrize(
    ("as_of", "known_at", "gone"),
    [
        (None, None, False),
        (0, None, False),
        (1, None, True),
        (2, None, True),
        (3, None, False),
        (4, None, False),
        (2, 2, True),
        (4, 2, True),  # that it would be back was not known yet
        (2, 0, False),  # nor that it would go
        (4, 3, False),
        (0, 4, False),
        (None, 2, True),
    ],
)
async def test_it_is_unknown_as_long_as_it_was_gone_and_as_long_as_that_was_believed(
    as_of: int | None, known_at: int | None, gone: bool
) -> None:
    desk = await lost_and_found()
    moment = Moment(*(NOW + hours * HOUR if hours is not None else None for hours in (as_of, known_at)))
    (answer,) = (await issue_ownership(desk, await snapshot(desk, moment), ["SHOP-1"], [BACKLOG]))["SHOP-1"].ownership
    assert (answer.outcome is Outcome.UNKNOWN) == gone
    assert (Reason.DELETED in [candidate.reason for candidate in answer.trace]) == gone
