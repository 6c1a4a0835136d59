"""Gaps about issues: those of no area, those of several, and the accounts that nobody has."""

from typing import Any

from remit.domain.facts import Body, Fact
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import SourceName
from remit.domain.model import Model
from remit.domain.tallies import Tally
from remit.resolution.issue_gaps import issue_gaps
from support.models import PM, PO, a_model, a_rule, a_selector, a_split, an_area, the_root

JIRA = SourceName("jira")


def alike(count: int, project: str = "PAY", **said: Any) -> Tally:
    told = {"type": "Bug", "components": (), "labels": (), "team": (), "epics": (), **said}
    return Tally(JIRA, project, count=count, **told)


def a_shop(*facts: Fact[Body]) -> Model:
    """acme > shop > (cart, desk), which divide the project PAY by component, and both claim the label `till`."""
    cart = an_area("cart", "shop", jira=[a_selector(project="PAY", component="Cart"), a_selector(label="till")])
    desk = an_area("desk", "shop", jira=[a_selector(project="PAY", component="Desk"), a_selector(label="till")])
    return a_model(the_root(), an_area("shop"), cart, desk, *facts)


def test_issues_that_some_area_claims_are_no_gap() -> None:
    assert issue_gaps(a_shop(), [alike(3, components=("Cart",)), alike(4, components=("Desk", "Other"))]) == ()


def test_issues_of_no_area_are_counted_by_project_where_others_of_it_belong() -> None:
    told = [alike(3), alike(2, components=("Other",)), alike(4, components=("Other", "More")), alike(1, "WEB")]
    assert issue_gaps(a_shop(), told) == (
        Gap(
            GapKind.UNMATCHED_ISSUES,
            "shop",
            None,
            None,
            9,
            "9 open issues of the project PAY belong to no area (6 with the component 'Other'): "
            "give an area a selector for them.",
            "PAY",
        ),
        Gap(
            GapKind.UNMATCHED_ISSUES,
            None,
            None,
            None,
            1,
            "1 open issue of the project WEB belongs to no area: give an area a selector for them.",
            "WEB",
        ),
    )


def test_issues_of_several_areas_are_counted_by_those_areas() -> None:
    told = [alike(3, labels=("till",)), alike(2, "WEB", labels=("till", "new"))]
    assert issue_gaps(a_shop(), told) == (
        Gap(
            GapKind.CONFLICT,
            "shop",
            None,
            None,
            5,
            "5 open issues belong to each of cart, desk: let one of their selectors ask for more, or take one away.",
            "issues cart desk",
        ),
    )


def test_issues_under_two_rules_that_tie_are_counted_by_those_rules() -> None:
    model = a_shop(
        a_rule("shop", "documentation", a_split(PM), issue=a_selector(label="x"), key="one"),
        a_rule("shop", "documentation", a_split(PO), issue=a_selector(label=["y", "z"]), key="two"),
        a_rule("shop", "innovation", a_split(PO), issue=a_selector(label="x"), key="three"),
    )
    both = [alike(count, components=("Cart",), labels=("x", other)) for count, other in ((3, "y"), (2, "z"), (1, "w"))]
    assert issue_gaps(model, [*both, alike(7, components=("Desk",), labels=("y",))]) == (
        Gap(
            GapKind.CONFLICT,
            "shop",
            "documentation",
            None,
            5,
            "5 open issues fall under several rules at shop for documentation that stand equal (one, two): "
            "let one of them ask for more, or end all but one.",
            "issues one two",
        ),
    )


def test_labels_that_nobody_asks_for_make_no_difference() -> None:
    told = [alike(1, components=("Cart",), labels=(f"label-{n}",)) for n in range(50)]
    assert issue_gaps(a_shop(), [*told, *(alike(1, labels=(f"label-{n}",)) for n in range(50))])[0].count == 50


def test_projects_with_most_issues_come_first() -> None:
    told = [alike(1, "A"), alike(5, "B"), alike(1, "C")]
    assert [gap.subject for gap in issue_gaps(a_shop(), told)] == ["B", "A", "C"]
