"""Whose load became another: told by tables; that the clock went on is no reason."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from remit.domain.ids import OwnerKey
from remit.domain.load import LoadBrief, LoadShift, Verdict
from remit.resolution.load_shifts import Lasting, Weighed, end_of_day, shifts

PAT = OwnerKey("pat")


def brief(verdict: Verdict = Verdict.OK, hours: float | None = 20.0, capacity: float | None = 40.0) -> LoadBrief:
    utilisation = hours / capacity if hours is not None and capacity else None
    return LoadBrief(verdict, hours, capacity, utilisation, 0.5 if hours is not None else None)


def a_weight(verdict: Verdict = Verdict.OK, hours: float | None = 20.0, capacity: float | None = 40.0) -> Weighed:
    told = brief(verdict, hours, capacity)
    return Weighed(told, Lasting(told.demand_hours, told.capacity_hours, told.operational_share))


CALM = a_weight()
LATER_THAT_DAY = replace(CALM, told=replace(CALM.told, demand_hours=19.5, capacity_hours=39.0, utilisation=0.5))


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        (CALM, CALM, False),
        (CALM, LATER_THAT_DAY, False),
        (CALM, a_weight(hours=20.0 + 2**-20), True),
        (CALM, a_weight(capacity=32.0), True),
        (CALM, replace(CALM, lasting=replace(CALM.lasting, operational_share=0.25)), True),
        (CALM, replace(CALM, told=replace(CALM.told, verdict=Verdict.WATCH)), True),
        (CALM, a_weight(Verdict.UNKNOWN), True),
        (a_weight(Verdict.UNKNOWN), CALM, True),
        (CALM, a_weight(Verdict.UNKNOWN, hours=None), True),
        (a_weight(Verdict.UNKNOWN, None), a_weight(Verdict.UNKNOWN, None), False),
        (None, CALM, True),
        (CALM, None, True),
    ],
    ids=[
        "nothing", "the clock", "a grain of demand", "capacity", "operational share", "verdict by the clock alone",
        "in doubt", "no longer in doubt", "no longer told", "still not told", "somebody new", "somebody gone",
    ],
)  # fmt: skip
def test_a_load_is_another_when_its_verdict_is_or_what_it_rests_on(
    was: Weighed | None, now: Weighed | None, is_told: bool
) -> None:
    found = shifts({PAT: was} if was else {}, {PAT: now} if now else {})
    assert found == ((LoadShift(PAT, was.told if was else None, now.told if now else None),) if is_told else ())


def test_other_verdicts_come_first_then_the_most_loaded_then_the_key() -> None:
    after = {
        OwnerKey("b"): a_weight(hours=21.0),
        OwnerKey("a"): a_weight(hours=21.0),
        OwnerKey("most"): a_weight(hours=30.0),
        OwnerKey("boundless"): a_weight(Verdict.OK, 90.0, None),
        OwnerKey("watched"): a_weight(Verdict.WATCH, hours=10.0),
        OwnerKey("still"): CALM,
    }
    found = shifts(dict.fromkeys(after, CALM), after)
    assert [one.person for one in found] == ["watched", "most", "a", "b", "boundless"]


@pytest.mark.parametrize(
    ("at", "zone", "ends"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "UTC", datetime(2026, 11, 24, tzinfo=UTC)),
        (datetime(2026, 11, 23, tzinfo=UTC), "UTC", datetime(2026, 11, 24, tzinfo=UTC)),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Europe/Berlin", datetime(2026, 11, 24, 23, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
    ids=["noon", "midnight", "another day there", "a day of 25 hours"],
)
def test_a_day_ends_where_the_organisation_is(at: datetime, zone: str, ends: datetime) -> None:
    assert end_of_day(at, ZoneInfo(zone)) == ends
