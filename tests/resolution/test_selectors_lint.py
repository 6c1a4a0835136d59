"""The lint of selectors: what can never match, what another area always takes, which names are nearly right."""

from collections.abc import Mapping, Sequence

import pytest

from remit.domain.areas import Criterion, Selector
from remit.domain.facts import Body, Fact
from remit.domain.findings import SelectorFault, SelectorFinding
from remit.domain.tallies import Vocabulary
from remit.resolution.selectors_lint import epics_of, lint
from support.models import BLURRY, a_model, a_rule, a_selector, an_area, the_root

IN_USE: Mapping[str, Sequence[str]] = {
    "project": ("PAY", "WEB"),
    "component": ("Cart", "Docs", "alloy", "Alloy"),
    "label": ("beta",),
    "type": ("Bug", "Story"),
    "team": ("17", "Blue"),
    "epic": ("PAY-1",),
}


def in_use(**more: Sequence[str]) -> Vocabulary:
    told = {**IN_USE, **more}
    return {criterion: frozenset(told[criterion.value]) for criterion in Criterion}


def found(*facts: Fact[Body], **more: Sequence[str]) -> list[tuple[str, str]]:
    """`[("shop", "NEVER_MATCHES")]`."""
    return [(one.area, one.fault.value) for one in lint(a_model(the_root(), *facts), in_use(**more))]


def test_a_selector_of_names_in_use_has_no_fault() -> None:
    selectors = [a_selector(project="PAY", component=["Cart", "Docs"]), a_selector(epic="PAY-1", label="beta")]
    assert found(an_area("shop", jira=selectors), an_area("blue", jira=[a_selector(team="Blue", type="Bug")])) == []


@pytest.mark.parametrize(
    "selector",
    [
        a_selector(project="OLD"),
        a_selector(project="PAY", component="Basket"),
        a_selector(label=["gamma", "delta"]),
        a_selector(type="Epic"),
        a_selector(team="Red"),
        a_selector(epic="PAY-2"),
    ],
    ids=str,
)
def test_a_selector_of_which_one_criterion_names_nothing_in_use_never_matches(selector: Selector) -> None:
    assert found(an_area("shop", jira=[selector])) == [("shop", "NEVER_MATCHES")]


def test_the_finding_says_what_is_missing_and_where() -> None:
    (finding,) = lint(a_model(the_root(), an_area("shop", jira=[a_selector(component="Basket")])), in_use())
    message = "The selector component Basket of shop never matches: no component is called 'Basket'"
    assert finding == SelectorFinding(SelectorFault.NEVER_MATCHES, "shop", "component Basket", message)


def test_one_unknown_value_among_others_only_is_unknown() -> None:
    assert found(an_area("shop", jira=[a_selector(component=["Cart", "Basket"])])) == [("shop", "UNKNOWN_VALUE")]


def test_a_team_where_no_issue_has_one_points_to_the_setting() -> None:
    (finding,) = lint(a_model(the_root(), an_area("shop", jira=[a_selector(team="Blue")])), in_use(team=()))
    assert finding.fault is SelectorFault.TEAM_NOT_READ
    assert "REMIT_JIRA_TEAM_FIELD" in finding.message


@pytest.mark.parametrize(
    ("asked", "spelt"),
    [("cart", "Cart"), ("C art", "Cart"), ("Café", "Cafe\u0301"), ("Ｃart", "Cart")],
    ids=["case", "space", "Unicode form", "width"],
)
def test_a_name_spelt_otherwise_is_a_near_miss(asked: str, spelt: str) -> None:
    area = an_area("shop", jira=[a_selector(component=asked)])
    assert found(area, component=[spelt]) == [("shop", "NEVER_MATCHES"), ("shop", "NEAR_MISS")]


def test_a_name_in_use_beside_one_spelt_otherwise_is_a_near_miss_unless_both_are_named() -> None:
    assert found(an_area("shop", jira=[a_selector(component="alloy")])) == [("shop", "NEAR_MISS")]
    assert found(an_area("shop", jira=[a_selector(component=["alloy", "Alloy"])])) == []


def test_an_issue_rule_is_looked_at_like_a_selector() -> None:
    rule = a_rule("shop", "documentation", BLURRY, issue=a_selector(label="gamma"))
    (finding,) = lint(a_model(the_root(), an_area("shop"), rule), in_use())
    assert finding.message.startswith("The rule at shop for issues with label gamma never matches")


def test_before_anything_was_read_no_name_is_called_unknown() -> None:
    nothing = dict.fromkeys(Criterion, frozenset[str]())
    model = a_model(the_root(), an_area("shop", jira=[a_selector(project="PAY", team="Blue")]))
    assert lint(model, nothing) == ()


def test_the_same_selector_deeper_shadows() -> None:
    shop, cart = (
        an_area("shop", jira=[a_selector(project="PAY")]),
        an_area("cart", "shop", jira=[a_selector(project="PAY")]),
    )
    (finding,) = lint(a_model(the_root(), shop, cart), in_use())
    assert (finding.fault, finding.area, finding.other) == (SelectorFault.SHADOWED, "shop", "cart")


def test_the_same_selector_just_as_deep_ties_both_ways() -> None:
    areas = [an_area(key, jira=[a_selector(project="PAY")]) for key in ("shop", "desk")]
    assert [(one.area, one.fault, one.other) for one in lint(a_model(the_root(), *areas), in_use())] == [
        ("desk", SelectorFault.TIED, "shop"),
        ("shop", SelectorFault.TIED, "desk"),
    ]


def test_a_wider_selector_takes_all_and_a_narrower_one_does_not() -> None:
    wide = an_area("wide", jira=[a_selector(project="PAY", component=["Cart", "Docs"])])
    narrow = an_area("narrow", jira=[a_selector(project="PAY", component="Docs")])
    assert found(wide, narrow) == [("narrow", "TIED")]


@pytest.mark.parametrize(
    "other",
    [
        a_selector(project="PAY"),
        a_selector(project="PAY", component="Cart", label="beta"),
        a_selector(project="PAY", label="beta"),
    ],
    ids=["fewer", "more", "others"],
)
def test_selectors_of_other_criteria_do_not_shadow(other: Selector) -> None:
    shop = an_area("shop", jira=[a_selector(project="PAY", component="Cart")])
    assert found(shop, an_area("cart", "shop", jira=[other])) == []


def test_a_shallower_area_and_the_same_area_shadow_nothing() -> None:
    shop = an_area("shop", jira=[a_selector(project="PAY")])
    cart = an_area("cart", "shop", jira=[a_selector(project=["PAY", "WEB"]), a_selector(project="WEB")])
    assert found(shop, cart) == [("shop", "SHADOWED")]


def test_the_epics_asked_about_are_those_of_selectors_and_of_issue_rules() -> None:
    rule = a_rule("shop", "documentation", BLURRY, issue=a_selector(epic=["PAY-3"], type="Bug"))
    shop = an_area("shop", jira=[a_selector(epic=["PAY-1", "PAY-2"]), a_selector(project="PAY")])
    assert epics_of(a_model(the_root(), shop, rule)) == {"PAY-1", "PAY-2", "PAY-3"}
