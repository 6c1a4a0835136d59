"""What was recorded today about the past changes what was true then, but not what was believed then."""

from datetime import timedelta

import pytest

from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.usecases.apply_model import apply
from remit.usecases.ask_ownership import area_ownership, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import NOW, AClock, a_desk, an_issue

INNOVATION = ResponsibilityKey("innovation")
PAYMENTS = AreaKey("payments")
WEEK = timedelta(days=7)
BEGUN = NOW
TODAY = NOW + 10 * WEEK
LAST_WEEK = TODAY - WEEK
LAST_MONTH = TODAY - 4 * WEEK

MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management}
  - {key: bea, name: Bea, function: product_management}
areas:
  - {key: payments, name: Payments, kind: team, parent: acme, jira: [{project: PAY}]}
assignments:
"""
ROW = "  - {area: payments, responsibility: innovation, function: product_management, owner: %s}\n"
AT_FIRST = MODEL + ROW % "ana"
CORRECTED = MODEL + ROW % f'ana, to: "{LAST_MONTH:%F}"' + ROW % f'bea, from: "{LAST_MONTH:%F}"'
"""That Bea took over from Ana last month."""

MOMENTS = [
    pytest.param(Moment(), "bea", id="now"),
    pytest.param(Moment(as_of=LAST_MONTH), "bea", id="last month, as we know today"),
    pytest.param(Moment(as_of=LAST_MONTH, known_at=LAST_WEEK), "ana", id="last month, as we knew last week"),
    pytest.param(Moment(known_at=LAST_WEEK), "ana", id="now, as we knew last week"),
    pytest.param(Moment(as_of=LAST_MONTH - WEEK), "ana", id="before that"),
    pytest.param(Moment(as_of=LAST_MONTH, known_at=TODAY), "bea", id="last month, as we know since the correction"),
]


async def corrected_today() -> Desk:
    clock = AClock(BEGUN)
    desk = await a_desk(clock=clock, model=AT_FIRST, items=[an_issue("PAY-1")], unknown_after=20 * WEEK)
    clock.now = TODAY
    await apply(desk, CORRECTED, actor="ana", reason="Bea took over last month; it was forgotten")
    return desk


@pytest.mark.parametrize(("moment", "accountable"), MOMENTS)
async def test_an_area_answers_to_both_times(moment: Moment, accountable: str) -> None:
    desk = await corrected_today()
    answer = (await area_ownership(desk, await snapshot(desk, moment), [PAYMENTS]))[PAYMENTS][INNOVATION]
    assert answer.accountable is not None
    assert answer.accountable.key == accountable


@pytest.mark.parametrize(("moment", "accountable"), MOMENTS)
async def test_so_does_an_issue_of_that_area(moment: Moment, accountable: str) -> None:
    desk = await corrected_today()
    answer = (await issue_ownership(desk, await snapshot(desk, moment), ["PAY-1"], [INNOVATION]))["PAY-1"]
    assert answer.ownership[0].accountable is not None
    assert answer.ownership[0].accountable.key == accountable
