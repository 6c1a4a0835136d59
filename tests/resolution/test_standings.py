"""How loaded everybody is, told at once, is what is told of each alone."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.catalogue import Driver, Letter
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.intervals import Interval
from remit.domain.load import Verdict, Window
from remit.domain.model import Model, model_at
from remit.domain.people import Person
from remit.domain.workload import Limits, Worse
from remit.resolution.holding import stakes
from remit.resolution.load import Drivers, demand
from remit.resolution.load_terms import Grounds, utilisation_of
from remit.resolution.standings import no_standings, roster, standings
from support.model_strategies import models
from support.models import NOON, PO, a_fact, a_model, an_absence, an_area, an_assignment, the_root

WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}
WINDOW = Window(NOON - timedelta(days=27), NOON + timedelta(days=1))


def with_hours(hours: float) -> Fact[Body]:
    return a_fact(Person(OwnerKey("omar"), "Omar", function=PO, capacity_hours=hours))


def drawn_counts(model: Model, seed: int, most: int) -> tuple[Drivers, ...]:
    """Seven windows of any counts."""
    dice, areas = np.random.default_rng(seed), len(model.areas)

    def column() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return dice.integers(0, most + 1, areas)

    return tuple(
        Drivers({driver: column() for driver in Driver if driver is not Driver.AREAS}, column(), column(), 28.0)
        for _ in range(7)
    )


def as_told_alone(grounds: Grounds, windows: tuple[Drivers, ...]) -> tuple[object, object]:
    """Everybody at once, and each alone."""
    model = grounds.model
    found = demand(model, stakes(model, WEIGHTS), windows)
    at_once = standings(grounds, found, roster(model, found.stakes.people))
    people = found.stakes.people
    return (
        [at_once.of(place) for place in range(len(people))],
        [utilisation_of(grounds, found, person) for person in people],
    )


@given(facts=models(), seed=st.integers(0, 2**32), most=st.sampled_from((0, 3, 300)), doubted=st.booleans())
def test_everybody_at_once_is_each_alone(facts: Facts, seed: int, most: int, doubted: bool) -> None:
    model = model_at(facts, NOON)
    windows = drawn_counts(model, seed, most)
    doubts = dict.fromkeys(sorted(model.areas)[::2], "old") if doubted else {}
    at_once, alone = as_told_alone(Grounds(model, WINDOW, windows, NOON, None, doubts), windows)
    assert at_once == alone


@pytest.mark.parametrize("worse", list(Worse))
@given(hours=st.integers(0, 40), now=st.integers(0, 1_200), before=st.integers(0, 1_200))
def test_near_its_limits_a_verdict_is_the_same(worse: Worse, hours: int, now: int, before: int) -> None:
    model = a_model(
        the_root(),
        an_area("shop"),
        with_hours(float(hours)),
        a_fact(Limits("utilisation", 0.5, 1.0)),
        an_assignment("shop", "omar", function=PO, responsibility="backlog_management"),
    )
    model = replace(model, scales=model.scales | {"utilisation": replace(model.scales["utilisation"], worse=worse)})
    nothing = np.zeros(2, dtype=np.int64)
    windows = tuple(
        Drivers(
            dict.fromkeys(Driver, nothing) | {Driver.ARRIVALS: np.array([0, count])}, np.array([0, 1]), nothing, 28.0
        )
        for count in (now, before)
    )
    at_once, alone = as_told_alone(Grounds(model, WINDOW, windows, NOON, None), windows)
    assert at_once == alone


@given(
    hours=st.integers(0, 40),
    until=st.integers(1, 28 * 24),
    share=st.sampled_from((0.5, 1.0)),
    now=st.integers(0, 1_200),
)
def test_of_whoever_was_away_the_same_is_told(hours: int, until: int, share: float, now: int) -> None:
    model = a_model(
        the_root(),
        an_area("shop"),
        with_hours(float(hours)),
        an_absence("omar", Interval(WINDOW.start, WINDOW.start + timedelta(hours=until)), share),
        an_assignment("shop", "omar", function=PO, responsibility="backlog_management"),
    )
    windows = drawn_counts(model, now, now)
    at_once, alone = as_told_alone(Grounds(model, WINDOW, windows, NOON, None), windows)
    assert at_once == alone


def test_a_doubt_about_everything_and_nothing_known_leave_nobody_judged() -> None:
    model = a_model(the_root(), an_area("shop"), with_hours(10.0), an_assignment("shop", "omar"))
    windows = drawn_counts(model, 1, 3)
    at_once, alone = as_told_alone(Grounds(model, WINDOW, windows, NOON, "old", {AreaKey("shop"): "older"}), windows)
    assert at_once == alone
    assert no_standings(2).of(1) == (None, Verdict.UNKNOWN)
