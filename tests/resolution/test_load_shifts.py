"""Whose load became another: told by tables; that the clock went on is no reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.catalogue import Driver, Letter
from remit.domain.ids import OwnerKey
from remit.domain.intervals import Interval
from remit.domain.load import LoadBrief, LoadShift, Verdict
from remit.domain.people import Person
from remit.domain.workload import Absence
from remit.resolution.holding import stakes
from remit.resolution.load import Drivers, demand
from remit.resolution.load_shifts import Lasting, Weighed, Weights, end_of_day, shifts, weighed
from remit.resolution.load_terms import Grounds, load_of
from remit.resolution.signals.windows import length_days, windows
from support.models import PO, a_fact, a_model, an_area, an_assignment, the_root

PAT, BERLIN = OwnerKey("pat"), ZoneInfo("Europe/Berlin")
AWAY = Interval(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))


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


def looked_at(at: datetime, arrivals: int = 90) -> Weights:
    """Pat, who is half away, sees to the backlog of the shop, to which so many issues came in the window."""
    model = a_model(
        the_root(), an_area("shop"), a_fact(Person(PAT, "Pat", function=PO, capacity_hours=7)),
        a_fact(Absence(PAT, 0.5), AWAY),
        an_assignment("shop", "pat", function=PO, responsibility="backlog_management"),
    )  # fmt: skip
    window = windows(at, BERLIN)[0]
    nothing = np.zeros(2, dtype=np.int64)
    counts = dict.fromkeys(Driver, nothing) | {Driver.ARRIVALS: np.array([0, arrivals])}
    drivers = (Drivers(counts, np.array([0, 1]), nothing, length_days(window)),)
    held = stakes(model, {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1})
    grounds, asked = Grounds(model, window, drivers, at, None), demand(model, held, drivers)
    load, found = load_of(grounds, asked, PAT), weighed(grounds, held, asked, end_of_day(at, BERLIN))
    assert found[PAT].told == LoadBrief(
        load.verdict, load.demand_hours, load.capacity_hours, load.utilisation, load.operational_share
    )
    return found


DAYS = [datetime(2026, *day, tzinfo=BERLIN) for day in ((11, 9), (10, 25), (12, 1))]
LATER = st.timedeltas(timedelta(seconds=1), timedelta(hours=23, minutes=59))


@given(st.sampled_from(DAYS), LATER, LATER)
def test_within_a_day_the_clock_alone_makes_no_load_another_but_a_record_does(
    day: datetime, one: timedelta, other: timedelta
) -> None:
    midnight = day.astimezone(UTC)
    before, after = looked_at(midnight + one), looked_at(midnight + other)
    assert before[PAT].lasting == after[PAT].lasting
    assert [shift.person for shift in shifts(before, looked_at(midnight + other, arrivals=91))] == [PAT]


def test_a_window_with_a_day_of_25_hours_asks_for_as_much_as_one_without() -> None:
    with_it, without = (looked_at(datetime(2026, month, 21, 12, tzinfo=UTC))[PAT] for month in (11, 12))
    assert with_it.told.demand_hours != without.told.demand_hours
    assert with_it.lasting.demand_hours == without.lasting.demand_hours
