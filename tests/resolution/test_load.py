"""How many hours a week each person is asked for: shares, what makes work, and sums that are exact."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.catalogue import Driver, Letter
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model, model_at
from remit.domain.people import Person
from remit.resolution.holding import Held, holders, parts, stakes
from remit.resolution.load import GRAIN, Demand, Drivers, demand, earlier, exchanged
from remit.resolution.ownership import resolve_area
from remit.resolution.reach import reached
from support.model_strategies import models
from support.models import (
    NOON,
    PM,
    PO,
    A,
    C,
    R,
    a_fact,
    a_model,
    a_person,
    a_responsibility,
    a_rule,
    a_split,
    a_team,
    an_area,
    an_assignment,
    some_minutes,
    the_root,
)

WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}
TRIAGE = ResponsibilityKey("backlog_management")
PAYMENTS = AreaKey("payments")
FOUR_WEEKS = 28.0


def with_hours(key: str, hours: float | None, *, active: bool = True) -> Fact[Body]:
    return a_fact(Person(OwnerKey(key), key.title(), capacity_hours=hours, active=active))


def drivers(areas: int, **counts: list[int]) -> Drivers:
    """Counts of areas in the order of their keys; nothing of what is not told."""
    told = {driver: np.array(counts.get(driver.value, [0] * areas)) for driver in Driver if driver != Driver.AREAS}
    return Drivers(told, np.ones(areas, dtype=np.int64), np.zeros(areas, dtype=np.int64), FOUR_WEEKS)


def shared(model: Model, responsibility: ResponsibilityKey = TRIAGE) -> Mapping[str, Fraction]:
    return dict(parts(model, holders(model)[PAYMENTS][responsibility], WEIGHTS))


def asked(found: Demand) -> dict[str, dict[tuple[str, str], float]]:
    """Of each person every contribution above nothing."""
    told = found.stakes
    return {
        person: {
            (told.areas[told.area[row]], told.responsibilities[told.responsibility[row]]): float(found.hours[row])
            for row in found.of(place)
        }
        for place, person in enumerate(told.people)
    }


def test_whoever_is_alone_has_all_of_it() -> None:
    assert shared(a_model(an_assignment("payments", "omar", function=PO))) == {"omar": 1}


def test_whoever_is_accountable_takes_twice_the_part_of_each_who_is_responsible_and_the_consulted_none() -> None:
    model = a_model(
        a_rule("payments", TRIAGE, a_split(PO, {PM: R, "design": C})),
        an_assignment("payments", "omar", function=PO),
        an_assignment("payments", "ana", function=PM),
        an_assignment("payments", "dee", function="design"),
    )
    assert shared(model) == {"omar": Fraction(2, 3), "ana": Fraction(1, 3)}


def test_what_nobody_leads_is_divided_over_those_who_share_it() -> None:
    model = a_model(an_assignment("payments", "omar", function=PO), an_assignment("payments", "ana", function=PM))
    assert shared(model, ResponsibilityKey("leadership")) == {"omar": Fraction(1, 2), "ana": Fraction(1, 2)}


def test_what_nobody_holds_is_asked_of_nobody() -> None:
    assert shared(a_model()) == {}


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((30, 10), {"ann": Fraction(3, 4), "ben": Fraction(1, 4)}),
        ((30, None), {"ann": Fraction(1, 2), "ben": Fraction(1, 2)}),
        ((0, 0), {"ann": Fraction(1, 2), "ben": Fraction(1, 2)}),
        ((30, 0), {"ann": 1}),
    ],
)
def test_a_team_divides_its_part_by_capacity_where_all_tell_one(
    hours: tuple[float | None, float | None], expected: Mapping[str, Fraction]
) -> None:
    model = a_model(
        a_team("desk", "ann", "ben", "gone"),
        with_hours("ann", hours[0]), with_hours("ben", hours[1]), with_hours("gone", 40, active=False),
        an_assignment("payments", "desk", function=PO),
    )  # fmt: skip
    assert shared(model) == expected


SHOP = (the_root(), an_area("payments"), an_area("web", "payments"))


def test_an_area_asks_for_its_own_records_only() -> None:
    model = a_model(*SHOP, an_assignment("payments", "omar", responsibility=TRIAGE, function=PO))
    held = stakes(model, WEIGHTS)
    assert held.areas == ("acme", "payments", "web")
    told = asked(demand(model, held, [drivers(3, arrivals=[0, 30, 60], open_items=[0, 120, 240])]))
    # Shipped: 8 minutes for each that arrives in a week, half a minute for each that is open.
    assert told == {"omar": {("web", TRIAGE): 4.0, ("payments", TRIAGE): 2.0}}


def test_operations_is_what_the_catalogue_has_them_lead_whoever_does_it() -> None:
    model = a_model(
        a_rule("payments", TRIAGE, a_split(PM)),
        an_assignment("payments", "ana", function=PM, responsibility=TRIAGE),
        an_assignment("payments", "ana", function=PM, responsibility="vision_and_strategy"),
        the_root(), an_area("payments"),
    )  # fmt: skip
    found = demand(model, stakes(model, WEIGHTS), [drivers(2, arrivals=[0, 30])])
    assert (found.totals.tolist(), found.operational.tolist()) == ([2.0], [1.0])


def test_demand_is_compared_with_the_windows_before() -> None:
    model = a_model(*SHOP, an_assignment("payments", "omar", responsibility=TRIAGE, function=PO), a_person("idle"))
    found = demand(
        model, stakes(model, WEIGHTS), [drivers(3, arrivals=[0, arrived, 0]) for arrived in (90, 60, 30, 30, 0, 0, 60)]
    )
    assert found.stakes.people == ("idle", "omar")
    assert found.totals.tolist() == [0, 3]
    assert (found.baseline[1], found.spread[1], found.previous[1]) == (1.0, 1.0, 2.0)
    assert np.isnan([found.baseline[0], found.spread[0], found.previous[0]]).all()


def test_windows_before_there_was_any_record_are_left_out() -> None:
    model = a_model(*SHOP, an_assignment("payments", "omar", responsibility=TRIAGE, function=PO))
    empty = replace(drivers(3), issues=np.zeros(3, dtype=np.int64))
    windows = [drivers(3, arrivals=[0, 30, 0]), *[drivers(3, arrivals=[0, 60, 0])] * 2, *[empty] * 4]
    assert np.isnan(demand(model, stakes(model, WEIGHTS), windows).baseline).all()


def test_breadth_counts_the_cells_somebody_is_accountable_for() -> None:
    model = a_model(*SHOP, an_assignment("payments", "omar", responsibility=TRIAGE, function=PO), a_person("idle"))
    held = stakes(model, WEIGHTS)
    assert dict(zip(held.people, held.breadth.tolist(), strict=True)) == {"idle": 0, "omar": 2}


def told_alone(model: Model) -> dict[AreaKey, dict[ResponsibilityKey, object]]:
    return {area: {one.responsibility: one.holders for one in resolve_area(model, area)} for area in model.areas}


@given(facts=models())
def test_holders_are_those_that_are_told_with_reasons(facts: Facts) -> None:
    model = model_at(facts, NOON)
    assert holders(model) == told_alone(model)


@given(facts=models(), seed=st.integers())
def test_from_the_holders_of_a_model_that_is_a_little_different_come_the_same(facts: Facts, seed: int) -> None:
    dice = Random(seed)
    model, declared = model_at(facts, NOON), list(facts.declared)
    held = Held(model, holders(model))
    for _ in range(3):
        declared.remove(dice.choice(declared)) if declared else None
        other = model_at(Facts(facts.catalogue, tuple(declared)), NOON)
        rows = holders(other, held)
        assert rows == holders(other)
        there_and_back = holders(model, Held(other, rows))
        assert there_and_back == held.rows


def test_of_a_changed_owner_only_what_is_below_is_looked_at() -> None:
    said = (*SHOP, an_area("blog"), a_person("ana"), a_person("bo"), an_assignment("acme", "bo", function=PO))
    model = a_model(*said, an_assignment("payments", "ana", function=PO))
    held = Held(model, holders(model))
    assert reached(model, a_model(*said)) == {"payments", "web"}
    rows = holders(a_model(*said), held)
    assert [area for area in rows if rows[area] is held.rows[area]] == ["acme", "blog"]
    assert reached(model, a_model(*said, a_person("new"))) == {"acme", "blog", "payments", "web"}


def test_an_area_of_which_nothing_is_said_has_the_holders_of_the_one_above() -> None:
    model = a_model(
        an_assignment("payments", "omar", function=PO), an_assignment("checkout", "ana"), an_assignment("acme", "eve")
    )
    assert holders(model) == told_alone(model)


counts = st.lists(st.integers(min_value=0, max_value=100_000), min_size=3, max_size=3)


@given(counts, counts, counts, st.floats(min_value=0, max_value=5_000), st.integers())
def test_contributions_come_to_the_total_exactly_in_any_order(
    open_items: list[int], arrivals: list[int], wip: list[int], minutes: float, seed: int
) -> None:
    model = a_model(
        *SHOP,
        a_responsibility("odd", a_split(PO, {PM: R})),
        some_minutes("odd", Driver.WIP, minutes),
        an_assignment("acme", "omar", function=PO),
        an_assignment("payments", "desk", function=PM),
        a_team("desk", "ann", "ben", "cid"),
    )
    found = demand(model, stakes(model, WEIGHTS), [drivers(3, open_items=open_items, arrivals=arrivals, wip=wip)])
    for place, contributions in enumerate(asked(found).values()):
        told = list(contributions.values())
        Random(seed).shuffle(told)
        assert sum(told) == sum(reversed(told)) == float(sum(map(Fraction, told))) == found.totals[place]


@given(counts, st.integers(min_value=1, max_value=9))
def test_no_hour_is_lost_between_what_areas_need_and_what_people_are_asked_for(arrivals: list[int], more: int) -> None:
    people = [f"p{number}" for number in range(more)]
    model = a_model(*SHOP, a_team("desk", *people), an_assignment("acme", "desk", function=PO, responsibility=TRIAGE))
    found = demand(model, stakes(model, WEIGHTS), [drivers(3, arrivals=arrivals)])
    needed = Fraction(sum(arrivals), 4) * 8 / 60
    assert abs(Fraction(float(found.totals.sum())) - needed) <= Fraction(3 * more, GRAIN)


def test_the_largest_contribution_comes_first() -> None:
    model = a_model(*SHOP, an_assignment("acme", "omar", function=PO, responsibility=TRIAGE))
    orders = set()
    for arrived in permutations((30, 60, 90)):
        told = asked(demand(model, stakes(model, WEIGHTS), [drivers(3, arrivals=list(arrived))]))["omar"]
        orders.add(tuple(told.values()))
    assert orders == {(3.0, 2.0, 1.0)}


def test_whoever_is_accountable_by_letter_is_so_for_breadth_too() -> None:
    model = a_model(*SHOP, an_assignment("payments", "ana", letter=A), an_assignment("payments", "bo", letter=R))
    held = stakes(model, WEIGHTS)
    assert held.breadth[held.people.index(OwnerKey("bo"))] == 0
    assert held.breadth[held.people.index(OwnerKey("ana"))] > 0


def counted(rows: Sequence[Sequence[int]]) -> tuple[Drivers, ...]:
    """Windows of three areas, in each of which so much of everything is counted; the last number is of records."""
    return tuple(
        replace(drivers(3, arrivals=row[:3], open_items=row[3:6], wip=row[1:4]), issues=np.array(row[6:]))
        for row in rows
    )


all_windows = st.lists(st.lists(st.integers(0, 2_000), min_size=9, max_size=9), min_size=4, max_size=4)


@given(st.lists(all_windows, min_size=2, max_size=4), st.integers(0, 2))
def test_with_the_areas_exchanged_that_differ_it_is_what_it_would_be_from_scratch(
    steps: list[list[list[int]]], untouched: int
) -> None:
    model = a_model(
        *SHOP,
        a_responsibility("odd", a_split(PO, {PM: R})),
        some_minutes("odd", Driver.WIP, 7.3),
        an_assignment("acme", "omar", function=PO),
        an_assignment("web", "ana", function=PO),
        an_assignment("payments", "desk", function=PM),
        a_team("desk", "ann", "ben", "cid"),
    )
    held = stakes(model, WEIGHTS)
    windows = counted(steps[0])
    found = earlier(model, held, windows)
    for rows in steps[1:]:
        for row, first in zip(rows, steps[0], strict=True):
            for column in range(untouched, 9, 3):
                row[column] = first[column]
        later = counted(rows)
        found, windows = exchanged(model, held, found, windows, later), later
        anew = earlier(model, held, windows)
        for kept, made in zip(astuple(found), astuple(anew), strict=True):
            np.testing.assert_array_equal(kept, made)
        np.testing.assert_array_equal(found.previous, anew.previous)


def test_where_nothing_differs_nothing_is_reckoned() -> None:
    model = a_model(*SHOP, an_assignment("acme", "omar", function=PO))
    held, windows = stakes(model, WEIGHTS), counted([[1] * 9] * 4)
    found = earlier(model, held, windows)
    assert exchanged(model, held, found, windows, counted([[1] * 9] * 4)) is found
