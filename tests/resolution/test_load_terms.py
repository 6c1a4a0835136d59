"""What is told of a person's load: capacity and its lack, what is in doubt, and operational work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from remit.domain.catalogue import Driver, Letter
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.intervals import Interval
from remit.domain.load import Load, Verdict, Window
from remit.domain.people import Person
from remit.domain.workload import Limits
from remit.resolution.holding import stakes
from remit.resolution.load import Demand, Drivers, demand
from remit.resolution.load_terms import NO_CAPACITY, NO_TIME, Grounds, load_of, unknown_load, utilisation_of
from support.models import PO, a_fact, a_model, an_absence, an_area, an_assignment, the_root

OMAR, SHOP = OwnerKey("omar"), AreaKey("shop")
START = datetime(2026, 5, 4, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=28))
WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}


def omar(hours: float | None, *, active: bool = True) -> Fact[Body]:
    return a_fact(Person(OMAR, "Omar", function=PO, active=active, capacity_hours=hours))


def arrivals(*counts: int) -> tuple[Drivers, ...]:
    """Windows in which so many issues came to the shop; 30 of them ask for an hour a week."""
    nothing = np.zeros(2, dtype=np.int64)
    return tuple(
        Drivers(
            dict.fromkeys(Driver, nothing) | {Driver.ARRIVALS: np.array([0, count])}, np.array([0, 1]), nothing, 28.0
        )
        for count in counts
    )


def test_the_verdict_alone_is_that_of_the_whole_load() -> None:
    for hours, counts, doubts in (
        (3, (87, 90), {}), (3, (78, 90), {}), (None, (90,), {}), (0, (90,), {}), (3, (90,), {"shop": "old"}),
    ):  # fmt: skip
        grounds, found = omars_grounds(hours, *counts, **doubts)
        load = load_of(grounds, found, OMAR)
        assert utilisation_of(grounds, found, OMAR) == (load.utilisation, load.verdict)


def omars_load(hours: float | None, *counts: int, said: tuple[Fact[Body], ...] = (), **doubts: str) -> Load:
    return load_of(*omars_grounds(hours, *counts, said=said, **doubts), OMAR)


def omars_grounds(
    hours: float | None, *counts: int, said: tuple[Fact[Body], ...] = (), **doubts: str
) -> tuple[Grounds, Demand]:
    model = a_model(
        the_root(), an_area("shop"), omar(hours), *said,
        an_assignment("shop", "omar", function=PO, responsibility="backlog_management"),
    )  # fmt: skip
    windows = arrivals(*(counts or (90,)))
    found = demand(model, stakes(model, WEIGHTS), windows)
    everywhere = doubts.get("everywhere")
    at_shop = {SHOP: doubts["shop"]} if "shop" in doubts else {}
    return Grounds(model, WINDOW, windows, START, everywhere, at_shop), found


@pytest.mark.parametrize(
    ("hours", "verdict", "utilisation"),
    [(3, Verdict.OVERLOADED, 1.0), (3.5, Verdict.WATCH, 3 / 3.5), (30, Verdict.OK, 0.1)],
)
def test_demand_is_held_against_capacity(hours: float, verdict: Verdict, utilisation: float) -> None:
    found = omars_load(hours)
    assert (found.verdict, found.utilisation, found.demand_hours) == (verdict, utilisation, 3.0)


@pytest.mark.parametrize(("hours", "why"), [(None, NO_CAPACITY), (0, NO_TIME)])
def test_with_no_capacity_or_none_left_nothing_is_divided(hours: float | None, why: str) -> None:
    found = omars_load(hours)
    assert (found.verdict, found.utilisation, found.capacity_hours) == (Verdict.UNKNOWN, None, hours)
    assert found.signals[1].explanation == f"There is no value: {why}."


def away(days: float) -> tuple[Fact[Body], ...]:
    """From long before the window into so many days of it."""
    return (an_absence("omar", Interval(START - timedelta(days=60), START + timedelta(days=days))),)


@pytest.mark.parametrize(
    ("days", "verdict", "utilisation"),
    [
        (14, Verdict.OVERLOADED, 3 / 5),
        (14.25, Verdict.UNKNOWN, 3 / (10 * 13.75 / 28)),
        (25, Verdict.UNKNOWN, 3 / (10 * 3 / 28)),
        (25.5, Verdict.UNKNOWN, None),
        (27.99999, Verdict.UNKNOWN, None),
        (28, Verdict.UNKNOWN, None),
    ],
)
def test_whoever_was_away_for_most_of_a_window_is_not_judged_by_it(
    days: float, verdict: Verdict, utilisation: float | None
) -> None:
    limits = a_fact(Limits("utilisation", None, 0.5))
    grounds, found = omars_grounds(10, 90, said=(limits, *away(days)))
    load = load_of(grounds, found, OMAR)
    assert utilisation_of(grounds, found, OMAR) == (load.utilisation, load.verdict)
    assert (load.verdict, load.utilisation) == (verdict, pytest.approx(utilisation))
    assert load.capacity_hours == pytest.approx(10 * (28 - days) / 28)
    why = load.signals[1].explanation
    assert ("Omar was away for most of this window" in why) == (days > 14 and utilisation is not None)
    assert (NO_TIME in why) == (utilisation is None)


def test_whoever_works_less_all_the_time_is_judged_by_what_is_left() -> None:
    less = an_absence("omar", Interval(START, START + timedelta(days=28)), 0.9)
    assert omars_load(10, 90, said=(less,)).verdict is Verdict.OVERLOADED


def test_few_hours_that_nobody_was_away_from_are_divided_by() -> None:
    assert omars_load(0.5, 90).utilisation == 6.0


def test_a_verdict_stays_until_it_is_ten_percent_better() -> None:
    assert omars_load(3, 87).verdict is Verdict.WATCH
    assert omars_load(3, 87, 90).verdict is Verdict.OVERLOADED
    assert omars_load(3, 78, 90).verdict is Verdict.WATCH


def test_what_is_usual_is_told_beside_it() -> None:
    utilisation = omars_load(3, 90, 30, 30, 60, 0, 30, 60).signals[1]
    assert (utilisation.baseline, utilisation.spread) == (1 / 3, 1 / 6)


def test_doubt_silences_the_verdict_and_not_the_number() -> None:
    for found in (omars_load(3, everywhere="jira is old"), omars_load(3, shop="desk is old")):
        assert (found.verdict, found.utilisation) == (Verdict.UNKNOWN, 1.0)
        assert found.signals[1].explanation.endswith("is old")


def test_whoever_is_not_active_is_asked_for_nothing_and_not_said_to_have_time() -> None:
    assigned = an_assignment("shop", "omar", function=PO, responsibility="backlog_management")
    model = a_model(the_root(), an_area("shop"), omar(30, active=False), assigned)
    grounds, found = (
        Grounds(model, WINDOW, arrivals(90), START, None),
        demand(model, stakes(model, WEIGHTS), arrivals(90)),
    )
    load = load_of(grounds, found, OMAR)
    assert (load.demand_hours, load.utilisation, load.verdict, load.contributions) == (0.0, 0.0, Verdict.UNKNOWN, ())
    assert {(one.verdict, one.explanation) for one in load.signals} == {
        (Verdict.UNKNOWN, "Omar is not active: nothing is asked of them, and nothing is judged."),
    }  # fmt: skip
    assert utilisation_of(grounds, found, OMAR) == (0.0, Verdict.UNKNOWN)


def test_a_persons_own_limits_beat_all_others() -> None:
    limits = a_fact(Limits("utilisation", 2.0, 3.0, person=OMAR, reason="agreed"))
    found = omars_load(3, said=(limits,))
    assert (found.verdict, found.signals[1].threshold) == (Verdict.OK, 2.0)
    assert found.signals[1].threshold_source == "person omar: agreed"


def test_work_that_operations_would_lead_is_told_as_a_share() -> None:
    assert omars_load(3).operational_share == 1.0
    assert omars_load(3, 0).operational_share is None


def test_a_driver_says_how_much_there_is_and_what_it_comes_to() -> None:
    driver = omars_load(3).contributions[0].drivers[0]
    assert (driver.name, driver.value, driver.sample_size) == ("arrivals", 90.0, 90)
    assert driver.explanation.startswith("22.5 a week at 8 minutes each, 100% of it theirs. 90 items;")


def test_of_whom_nothing_can_be_said_the_capacity_is_told_alone() -> None:
    model = a_model(the_root(), an_area("shop"), omar(30))
    found = unknown_load(Grounds(model, WINDOW, (), None, "not yet"), OMAR)
    told = replace(found, signals=())
    assert told == Load(OMAR, Verdict.UNKNOWN, None, 30.0, None, None, (), (), None)
    assert {one.explanation for one in found.signals} == {"not yet"}
