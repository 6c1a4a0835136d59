"""What is otherwise in one model than in another: exactly what two whole resolutions differ in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.answers import Outcome
from remit.domain.areas import Stage
from remit.domain.differences import CellChange, CellState, Difference
from remit.domain.facts import Body, Fact, Facts
from remit.domain.gaps import Gap, GapKind
from remit.domain.intervals import Interval
from remit.domain.model import Model, model_at
from remit.domain.people import OwnerKind, OwnerRef, Person
from remit.domain.policy import Agreement, Assignment, Delegation, Rule
from remit.domain.tallies import Tally
from remit.resolution.difference import difference
from remit.resolution.findings import Findings, find, with_records
from remit.resolution.ownership import resolve
from remit.usecases.shipped import shipped_catalogue
from support.findings import brief, findings
from support.model_strategies import models
from support.models import NOON, PM, PO, a_rule, a_selector, a_split, an_area, an_assignment, the_root

TODAY = NOON.date()
STATEMENTS = Rule | Assignment | Agreement | Delegation
GAP_OF: Mapping[Outcome, GapKind] = {
    Outcome.UNOWNED: GapKind.UNOWNED,
    Outcome.CONFLICT: GapKind.CONFLICT,
    Outcome.OWNER_INACTIVE: GapKind.OWNER_INACTIVE,
    Outcome.BLURRY: GapKind.BLURRY_WITHOUT_AGREEMENT,
}


def of(facts: Facts) -> Findings:
    return find(model_at(facts, NOON), facts, NOON, TODAY)


def between(before: tuple[Fact[Body], ...], after: tuple[Fact[Body], ...]) -> Difference:
    return difference(findings(*before), findings(*after))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Facts, Facts]:
    """A model, and the same with some statements left out and a stage and somebody's activity changed, perhaps."""
    facts = draw(models())
    kept = []
    for fact in facts.declared:
        if isinstance(fact.body, STATEMENTS) and draw(st.integers(0, 4)) == 0:
            continue
        kept.append(fact)
    stage = draw(st.sampled_from(Stage))
    staged = [replace(f, body=replace(f.body, stage=stage)) if f.key == "acme" else f for f in kept]  # type: ignore[call-arg]
    if draw(st.booleans()):
        staged = [
            replace(f, body=replace(f.body, active=False)) if f.key == "ana" and isinstance(f.body, Person) else f
            for f in staged
        ]
    return facts, Facts(facts.catalogue, tuple(staged))


@given(facts=models())
@settings(max_examples=50)
def test_nothing_is_otherwise_between_a_model_and_itself(facts: Facts) -> None:
    assert difference(of(facts), of(facts)) == Difference((), (), ())


@given(pair=pairs())
@settings(max_examples=150)
def test_it_is_what_two_whole_resolutions_differ_in(pair: tuple[Facts, Facts]) -> None:
    before, after = (answers(model_at(facts, NOON)) for facts in pair)
    told = difference(*map(of, pair))
    assert {(one.area, one.responsibility): (one.before, one.after) for one in told.cells} == {
        cell: (before.get(cell), after.get(cell))
        for cell in before.keys() | after.keys()
        if before.get(cell) != after.get(cell)
    }
    assert sizes(told.opened) == Counter((kind, row) for kind, _, row in open_cells(after) - open_cells(before))
    assert sizes(told.closed) == Counter((kind, row) for kind, _, row in open_cells(before) - open_cells(after))


@given(pair=pairs())
@settings(max_examples=50)
def test_the_other_way_round_it_is_the_same_with_before_and_after_exchanged(pair: tuple[Facts, Facts]) -> None:
    before, after = map(of, pair)
    there, back = difference(before, after), difference(after, before)
    assert {(c.area, c.responsibility, c.before, c.after) for c in there.cells} == {
        (c.area, c.responsibility, c.after, c.before) for c in back.cells
    }
    assert (there.opened, there.closed) == (back.closed, back.opened)


def answers(model: Model) -> dict[tuple[str, str], CellState]:
    found = (resolve(model, area, row) for area in model.areas for row in model.responsibilities)
    return {(str(a.area), a.responsibility): CellState(a.outcome, a.lead, a.accountable) for a in found}


def open_cells(told: Mapping[tuple[str, str], CellState]) -> set[tuple[GapKind, str, str]]:
    return {(GAP_OF[state.outcome], *cell) for cell, state in told.items() if state.outcome in GAP_OF}


