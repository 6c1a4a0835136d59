"""How loaded several people are together: sums that are exact, and no part that is told as the whole."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.catalogue import Driver, Letter
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey
from remit.domain.intervals import Interval
from remit.domain.load import Verdict, Window
from remit.domain.model import Model, model_at
from remit.domain.parties import Party, PartyKind, active_people
from remit.domain.people import Person
from remit.domain.totals import GroupLoad, Standing
from remit.resolution.accountability import accountability
from remit.resolution.holding import stakes
from remit.resolution.load import Demand, Drivers, demand
from remit.resolution.load_terms import Grounds
from remit.resolution.totals import AWAY, group_load, sums, unknown_group_load
from support.model_strategies import PEOPLE, TEAMS, models
from support.models import (
    NOON,
    PM,
    PO,
    R,
    a_fact,
    a_model,
    a_rule,
    a_split,
    a_team,
    an_absence,
    an_area,
    an_assignment,
    the_root,
)

WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}
HOUR = timedelta(hours=1)
START = datetime(2026, 5, 4, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=28))
TRIAGE = "backlog_management"
DESK, OPERATIONS = Party(PartyKind.TEAM, "desk"), Party(PartyKind.FUNCTION, PO)
SHOP = (the_root(), an_area("shop"), an_area("web", "shop"))


def someone(
    key: str, hours: float | None = None, function: FunctionKey | None = PO, *, active: bool = True
) -> Fact[Body]:
    return a_fact(Person(OwnerKey(key), key.title(), function=function, capacity_hours=hours, active=active))


def windows(*arrivals: Sequence[int]) -> tuple[Drivers, ...]:
    """So many issues came to each area, in the order of keys; 30 of them ask for an hour a week."""
    return tuple(
        Drivers(
            dict.fromkeys(Driver, np.zeros(len(counts), dtype=np.int64)) | {Driver.ARRIVALS: np.array(counts)},
            np.ones(len(counts), dtype=np.int64), np.zeros(len(counts), dtype=np.int64), 28.0,
        )
        for counts in arrivals
    )  # fmt: skip


def standings(*told: tuple[str, float | None, Verdict]) -> list[Standing]:
    return [Standing(OwnerKey(key), utilisation, verdict) for key, utilisation, verdict in told]


def loads(
    model: Model, *groups: Party, drivers: Sequence[Drivers] = windows([0, 60, 30]), doubt: Mapping[AreaKey, str] = {}
) -> list[GroupLoad]:
    grounds = Grounds(model, WINDOW, drivers, START, None, doubt)
    accounts = accountability(model, WEIGHTS)
    found = sums(grounds, stakes(model, WEIGHTS), accounts, groups)
    return [group_load(grounds, found, accounts, party, ()) for party in groups]


def a_desk(*said: Fact[Body]) -> Model:
    """Ann and Ben are the desk, which has the triage of the shop; Ann has that of the web alone, in person."""
    return a_model(
        *SHOP, a_team("desk", "ann", "ben"), *said,
        an_assignment("shop", "desk", function=PO, responsibility=TRIAGE),
        an_assignment("web", "ann", function=PO, responsibility=TRIAGE),
    )  # fmt: skip


def test_a_team_is_asked_for_all_that_its_members_are_and_of_that_for_what_it_holds_as_such() -> None:
    (desk,) = loads(a_desk(someone("ann", 3), someone("ben", 1)), DESK)
    assert (desk.demand_hours, desk.joint_hours, desk.capacity_hours, desk.utilisation) == (3.0, 2.0, 4.0, 0.75)
    assert desk.verdict is Verdict.OK
    told = [(one.area, one.responsibility, one.demand_hours, one.people) for one in desk.contributions]
    assert told == [("shop", TRIAGE, 2.0, 2), ("web", TRIAGE, 1.0, 1)]


def test_what_a_function_is_asked_for_is_that_of_its_people_and_nothing_is_joint() -> None:
    (operations,) = loads(a_desk(someone("ann", 3), someone("ben", 1, PM)), OPERATIONS)
    assert (operations.demand_hours, operations.joint_hours) == (2.5, None)
    assert (operations.capacity_hours, operations.verdict) == (3.0, Verdict.OK)


def test_the_capacity_of_some_is_not_told_as_that_of_all() -> None:
    (desk,) = loads(a_desk(someone("ann", 3), someone("ben")), DESK)
    assert (desk.capacity_hours, desk.utilisation, desk.verdict) == (None, None, Verdict.UNKNOWN)
    assert desk.demand_hours == 3.0
    assert desk.signals[1].explanation == (
        "There is no value: no capacity is declared of Ben, so that of 2 together is not known; "
        "set their capacity_hours."
    )


def test_only_a_few_of_those_without_a_capacity_are_named() -> None:
    model = a_desk(a_team("desk", *(f"p{number}" for number in range(6))))
    (desk,) = loads(model, DESK)
    assert "of P0, P1, P2 and 3 more, so that of 6 together" in desk.signals[1].explanation


def test_a_team_of_which_nobody_is_active_is_asked_for_nothing_and_has_no_verdict() -> None:
    (desk,) = loads(a_desk(someone("ann", 3, active=False), someone("ben", 1, active=False)), DESK)
    assert (desk.demand_hours, desk.joint_hours, desk.capacity_hours, desk.verdict) == (0.0, 0.0, 0.0, Verdict.UNKNOWN)
    assert "nobody of it is active" in desk.signals[1].explanation


def test_several_are_not_judged_by_a_window_for_most_of_which_everybody_was_away() -> None:
    away = [an_absence(key, Interval(START, START + timedelta(days=15))) for key in ("ann", "ben")]
    people = someone("ann", 2), someone("ben", 2)
    both, one, short = (
        loads(a_desk(*people, *told), DESK, drivers=windows([0, 300, 0]))[0]
        for told in (away, away[:1], [an_absence(key, Interval(START, WINDOW.end - HOUR)) for key in ("ann", "ben")])
    )
    assert (both.verdict, both.signals[1].explanation) == (Verdict.UNKNOWN, AWAY)
    assert both.utilisation is not None
    assert one.verdict is Verdict.OVERLOADED
    assert (short.verdict, short.utilisation) == (Verdict.UNKNOWN, None)


def test_whoever_is_away_all_the_time_leaves_nothing_to_divide_by() -> None:
    (desk,) = loads(a_desk(someone("ann", 0), someone("ben", 0)), DESK)
    assert (desk.utilisation, desk.verdict) == (None, Verdict.UNKNOWN)
    assert "zero, or everybody was away" in desk.signals[1].explanation


@pytest.mark.parametrize(("hours", "verdict"), [(3.0, Verdict.OVERLOADED), (3.4, Verdict.WATCH), (4.0, Verdict.OK)])
def test_they_are_judged_together_as_one_is(hours: float, verdict: Verdict) -> None:
    (desk,) = loads(a_desk(someone("ann", hours), someone("ben", 0)), DESK)
    assert (desk.verdict, desk.signals[1].threshold_source[:7]) == (verdict, "default")


def test_doubt_about_an_area_of_one_of_them_silences_the_verdict_of_all() -> None:
    model = a_desk(someone("ann", 30), someone("ben", 10))
    desk, nobody = loads(model, DESK, Party(PartyKind.FUNCTION, PM), doubt={AreaKey("web"): "the desk is old"})
    assert (desk.verdict, desk.utilisation, desk.signals[1].explanation) == (Verdict.UNKNOWN, 0.075, "the desk is old")
    assert nobody.signals[1].explanation != "the desk is old"


def test_what_is_usual_is_that_of_all_of_them_together_in_each_window() -> None:
    told = windows([0, 60, 30], [0, 30, 0], [0, 0, 60], [0, 0, 0], [0, 60, 60], [0, 30, 30], [0, 90, 0])
    (desk,) = loads(a_desk(someone("ann", 2), someone("ben", 2)), DESK, drivers=told)
    assert [(one.baseline, one.spread) for one in desk.signals[:2]] == [(2.0, 1.0), (0.5, 0.25)]


def test_the_members_stand_the_most_loaded_first_and_are_counted() -> None:
    model, said = (
        a_desk(),
        standings(("ben", None, Verdict.UNKNOWN), ("ann", 0.5, Verdict.OK), ("cy", 2, Verdict.WATCH)),
    )
    found = unknown_group_load(Grounds(model, WINDOW, (), None, "not yet"), DESK, said)
    assert [one.person for one in found.members] == ["cy", "ann", "ben"]
    assert [found.how_many(verdict) for verdict in Verdict] == [1, 1, 0, 1]
    assert {one.explanation for one in found.signals} == {"not yet"}


def test_breadth_counts_each_cell_once_and_is_not_judged() -> None:
    (desk,) = loads(a_desk(), DESK)
    breadth = desk.signals[3]
    assert (breadth.value, breadth.verdict) == (2.0, Verdict.UNKNOWN)
    assert "it is judged of each person" in breadth.explanation


def test_who_is_in_two_teams_counts_in_each_as_a_whole() -> None:
    desk, crew = loads(a_desk(a_team("crew", "ann"), someone("ann", 4)), DESK, Party(PartyKind.TEAM, "crew"))
    assert (crew.demand_hours, crew.joint_hours) == (2.0, 0.0)
    assert desk.demand_hours == 3.0


def test_a_part_that_a_team_shares_with_others_is_its_part_alone() -> None:
    model = a_model(
        *SHOP, a_team("desk", "ann", "ben"), a_rule("shop", TRIAGE, a_split(PO, {PM: R})),
        an_assignment("shop", "desk", function=PO, responsibility=TRIAGE),
        an_assignment("shop", "ann", function=PM, responsibility=TRIAGE),
    )  # fmt: skip
    (desk,) = loads(model, DESK, drivers=windows([0, 90, 0]))
    assert (desk.demand_hours, desk.joint_hours) == (3.0, 2.0)


def test_of_nobody_nothing_is_asked() -> None:
    model = a_model(*SHOP)
    found = demand(model, stakes(model, WEIGHTS), windows(*[[0, 30, 0]] * 7))
    assert (found.totals.tolist(), found.baseline.tolist()) == ([], [])


counts = st.lists(st.integers(min_value=0, max_value=100_000), min_size=5, max_size=5)
EVERY = (*(Party(PartyKind.TEAM, key) for key in TEAMS), *(Party(PartyKind.FUNCTION, key) for key in (PM, PO)))


def alone(model: Model, drivers: Sequence[Drivers]) -> tuple[Demand, dict[OwnerKey, float]]:
    found = demand(model, stakes(model, WEIGHTS), drivers)
    return found, dict(zip(found.stakes.people, found.totals.tolist(), strict=True))


@given(facts=models(), arrivals=counts)
def test_groups_come_to_the_sum_of_their_people_exactly(facts: Facts, arrivals: list[int]) -> None:
    model = model_at(facts, NOON)
    drivers = windows([*arrivals, *[7] * len(model.areas)][: len(model.areas)])
    _, each = alone(model, drivers)
    groups = [party for party in EVERY if party.kind is PartyKind.FUNCTION or party.key in model.teams]
    for party, load in zip(groups, loads(model, *groups, drivers=drivers), strict=True):
        whole = sum((Fraction(each[key]) for key in active_people(model, party)), Fraction(0))
        assert whole == load.demand_hours == sum(Fraction(one.demand_hours) for one in load.contributions)
        assert load.joint_hours is None or load.joint_hours <= whole
        assert len({(one.area, one.responsibility) for one in load.contributions}) == len(load.contributions)


@given(facts=models(), arrivals=counts)
def test_everybody_together_is_asked_for_what_everybody_is(facts: Facts, arrivals: list[int]) -> None:
    model = model_at(facts, NOON)
    drivers = windows([*arrivals, *[7] * len(model.areas)][: len(model.areas)])
    found, _ = alone(model, drivers)
    functions = {person.function for person in model.people.values()}
    named = [Party(PartyKind.FUNCTION, key) for key in sorted(key for key in functions if key is not None)]
    rest = [
        Party(PartyKind.PERSON, key)
        for key in sorted(PEOPLE)
        if key in model.people and model.people[OwnerKey(key)].function is None
    ]
    told = loads(model, *named, *rest, drivers=drivers)
    assert sum(load.demand_hours or 0 for load in told) == found.totals.sum()
