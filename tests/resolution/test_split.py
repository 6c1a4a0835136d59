"""Step 1: which function leads (R8 to R20)."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from remit.domain.areas import Criterion, Stage
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.resolution.ownership import resolve
from support.models import (
    APPEND,
    BLOCK,
    BLURRY,
    FALLBACK,
    LINE,
    PM,
    PO,
    UNOWNED,
    C,
    R,
    a_model,
    a_person,
    a_responsibility,
    a_rule,
    a_selector,
    a_split,
    a_stage_rule,
    an_agreement,
    an_area,
    an_assignment,
    the_root,
    words,
)


class Case(NamedTuple):
    """Who leads the leadership of cart (acme > payments > checkout > cart)? Blurry by default."""

    says: str
    facts: Sequence[Fact[Body]]
    answer: str


LEADERSHIP = "leadership"
BUG = a_selector(type="Bug")
BUG_IN_DOCS = a_selector(type="Bug", component="Docs")
ISSUE = {Criterion.TYPE: {"Bug"}, Criterion.COMPONENT: {"Docs"}, Criterion.PROJECT: {"P"}}


def rule(area: str, lead: str | None) -> Fact[Body]:
    return a_rule(area, LEADERSHIP, a_split(lead) if lead else BLURRY)


AREA_CASES = [
    Case("the catalogue holds where nothing is said", [], "BLURRY"),
    Case("R7 a catalogue row can be overridden", [a_responsibility(LEADERSHIP, a_split(PO))], "UNOWNED PO"),
    Case("the area's own rule beats every ancestor's", [rule("cart", PM), rule("checkout", PO)], "UNOWNED PM"),
    Case("the nearest ancestor's rule beats farther ones", [rule("payments", PM), rule("acme", PO)], "UNOWNED PM"),
    Case("a rule below the area says nothing about it", [rule("below", PM), an_area("below", "cart")], "BLURRY"),
    Case("R8 a split is whole: nothing of a farther layer is merged in",
         [rule("cart", PM), a_rule("acme", LEADERSHIP, a_split(PO, {PM: C})),
          an_assignment("acme", "omar", function=PO)],
         "UNOWNED PM"),
    Case("R9 a blurry rule reopens what a farther rule decided", [rule("cart", None), rule("acme", PM)], "BLURRY"),
    Case("R13 a rule of the root beats a stage set nearer",
         [rule("acme", PM), an_area("cart", "checkout", stage=Stage.STARTUP),
          a_stage_rule(Stage.STARTUP, LEADERSHIP, a_split(PO))],
         "UNOWNED PM"),
    Case("R14 the organisation's stage rule beats the catalogue",
         [a_stage_rule(Stage.SCALE_UP, LEADERSHIP, a_split(PO))], "UNOWNED PO"),
    Case("R14 only the nearest area with a stage counts",
         [an_area("checkout", "payments", stage=Stage.ENTERPRISE),
          a_stage_rule(Stage.SCALE_UP, LEADERSHIP, a_split(PO))],
         "BLURRY"),
    Case("R17 an agreement beats its own area's blurry rule",
         [rule("cart", None), an_agreement("cart", LEADERSHIP, PM)], "UNOWNED PM"),
    Case("R17 an agreement yields to its own area's rule with a lead",
         [rule("cart", PO), an_agreement("cart", LEADERSHIP, PM)], "UNOWNED PO"),
    Case("R17 an agreement yields to its own area's deliberate non-ownership",
         [a_rule("cart", LEADERSHIP, UNOWNED), an_agreement("cart", LEADERSHIP, PM)], "DELIBERATELY_UNOWNED"),
    Case("R17 an agreement beats every farther rule",
         [rule("checkout", PO), an_agreement("cart", LEADERSHIP, PM)], "UNOWNED PM"),
    Case("R17 an agreement beats every farther agreement",
         [an_agreement("acme", LEADERSHIP, PO), an_agreement("cart", LEADERSHIP, PM)], "UNOWNED PM"),
    Case("R17 an agreement above beats the stage and the catalogue",
         [an_agreement("acme", LEADERSHIP, PM), a_stage_rule(Stage.SCALE_UP, LEADERSHIP, a_split(PO))], "UNOWNED PM"),
    Case("R17 a nearer rule beats an agreement above", [rule("cart", PO), an_agreement("acme", LEADERSHIP, PM)],
         "UNOWNED PO"),
    Case("R18 a blurry rule strictly below an agreement reopens the line",
         [rule("cart", None), an_agreement("checkout", LEADERSHIP, PM)], "BLURRY"),
    Case("R19 an agreement's split is its lead and the consulted, nothing else",
         [an_agreement("cart", LEADERSHIP, PM, PO), an_assignment("cart", "ana"),
          an_assignment("cart", "omar", function=PO)],
         "OWNED PM: ana PM A, omar PO C"),
    Case("R20 deliberate non-ownership is inherited, whatever assignments exist",
         [a_rule("acme", LEADERSHIP, UNOWNED), an_assignment("cart", "ana"), an_assignment("cart", "omar", FALLBACK)],
         "DELIBERATELY_UNOWNED"),
    Case("R20 a nearer rule ends deliberate non-ownership",
         [a_rule("acme", LEADERSHIP, UNOWNED), rule("checkout", PM)], "UNOWNED PM"),
    Case("R12 rules for issues are skipped", [a_rule("cart", LEADERSHIP, a_split(PM), issue=BUG)], "BLURRY"),
]  # fmt: skip


def of(*facts: Fact[Body]) -> list[Fact[Body]]:
    """LINE, with areas of the same key replaced."""
    replaced = {fact.key for fact in facts if fact.kind == "area"}
    return [*(fact for fact in LINE if fact.key not in replaced), *facts]


@pytest.mark.parametrize("case", AREA_CASES, ids=[case.says for case in AREA_CASES])
def test_the_split_of_an_area(case: Case) -> None:
    assert words(resolve(a_model(*of(*case.facts)), AreaKey("cart"), ResponsibilityKey(LEADERSHIP))) == case.answer


ISSUE_CASES = [
    Case("R11 a matching issue rule at the root beats a rule of the area itself",
         [a_rule("acme", LEADERSHIP, a_split(PM), issue=BUG), rule("cart", PO)], "UNOWNED PM"),
    Case("R11 a matching issue rule beats an agreement",
         [a_rule("acme", LEADERSHIP, a_split(PM), issue=BUG), an_agreement("cart", LEADERSHIP, PO)], "UNOWNED PM"),
    Case("R11 an issue rule that does not match says nothing",
         [a_rule("cart", LEADERSHIP, a_split(PM), issue=a_selector(type="Story"))], "BLURRY"),
    Case("R11 the nearest issue rule wins, even with fewer criteria",
         [a_rule("cart", LEADERSHIP, a_split(PM), issue=BUG),
          a_rule("acme", LEADERSHIP, a_split(PO), issue=BUG_IN_DOCS)],
         "UNOWNED PM"),
    Case("R11 in one area more criteria win",
         [a_rule("cart", LEADERSHIP, a_split(PM), issue=BUG),
          a_rule("cart", LEADERSHIP, a_split(PO), issue=BUG_IN_DOCS)],
         "UNOWNED PO"),
    Case("R11 at equal counts the stronger criterion wins (R29)",
         [a_rule("cart", LEADERSHIP, a_split(PM), issue=BUG),
          a_rule("cart", LEADERSHIP, a_split(PO), issue=a_selector(component="Docs"))],
         "UNOWNED PO"),
    Case("R11 equal standing is a conflict without lead or holder",
         [a_rule("cart", LEADERSHIP, a_split(PM), issue=BUG),
          a_rule("cart", LEADERSHIP, a_split(PO), issue=a_selector(type=["Bug", "Story"])),
          an_assignment("cart", "ana"), an_assignment("cart", "omar", function=PO)],
         "CONFLICT"),
    Case("R12 an issue rule of an area below does not apply",
         [an_area("below", "cart"), a_rule("below", LEADERSHIP, a_split(PM), issue=BUG)], "BLURRY"),
    Case("R18 a blurry issue rule is settled by an agreement of its own area",
         [a_rule("payments", LEADERSHIP, BLURRY, issue=BUG), an_agreement("payments", LEADERSHIP, PM)], "UNOWNED PM"),
    Case("R18 the nearest agreement from the issue's area upwards settles",
         [a_rule("acme", LEADERSHIP, BLURRY, issue=BUG), an_agreement("payments", LEADERSHIP, PM),
          an_agreement("cart", LEADERSHIP, PO)],
         "UNOWNED PO"),
    Case("R18 an agreement above the blurry issue rule's area does not settle",
         [a_rule("payments", LEADERSHIP, BLURRY, issue=BUG), an_agreement("acme", LEADERSHIP, PM)], "BLURRY"),
    Case("R20 an issue rule can say that nobody owns it",
         [a_rule("acme", LEADERSHIP, UNOWNED, issue=BUG), an_assignment("cart", "ana")], "DELIBERATELY_UNOWNED"),
]  # fmt: skip


@pytest.mark.parametrize("case", ISSUE_CASES, ids=[case.says for case in ISSUE_CASES])
def test_the_split_of_an_issue(case: Case) -> None:
    model = a_model(*of(*case.facts))
    assert words(resolve(model, AreaKey("cart"), ResponsibilityKey(LEADERSHIP), ISSUE)) == case.answer


STARTUP = (the_root(Stage.STARTUP), an_area("payments"))
STAFFING = [
    ("R15 operations leads where it has an owner", [an_assignment("acme", "omar", function=PO)],
     "INHERITED PO: omar PO A"),
    ("R15 product management leads where operations has nobody", [an_assignment("acme", "ana")],
     "INHERITED PM: ana PM A"),
    ("R15 a fallback is no staff", [an_assignment("acme", "omar", FALLBACK, function=PO)], "UNOWNED PM: omar PO R"),
    ("R15 an inactive owner is staff",
     [an_assignment("payments", "omar", function=PO), a_person("omar", active=False)], "OWNER_INACTIVE PO"),
    ("R15 an owner of another responsibility is no staff",
     [an_assignment("payments", "omar", function=PO, responsibility="coordination")], "UNOWNED PM"),
    ("R15 a lesser letter is staff, though not accountable",
     [an_assignment("payments", "omar", function=PO, letter=R)], "UNOWNED PO: omar PO R"),
    ("R15 an owner hidden by a block is no staff",
     [an_assignment("payments", None, BLOCK, function=PO), an_assignment("acme", "omar", function=PO)], "UNOWNED PM"),
    ("R15 a block for the responsibility hides even the owner of everything in the same area",
     [an_assignment("payments", None, BLOCK, function=PO, responsibility="data_analytics"),
      an_assignment("payments", None, BLOCK, function=PO, responsibility="feedback_analysis"),
      an_assignment("payments", "omar", function=PO)],
     "UNOWNED PM"),
    ("R15 an owner added beside such a block is not found either",
     [an_assignment("payments", None, BLOCK, function=PO), an_assignment("payments", "omar", APPEND, function=PO)],
     "UNOWNED PM"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "answer"), [case[1:] for case in STAFFING], ids=[case[0] for case in STAFFING])
@pytest.mark.parametrize("responsibility", ["data_analytics", "feedback_analysis"])
def test_who_leads_in_a_start_up_depends_on_who_is_there(
    responsibility: str, facts: Sequence[Fact[Body]], answer: str
) -> None:
    assert words(resolve(a_model(*STARTUP, *facts), AreaKey("payments"), ResponsibilityKey(responsibility))) == answer


def test_a_stage_set_lower_in_the_tree_holds_from_there_down() -> None:
    young = an_area("payments", stage=Stage.STARTUP)
    model = a_model(the_root(Stage.ENTERPRISE), young, an_area("checkout", "payments"), an_area("billing"))
    documentation = ResponsibilityKey("documentation")
    assert [words(resolve(model, AreaKey(key), documentation)) for key in ("checkout", "billing")] == [
        "UNOWNED PM",
        "UNOWNED PO",
    ]
