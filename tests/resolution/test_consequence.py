"""What a change comes to for people: who gained, who lost, who is informed; replayed, one leads to the other."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.domain.answers import Outcome
from remit.domain.differences import CellState
from remit.domain.events import Shift
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model, model_at
from remit.domain.people import OwnerKind, OwnerRef
from remit.resolution.consequence import consequence
from remit.resolution.ownership import resolve
from support.findings import ONE
from support.model_strategies import models
from support.models import NOON, PM, A, C, I, a_model, a_rule, a_split, an_area, an_assignment, the_root

Cell = tuple[AreaKey, ResponsibilityKey]


def told(before: Model, after: Model) -> list[str]:
    """`payments ana>omar`, who is informed behind a slash; of one responsibility alone."""
    return [
        f"{shift.area} {key(shift.lost)}>{key(shift.gained)} / {' '.join(owner.key for owner in shift.informed)}"
        for shift in consequence(before, after)
        if shift.responsibility == ONE
    ]


def key(owner: OwnerRef | None) -> str:
    return owner.key if owner is not None else ""


def accountable(model: Model) -> dict[Cell, OwnerRef]:
    cells = {
        (area, one): resolve(model, area, one).accountable for area in model.areas for one in model.responsibilities
    }
    return {cell: owner for cell, owner in cells.items() if owner is not None}


def replayed(owners: Mapping[Cell, OwnerRef], shifts: Sequence[Shift]) -> dict[Cell, OwnerRef]:
    """Take away from whoever lost, give to whoever gained; whoever loses must have had it."""
    held = dict(owners)
    for shift in shifts:
        cell = shift.area, shift.responsibility
        if shift.lost is not None:
            assert held.pop(cell) == shift.lost
        if shift.gained is not None:
            assert cell not in held
            held[cell] = shift.gained
    return held


@given(believed=st.lists(models(), min_size=2, max_size=4))
@settings(max_examples=60)
def test_replayed_in_order_events_turn_the_owners_before_into_the_owners_after(believed: list[Facts]) -> None:
    worlds = [model_at(facts, NOON) for facts in believed]
    owners = accountable(worlds[0])
    for before, after in pairwise(worlds):
        owners = replayed(owners, consequence(before, after))
    assert owners == accountable(worlds[-1])


@given(facts=models(), kind=st.sampled_from(("rule", "assignment", "agreement")), kept=st.sets(st.integers(0, 9)))
@settings(max_examples=150, phases=[Phase.explicit, Phase.generate])
def test_every_cell_that_rows_of_some_areas_make_another_is_told_and_no_other(
    facts: Facts, kind: str, kept: set[int]
) -> None:
    rows = [fact.key for fact in facts.declared if fact.kind == kind]
    gone = {key for number, key in enumerate(rows) if number not in kept}
    less = Facts(facts.catalogue, tuple(one for one in facts.declared if one.kind != kind or one.key not in gone))
    before, after = states(model_at(facts, NOON)), states(model_at(less, NOON))
    shifts = consequence(model_at(facts, NOON), model_at(less, NOON))
    assert {(shift.area, shift.responsibility): (shift.before, shift.after) for shift in shifts} == {
        cell: (before[cell], after[cell]) for cell in before if before[cell] != after[cell]
    }


def states(model: Model) -> dict[Cell, CellState]:
    answers = {(area, one): resolve(model, area, one) for area in model.areas for one in model.responsibilities}
    return {cell: CellState(told.outcome, told.lead, told.accountable) for cell, told in answers.items()}


def test_whoever_was_and_is_accountable_is_informed_here_and_below() -> None:
    before, after = (a_model(an_assignment("checkout", owner)) for owner in ("ana", "omar"))
    assert told(before, after) == ["checkout ana>omar / ana omar", "cart ana>omar / ana omar"]


def test_a_cell_tells_what_it_was_what_it_is_and_where() -> None:
    before, after = a_model(), a_model(an_assignment("cart", "ana"))
    (shift,) = (one for one in consequence(before, after) if one.responsibility == ONE)
    ana = OwnerRef(OwnerKind.PERSON, "ana")  # type: ignore[arg-type]
    assert shift == Shift(
        area=AreaKey("cart"),
        responsibility=ResponsibilityKey(ONE),
        within=tuple(map(AreaKey, ("cart", "checkout", "payments", "acme"))),
        before=CellState(Outcome.UNOWNED, PM, None),
        after=CellState(Outcome.OWNED, PM, ana),
        informed=(ana,),
    )


def test_who_holds_it_as_informed_before_or_after_is_informed() -> None:
    split = a_split(PM, {"legal": I, "design": C})
    common = (a_rule("cart", ONE, split), an_assignment("cart", "dora", function="design", letter=C))
    was = an_assignment("cart", "lea", function="legal", letter=I)
    now = an_assignment("cart", "lou", function="legal", letter=I)
    before = a_model(*common, was, an_assignment("cart", "ana", letter=A))
    after = a_model(*common, now, an_assignment("cart", "omar", letter=A))
    assert told(before, after) == ["cart ana>omar / ana lea lou omar"]


def test_another_outcome_with_the_same_owner_is_told_and_nobody_gains_or_loses() -> None:
    before = a_model(an_assignment("checkout", "ana"))
    after = a_model(an_assignment("checkout", "ana"), an_assignment("cart", "ana"))
    assert told(before, after) == ["cart > / ana"]


def test_an_area_that_moved_is_in_those_above_it_then_and_now() -> None:
    common = the_root(), an_area("shop"), an_area("bank"), an_assignment("shop", "ana"), an_assignment("bank", "omar")
    before, after = (a_model(*common, an_area("desk", parent)) for parent in ("shop", "bank"))
    (shift,) = (one for one in consequence(before, after) if one.responsibility == ONE)
    assert shift.within == ("desk", "bank", "acme", "shop")


def test_the_cells_of_an_area_that_ends_are_lost() -> None:
    staying = the_root(), an_area("shop")
    before, after = a_model(*staying, an_area("desk", "shop"), an_assignment("desk", "ana")), a_model(*staying)
    assert told(before, after) == ["desk ana> / ana"]
