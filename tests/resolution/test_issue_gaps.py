"""Gaps about issues: those of no area, those of several, and the accounts that nobody has."""

from typing import Any

from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import SourceName
from remit.domain.model import Model
from remit.domain.people import Person
from remit.domain.tallies import Account, Tally
from remit.resolution.issue_gaps import issue_gaps, unmapped
from support.models import a_fact, a_model, a_selector, an_area, the_root

JIRA = SourceName("jira")


def alike(count: int, project: str = "PAY", **said: Any) -> Tally:
    told = {"type": "Bug", "components": (), "labels": (), "team": (), "epics": (), **said}
    return Tally(JIRA, project, count=count, **told)


def a_shop() -> Model:
    """acme > shop > (cart, desk), which divide the project PAY by component, and both claim the label `till`."""
    cart = an_area("cart", "shop", jira=[a_selector(project="PAY", component="Cart"), a_selector(label="till")])
    desk = an_area("desk", "shop", jira=[a_selector(project="PAY", component="Desk"), a_selector(label="till")])
    return a_model(the_root(), an_area("shop"), cart, desk)


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


def test_projects_with_most_issues_come_first() -> None:
    told = [alike(1, "A"), alike(5, "B"), alike(1, "C")]
    assert [gap.subject for gap in issue_gaps(a_shop(), told)] == ["B", "A", "C"]


def test_an_account_that_no_person_has_is_told_with_its_name_and_how_often_it_appears() -> None:
    accounts = [
        Account(JIRA, "a-1", "Ana", 7, 5, 3),
        Account(JIRA, "a-2", None, 9, 0, 9),
        Account(JIRA, "a-3", "", 1, 1, 0),
    ]
    told = [(gap.kind, gap.count, gap.message, gap.subject) for gap in unmapped(a_model(), accounts)]
    advice = "and no person has it: add it to somebody's `identities`, or add the person."
    assert told == [
        (
            GapKind.UNMAPPED_IDENTITY,
            9,
            f"The jira account a-2 reported 9 of the mirrored issues, {advice}",
            "jira a-2",
        ),
        (
            GapKind.UNMAPPED_IDENTITY,
            7,
            f"The jira account a-1 (Ana) is assigned 5 and reported 3 of the mirrored issues, {advice}",
            "jira a-1",
        ),
        (
            GapKind.UNMAPPED_IDENTITY,
            1,
            f"The jira account a-3 is assigned 1 of the mirrored issues, {advice}",
            "jira a-3",
        ),
    ]


def test_an_account_is_somebodys_by_source_and_id() -> None:
    model = a_model(a_fact(Person("ana", "Ana", identities=(("jira", "a-1"),))))
    accounts = [Account(SourceName(source), "a-1", None, 1, 1, 0) for source in ("jira", "zendesk")]
    assert [gap.subject for gap in unmapped(model, accounts)] == ["zendesk a-1"]
