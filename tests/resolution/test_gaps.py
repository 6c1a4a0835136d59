"""Gaps of cells: each kind, where it is caused, how many cells suffer, and what to do."""

from dataclasses import replace
from datetime import date

import pytest

from remit.domain.areas import Stage
from remit.domain.facts import Body, Fact
from remit.domain.gaps import Gap, GapKind
from remit.domain.people import OwnerKind, OwnerRef
from remit.domain.policy import Agreement
from support.findings import brief, findings, gaps_of
from support.models import (
    BLOCK,
    BLURRY,
    FALLBACK,
    PM,
    PO,
    UNOWNED,
    a_delegation,
    a_person,
    a_rule,
    a_split,
    a_team,
    an_agreement,
    an_area,
    an_assignment,
    the_root,
)


def told(*facts: Fact[Body], of: str | None = "innovation", under: str | None = None) -> list[str]:
    return [brief(gap) for gap in gaps_of(findings(*facts), of=of, under=under)]


def reviewed(by: date, area: str = "payments", responsibility: str = "leadership") -> Fact[Body]:
    fact = an_agreement(area, responsibility, PM, PO)
    assert isinstance(fact.body, Agreement)
    return replace(fact, body=replace(fact.body, review=by))


def test_a_cell_that_is_owned_has_no_gap() -> None:
    assert told(an_assignment("acme", "ana")) == []


def test_nobody_anywhere_is_one_gap_at_the_root_that_counts_every_area() -> None:
    assert told(an_assignment("cart", "omar", function=PO)) == ["UNOWNED acme 4"]


def test_nobody_above_those_who_have_somebody_counts_only_those_who_suffer() -> None:
    assert told(an_assignment("checkout", "ana")) == ["UNOWNED acme 2"]


def test_nobody_is_told_with_the_function_and_what_to_do() -> None:
    (gap,) = gaps_of(findings(an_assignment("checkout", "ana")))
    assert gap == Gap(
        GapKind.UNOWNED,
        "acme",
        "innovation",
        None,
        2,
        "Nobody of product_management is accountable for innovation at acme and 1 area below: "
        "assign somebody, or record a rule with `unowned: true` if that is meant.",
        "product_management",
    )


def test_another_function_that_leads_below_is_a_gap_of_its_own() -> None:
    assert told(a_rule("checkout", "innovation", a_split(PO))) == ["UNOWNED acme 2", "UNOWNED checkout 2"]


def test_a_block_is_a_gap_of_its_own_since_nobody_above_would_help() -> None:
    block = an_assignment("checkout", None, BLOCK)
    assert told(block) == ["UNOWNED acme 2", "UNOWNED checkout 2"]
    assert told(block, an_assignment("acme", "ana")) == ["UNOWNED checkout 2"]
    (gap,) = gaps_of(findings(block, an_assignment("acme", "ana")))
    assert "the block at checkout hides everybody above" in gap.message


def test_deliberate_non_ownership_is_no_gap() -> None:
    assert told(a_rule("acme", "innovation", UNOWNED)) == []


def test_two_who_claim_the_same_are_one_gap_where_they_do() -> None:
    (gap,) = gaps_of(findings(an_assignment("payments", "ana"), an_assignment("payments", "ivo")), GapKind.CONFLICT)
    assert (brief(gap), gap.subject) == (
        "CONFLICT payments 3",
        "payments/all/product_management/ana payments/all/product_management/ivo",
    )
    assert gap.message == (
        "Several owners claim innovation at payments and 2 areas below: everything for product_management at payments "
        "to ana and everything for product_management at payments to ivo; give one of them the letter `accountable`, "
        "or end all but one."
    )


def test_two_conflicts_one_below_the_other_are_two_gaps() -> None:
    owners = [an_assignment(area, owner) for area in ("acme", "checkout") for owner in ("ana", "ivo")]
    assert told(*owners) == ["CONFLICT acme 2", "CONFLICT checkout 2"]


def test_an_owner_who_left_is_named_with_the_cells_that_wait() -> None:
    (gap,) = gaps_of(findings(an_assignment("payments", "ana"), a_person("ana", active=False)), GapKind.OWNER_INACTIVE)
    assert gap == Gap(
        GapKind.OWNER_INACTIVE,
        "payments",
        "innovation",
        OwnerRef(OwnerKind.PERSON, "ana"),
        3,
        "ana, who would be accountable for innovation at payments and 2 areas below by the assignment of everything "
        "for product_management at payments to ana, is not active: assign somebody else, or let somebody stand in.",
        "payments/all/product_management/ana",
    )


def test_a_team_without_active_members_is_inactive_and_one_who_is_stood_in_for_is_not() -> None:
    gone = a_person("ana", active=False)
    team = [a_team("desk", "ana"), an_assignment("acme", "desk"), gone]
    assert told(*team) == ["OWNER_INACTIVE acme desk 4"]
    assert "to desk, has no active member:" in gaps_of(findings(*team))[0].message
    assert told(an_assignment("acme", "ana"), a_delegation("ana", "ivo"), gone) == []