def sizes(gaps: Iterable[Gap]) -> Counter[tuple[GapKind, str]]:
    """How many cells of each kind and responsibility the gaps count together."""
    counts: Counter[tuple[GapKind, str]] = Counter()
    for gap in gaps:
        counts[gap.kind, str(gap.responsibility)] += gap.count
    return counts


def ana(outcome: Outcome) -> CellState:
    return CellState(outcome, PM, OwnerRef(OwnerKind.PERSON, "ana"))


NOBODY = CellState(Outcome.UNOWNED, PM, None)


def test_a_new_assignment_changes_its_cells_and_closes_their_part_of_a_gap() -> None:
    others = (an_assignment("acme", "omar", function=PO),)
    row = an_assignment("checkout", "ana", responsibility="innovation")
    told = between(others, (*others, row))
    assert told.cells == (
        CellChange("checkout", "innovation", NOBODY, ana(Outcome.OWNED)),
        CellChange("cart", "innovation", NOBODY, ana(Outcome.INHERITED)),
    )
    assert (told.opened, [brief(gap) for gap in told.closed]) == ((), ["UNOWNED checkout 2"])


def test_another_kind_of_gap_in_the_same_cell_closes_one_and_opens_one() -> None:
    one, two = (an_assignment("checkout", owner, responsibility="innovation") for owner in ("ana", "ivo"))
    told = between((one, two), (two,))
    assert [brief(gap) for gap in told.closed] == ["CONFLICT checkout 2"]
    assert told.opened == ()
    assert [brief(gap) for gap in between((one, two), ()).opened] == ["UNOWNED checkout 2"]


def test_a_cell_of_an_area_that_is_new_has_nothing_before_and_one_that_ended_nothing_after() -> None:
    old, new = an_area("old"), an_area("new")
    told = between((the_root(), old), (the_root(), new))
    assert {(one.area, one.before is None, one.after is None) for one in told.cells} == {
        ("new", True, False),
        ("old", False, True),
    }
    assert len(told.cells) == 2 * 17
    assert {gap.area for gap in told.opened} == {"new"}
    assert {gap.area for gap in told.closed} == {"old"}


def test_a_stage_of_the_root_changes_what_its_profile_says_and_nothing_else() -> None:
    people = (an_assignment("acme", "ana"), an_assignment("acme", "omar", function=PO))
    areas = (an_area("shop"), an_area("bank", stage=Stage.SCALE_UP))
    told = between((the_root(), *areas, *people), (the_root(Stage.ENTERPRISE), *areas, *people))
    assert {one.area for one in told.cells} == {"acme", "shop"}
    assert {one.responsibility for one in told.cells} == {"communication", "team_meetings", "business_objectives"}
    assert {brief(gap) for gap in told.closed} == {"BLURRY_WITHOUT_AGREEMENT acme 2"}


def test_a_rule_that_says_the_same_as_before_changes_nothing() -> None:
    people = (an_assignment("acme", "ana"),)
    assert between(people, (*people, a_rule("cart", "innovation", a_split(PM)))) == Difference((), (), ())


def test_gaps_of_issues_count_by_how_much_they_grew_or_shrank() -> None:
    tallies = [Tally("jira", "PAY", "Bug", (label,), (), (), (), count) for label, count in (("Cart", 3), ("Desk", 4))]

    def told(*values: str) -> Findings:
        selectors = [a_selector(component=value) for value in values]
        facts = Facts(shipped_catalogue(), (the_root(), an_area("shop", jira=selectors)))
        return with_records(find(model_at(facts, NOON), facts, NOON, TODAY), tallies, [])

    nothing, some, all_ = told("Other"), told("Cart"), told("Cart", "Desk")
    assert [brief(gap) for gap in difference(nothing, some).closed] == ["UNMATCHED_ISSUES None 3"]
    assert [brief(gap) for gap in difference(all_, some).opened] == ["UNMATCHED_ISSUES None 4"]
    assert difference(nothing, some).opened == ()


def test_an_assignment_that_ends_now_opens_an_expired_one() -> None:
    row = an_assignment("payments", "ana", responsibility="innovation")
    told = between((row,), (replace(row, valid=Interval(None, NOON)),))
    assert [brief(gap) for gap in told.opened] == ["UNOWNED payments 3", "EXPIRED_ASSIGNMENT payments ana 3"]
