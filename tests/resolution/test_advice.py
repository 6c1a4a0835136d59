"""Advice: what could move, to whom, what it comes to, and that it is what the changed model comes to."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.advice import Effect, Move
from remit.domain.catalogue import Driver, Split
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict
from remit.domain.workload import Wish
from remit.resolution.advice import advised, effects, limits_of, relieved
from remit.resolution.field import Field
from remit.resolution.load import GRAIN, Drivers
from remit.resolution.moves import handed_to, moves
from remit.resolution.ownership import held_in, resolve
from remit.resolution.weighing import Weighing, overlaid, with_move
from support.advising import a_field, demand_of, field_over, some_drivers, somebody
from support.models import (
    BLURRY,
    PM,
    PO,
    C,
    R,
    a_model,
    a_preference,
    a_rule,
    a_split,
    an_area,
    an_assignment,
    the_root,
)

SHOP, RESEARCH = AreaKey("shop"), ResponsibilityKey("market_research")
ANA, PAT = OwnerKey("ana"), OwnerKey("pat")
SKILLED = {"market_research": 2}
SETTLED = tuple(
    a_rule("acme", responsibility, a_split(PM))
    for responsibility in ("leadership", "communication", "team_meetings", "business_objectives")
)
HOURS = 8.5
"""A little less than Ana is asked for, of which an hour is research."""


def shop(*said: Fact[Body], ana: float = HOURS, pat: Fact[Body] | None = None) -> Field:
    """Ana leads the product management of the shop; Pat is of product operations and knows research."""
    pat = pat if pat is not None else somebody("pat", PO, 40, SKILLED)
    tree = (the_root(), an_area("shop"), somebody("ana", PM, ana), pat, an_assignment("shop", "ana"))
    return a_field(*tree, *SETTLED, *said)


def brief(field: Field) -> list[str]:
    """`shop market_research to pat: ana -1.0, pat +1.0`."""
    told = []
    for one in advised(field):
        deltas = ", ".join(f"{key} {delta / GRAIN:+.1f}" for key, delta in sorted(one.deltas.items()))
        told.append(f"{one.move.area} {one.move.responsibility} to {one.move.owner}: {deltas}")
    return told


def test_what_may_move_is_proposed_with_what_it_comes_to_for_everybody_touched() -> None:
    field = shop()
    (found,) = advised(field)
    assert found.move == Move(SHOP, RESEARCH, PM, Split(PO, ((PM, C),)), PO, PAT, needs_assignment=True)
    demand = field.demand
    before = {key: float(demand.totals[demand.places[key]]) for key in (ANA, PAT)}
    assert effects(field, found) == (
        Effect(ANA, before[ANA], before[ANA] - 1, HOURS, before[ANA] / HOURS, (before[ANA] - 1) / HOURS,
               Verdict.OVERLOADED, Verdict.WATCH),
        Effect(PAT, before[PAT], before[PAT] + 1, 40, before[PAT] / 40, (before[PAT] + 1) / 40,
               Verdict.OK, Verdict.OK),
    )  # fmt: skip


def test_nobody_well_is_relieved() -> None:
    assert brief(shop(ana=100)) == []


@pytest.mark.parametrize(
    ("pat", "why"),
    [
        (somebody("pat", PO, 40), "no skill"),
        (somebody("pat", PO, 40, {"market_research": 0}), "a skill of none"),
        (somebody("pat", PO, None, SKILLED), "no capacity known"),
        (somebody("pat", PO, 1, SKILLED), "no room"),
        (somebody("pat", PM, 40, SKILLED), "the same function"),
        (somebody("pat", PO, 40, SKILLED, active=False), "not active"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_a_candidate_has_the_skill_the_time_and_the_other_function(pat: Fact[Body], why: str) -> None:
    assert brief(shop(pat=pat)) == [], why


def test_a_candidate_would_not_rather_avoid_it() -> None:
    assert brief(shop(a_preference("pat", "market_research", Wish.AVOID))) == []
    assert len(brief(shop(a_preference("pat", "market_research", Wish.LIKE)))) == 1


def test_the_more_skilled_then_who_likes_it_is_looked_at_first() -> None:
    others = (somebody("bob", PO, 40, {"market_research": 3}), somebody("cat", PO, 40, SKILLED))
    liked = a_preference("cat", "market_research", Wish.LIKE)
    order = [one.move.owner for one in moves(shop(*others, liked), [ANA])]
    assert order == ["bob", "cat", "pat"]


def test_what_is_not_transferable_stays() -> None:
    every = dict.fromkeys(("innovation", "vision_and_strategy", "leadership", "goal_setting"), 3)
    assert brief(shop(pat=somebody("pat", PO, 40, every))) == []


def test_a_dismissed_move_is_not_proposed() -> None:
    field = shop()
    (found,) = advised(field)
    assert advised(field, dismissed=[found.move.key]) == ()


def test_only_those_near_are_relieved_when_that_is_asked() -> None:
    assert advised(shop(), near=[PAT]) == ()
    assert len(advised(shop(), near=[ANA])) == 1


def test_of_very_many_those_with_most_too_much_are_relieved() -> None:
    field = shop(an_area("lab"), somebody("bea", PM, 1), an_assignment("lab", "bea"))
    assert relieved(field, limits_of(field)) == [OwnerKey("bea"), ANA]
    assert relieved(field, limits_of(field), most=1) == [OwnerKey("bea")]
    assert advised(field)[0].move.area == "acme"
    assert {one.move.area for one in advised(field, most_relieved=1)} == {"lab"}


def test_one_row_above_is_proposed_where_it_does_what_one_in_each_area_below_would() -> None:
    field = shop(an_area("lab"), somebody("bea", PM, 1), an_assignment("lab", "bea"))
    first, *others = advised(field)
    assert (first.move.area, first.move.changes, {one.move.area for one in others} & {"lab", "shop"}) == (
        "acme",
        2,
        set(),
    )
    assert {person for person, delta in first.deltas.items() if delta < 0} == {"ana", "bea"}


def test_a_rule_needs_no_assignment_where_the_function_has_that_person_there() -> None:
    field = shop(an_assignment("shop", "pat", function=PO))
    assert [(one.move.needs_assignment, one.move.changes) for one in advised(field)] == [(False, 1)]


def test_one_move_at_an_area_takes_along_what_is_below_and_declares_nothing_of_its_own() -> None:
    below = an_area("checkout", "shop"), an_area("search", "shop"), a_rule("search", "market_research", a_split(PM))
    found = brief(shop(*below, ana=24))
    assert found[0] == "shop market_research to pat: ana -2.0, pat +2.0"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (a_split(PM), a_split(PO, {PM: C})),
        (a_split(PM, {PO: R}), a_split(PO, {PM: C})),
        (a_split(PM, {"design": R}), a_split(PO, {PM: C, "design": R})),
        (BLURRY, a_split(PO, {PM: C})),
    ],
)
def test_whoever_led_is_consulted(before: Split, after: Split) -> None:
    assert handed_to(PO, before) == after


def an_organisation(random: Random) -> tuple[Fact[Body], ...]:
    """A tree with people of both functions, of whom some have too much, and rules of its own here and there."""
    areas = [f"a{number}" for number in range(random.randint(1, 5))]
    facts: list[Fact[Body]] = [the_root()]
    facts += [an_area(key, random.choice(["acme", *areas[:place]])) for place, key in enumerate(areas)]
    keys = ("market_research", "team_meetings", "data_analytics", "communication")
    people = [(f"p{number}", random.choice([PM, PO])) for number in range(4)]
    for key, function in people:
        facts.append(somebody(key, function, random.choice([3, 12, 40]), {one: random.randint(0, 3) for one in keys}))
    for area in ["acme", *areas]:
        for function in (PM, PO):
            own = [key for key, held in people if held == function]
            if own and random.random() < 0.5:
                facts.append(an_assignment(area, random.choice(own), function=function))
    for area in areas:
        if random.random() < 0.3:
            facts.append(a_rule(area, random.choice(keys), a_split(random.choice([PM, PO]))))
    return tuple(facts)


@given(st.randoms(use_true_random=False))
def test_what_is_predicted_is_what_the_changed_model_comes_to(random: Random) -> None:
    field = a_field(*an_organisation(random))
    people = field.demand.stakes.people
    for one in list(moves(field, people))[:4]:
        after = demand_of(with_move(field.model, one.move))
        told = {
            key: round((after.totals[after.places[key]] - field.demand.totals[field.demand.places[key]]) * GRAIN)
            for key in people
        }
        assert {key: delta for key, delta in told.items() if delta} == one.deltas


@given(st.randoms(use_true_random=False))
def test_what_moves_share_is_what_each_comes_to_from_scratch(random: Random) -> None:
    field = a_field(*an_organisation(random))
    for one in moves(field, field.demand.stakes.people):
        assert Weighing(field).weigh(one.move) == one
        changed, seen = with_move(field.model, one.move), overlaid(field.model, one.move)
        assert (dict(seen.rules), dict(seen.assignments)) == (changed.rules, changed.assignments)


@given(st.randoms(use_true_random=False))
def test_a_cell_without_its_reasons_is_the_cell_with_them(random: Random) -> None:
    model = a_model(*an_organisation(random))
    for area, responsibility in product(model.areas, (RESEARCH, ResponsibilityKey("data_analytics"))):
        told, holders = held_in(model, area, responsibility)
        answer = resolve(model, area, responsibility)
        assert (told.outcome, told.lead, told.accountable, holders) == (
            answer.outcome, answer.lead, answer.accountable, answer.holders,
        )  # fmt: skip


@given(st.randoms(use_true_random=False))
def test_the_verdict_predicted_is_that_of_the_changed_model_with_its_window_before(random: Random) -> None:
    model = a_model(*an_organisation(random))
    windows = tuple(drawn_drivers(random, len(model.areas)) for _ in range(2))
    field = field_over(model, windows)
    for one in list(moves(field, field.demand.stakes.people))[:4]:
        changed = field_over(with_move(model, one.move), windows)
        told = {effect.person: effect.verdict_after for effect in effects(field, one)}
        assert told == {person: changed.verdicts[person] for person in told}


def test_a_verdict_falls_at_once_where_the_window_before_would_not_have_been_too_much_either() -> None:
    tree = (the_root(), an_area("shop"), somebody("ana", PM, HOURS), somebody("pat", PO, 40, SKILLED))
    model = a_model(*tree, an_assignment("shop", "ana"), *SETTLED)
    field = field_over(model, (some_drivers(model), some_drivers(model)))
    (found,) = advised(field)
    ana = effects(field, found)[0]
    assert (ana.verdict_before, ana.verdict_after) == (Verdict.OVERLOADED, Verdict.WATCH)


def drawn_drivers(random: Random, areas: int) -> Drivers:
    """Records came to some areas and were done there."""
    records, done = (np.array([random.choice([0, 0, most]) for _ in range(areas)]) for most in (5, 400))
    return Drivers({**dict.fromkeys(Driver, records), Driver.COMPLETIONS: done}, records, records * 0, 28.0)


@given(st.randoms(use_true_random=False))
def test_all_that_is_proposed_can_be_made_together_and_leaves_nobody_worse(random: Random) -> None:
    field = a_field(*an_organisation(random))
    changed = field.model
    for one in advised(field):
        assert {effect.verdict_after for effect in effects(field, one) if effect.hours_after > effect.hours_before} <= {
            Verdict.OK
        }
        changed = with_move(changed, one.move)
    after = demand_of(changed)
    expected = {key: field.demand.totals[field.demand.places[key]] for key in field.demand.stakes.people}
    for one in advised(field):
        for key, delta in one.deltas.items():
            expected[key] += delta / GRAIN
    assert {key: after.totals[after.places[key]] for key in expected} == expected