def test_the_same_owner_by_two_assignments_is_two_gaps() -> None:
    gone = a_person("ana", active=False)
    rows = [an_assignment("acme", "ana"), an_assignment("checkout", "ana")]
    assert told(*rows, gone) == ["OWNER_INACTIVE acme ana 2", "OWNER_INACTIVE checkout ana 2"]


def test_a_blurry_line_is_a_gap_until_an_agreement_or_a_rule_settles_it() -> None:
    people = [an_assignment("acme", "ana"), an_assignment("acme", "omar", function=PO)]
    assert told(*people, of="leadership") == ["BLURRY_WITHOUT_AGREEMENT acme 4"]
    assert told(*people, an_agreement("payments", "leadership", PM), of="leadership") == [
        "BLURRY_WITHOUT_AGREEMENT acme 1"
    ]
    assert told(*people, a_rule("acme", "leadership", a_split(PM)), of="leadership") == []


def test_a_rule_that_opens_a_line_again_is_a_gap_of_its_own() -> None:
    people = [an_assignment("acme", "ana"), an_assignment("acme", "omar", function=PO)]
    assert told(*people, a_rule("checkout", "leadership", BLURRY), of="leadership") == [
        "BLURRY_WITHOUT_AGREEMENT acme 2",
        "BLURRY_WITHOUT_AGREEMENT checkout 2",
    ]


def test_a_stage_below_is_no_other_cause_since_an_agreement_above_settles_it_too() -> None:
    areas = [the_root(), an_area("startup", stage=Stage.STARTUP)]
    assert told(*areas, of="leadership") == ["BLURRY_WITHOUT_AGREEMENT acme 2"]


@pytest.mark.parametrize(("review", "due"), [(date(2026, 5, 31), True), (date(2026, 6, 1), False)])
def test_a_review_is_due_from_the_day_after(review: date, due: bool) -> None:
    """NOON is on the first of June."""
    found = told(an_assignment("acme", "ana"), reviewed(review), of="leadership")
    assert found == ["BLURRY_WITHOUT_AGREEMENT acme 1"] + ["AGREEMENT_REVIEW_DUE payments 3"] * due


def test_a_review_is_due_by_the_day_it_is_told() -> None:
    facts = [an_assignment("acme", "ana"), reviewed(date(2026, 6, 1))]
    early, late = (findings(*facts, today=date(2026, 6, day)) for day in (1, 2))
    assert gaps_of(early, GapKind.AGREEMENT_REVIEW_DUE, of=None) == []
    (gap,) = gaps_of(late, GapKind.AGREEMENT_REVIEW_DUE, of=None)
    assert gap.message == (
        "The agreement that product_management leads leadership at payments and 2 areas below was to be reviewed by "
        "2026-06-01: confirm it with a later date, or change it."
    )


def test_an_agreement_that_settles_nothing_is_told_too() -> None:
    rule = a_rule("payments", "leadership", a_split(PM))
    found = findings(an_assignment("acme", "ana"), rule, reviewed(date(2026, 1, 1)))
    (gap,) = gaps_of(found, GapKind.AGREEMENT_REVIEW_DUE, of=None)
    assert (brief(gap), "settles nothing" in gap.message) == ("AGREEMENT_REVIEW_DUE payments 0", True)


def test_a_subtree_has_the_gaps_of_its_own_cells_at_its_own_top() -> None:
    rows = [an_assignment("cart", "ana")]
    assert told(*rows) == ["UNOWNED acme 3"]
    assert told(*rows, under="payments") == ["UNOWNED payments 2"]
    assert told(*rows, under="cart") == []
    assert told(*rows, under="acme") == told(*rows)


def test_kinds_come_in_their_order_then_places_from_the_root_down() -> None:
    found = told(
        an_assignment("payments", "ana"),
        an_assignment("checkout", "ivo"),
        an_assignment("checkout", "eva"),
        a_person("ana", active=False),
        an_assignment("acme", "omar", FALLBACK, function=PO),
        of=None,
    )
    kinds = [line.split()[0] for line in found]
    assert sorted(kinds, key=list(GapKind).index) == kinds
    assert found[0] == "UNOWNED acme 1"
    assert {line for line in found if line.startswith("OWNER_INACTIVE")} == {"OWNER_INACTIVE payments ana 1"}


def test_every_gap_has_a_key_of_its_own() -> None:
    found = findings(an_assignment("cart", "ana"), an_assignment("cart", "ivo"), reviewed(date(2026, 1, 1)))
    keys = [gap.key for gap in gaps_of(found, of=None)]
    assert len(set(keys)) == len(keys)
