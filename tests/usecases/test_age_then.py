"""How old an answer is at an earlier `knownAt`: as old as it was to whoever asked then (R45)."""

from datetime import datetime, timedelta

import pytest

from remit.domain.answers import Freshness, IssueOwnership, Outcome, Reason
from remit.domain.ids import ResponsibilityKey
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import JIRA, NOW, AClock, a_desk, an_issue

DAY = timedelta(days=1)
INNOVATION = [ResponsibilityKey("innovation")]


@pytest.fixture
async def desk() -> Desk:
    """Read completely on day 0, 1 and 20; it failed on day 25, and it is day 30."""
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1")])
    for day in (1, 20):
        await desk.mirror.succeeded(JIRA, NOW + day * DAY, b"a cursor")
    await desk.mirror.attempted(JIRA, NOW + 25 * DAY, "it is down")
    clock.goes_on(days=30)
    return desk


async def ask(desk: Desk, as_of: datetime | None, known_at: datetime | None) -> IssueOwnership:
    snap = await snapshot(desk, Moment(as_of, known_at))
    return (await issue_ownership(desk, snap, ["SHOP-1"], INNOVATION))["SHOP-1"]


@pytest.mark.parametrize(
    ("day", "read", "degraded"),
    [
        (0.01, 0, False),
        (0.5, 0, True),
        (1, 1, False),
        (3, 1, True),
        (19, 1, True),
        (20.01, 20, False),
        (26, 20, True),
        (None, 20, True),
    ],
)
async def test_an_answer_is_as_old_as_it_was(desk: Desk, day: float | None, read: int, degraded: bool) -> None:
    known_at = NOW + day * DAY if day is not None else None
    fresh = (await ask(desk, NOW, known_at)).freshness
    success = NOW + read * DAY
    age = int(((known_at or NOW + 30 * DAY) - success).total_seconds())
    assert fresh == Freshness(success, age, ("jira",) if degraded else (), fresh.model_version)


@pytest.mark.parametrize(
    ("as_of", "known_at", "outcome"),
    [
        (None, 3, Outcome.OWNED),
        (None, 8, Outcome.OWNED),
        (None, 9, Outcome.UNKNOWN),
        (8, 9, Outcome.OWNED),
        (9, 19, Outcome.UNKNOWN),
        (9, 20, Outcome.OWNED),
        (9, None, Outcome.OWNED),
        (None, None, Outcome.UNKNOWN),
    ],
)
async def test_r45_what_was_too_old_to_say_then_is_not_said_now_and_what_was_said_is(
    desk: Desk, as_of: int | None, known_at: int | None, outcome: Outcome
) -> None:
    times = [None if day is None else NOW + day * DAY for day in (as_of, known_at)]
    (answer,) = (await ask(desk, *times)).ownership
    assert answer.outcome is outcome
    assert (answer.trace[0].reason is Reason.TOO_OLD) is (outcome is Outcome.UNKNOWN)


async def test_a_moment_to_come_has_the_age_of_now(desk: Desk) -> None:
    assert (await ask(desk, NOW, NOW + 90 * DAY)).freshness == (await ask(desk, NOW, None)).freshness
