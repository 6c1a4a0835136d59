"""An entry stands once in a list of a change; one that stands twice is named, whichever of both would have held."""

from dataclasses import fields
from typing import Any

import pytest

from remit.changing.lists import wrong_lists
from remit.changing.words import KINDS
from remit.domain.changes import (
    Change,
    SetAgreement,
    SetArea,
    SetDelegation,
    SetFeedbackSelectors,
    SetFunction,
    SetJiraSelectors,
    SetPerson,
    SetResponsibility,
    SetRow,
    SetRule,
    SetTeam,
)
from remit.domain.errors import Invalid
from support.changing import AUGUST, mistakes, planned

CELL = {"area": "payments", "responsibility": "innovation"}
LENSES = (("focus", "x"), ("altitude", "y"), ("focus", "z"))
SUPPORT = (("product_operations", "consulted"), (" product_operations ", "informed"))
JIRA = ((("label", ("a", "b")), ("project", ("WEB",))), (("project", (" WEB",)), ("label", ("b", "a", "a"))))
FEEDBACK = (("zendesk", (("tags", ("web", "shop")),)), ("zendesk", (("tags", ("shop", "web")),)))
TWICE: list[tuple[SetRow, str, str]] = [
    (SetFunction(key="design", name="Design", lenses=LENSES), "lenses[2]", "focus"),
    (SetPerson(key="ana", identities=(("jira", "a"), ("jira", "b"), ("jira", "a"))), "identities[2]", "jira a"),
    (SetPerson(key="ana", skills=(("innovation", 1), ("innovation", 3))), "skills[1]", "innovation"),
    (SetTeam(key="desk", members=("ana", "omar", "ana")), "members[2]", "ana"),
    (SetArea(key="checkout", jira=JIRA), "jira[1]", "label a or b and project WEB"),
    (SetArea(key="checkout", feedback=FEEDBACK), "feedback[1]", "zendesk tags shop or web"),
    (SetJiraSelectors(area="checkout", jira=JIRA), "jira[1]", "label a or b and project WEB"),
    (SetFeedbackSelectors(area="checkout", feedback=FEEDBACK), "feedback[1]", "zendesk tags shop or web"),
    (SetResponsibility(key="innovation", lenses=LENSES), "lenses[2]", "focus"),
    (SetResponsibility(key="innovation", lead="product_management", support=SUPPORT), "support[1]",
     "product_operations"),
    (SetRule(**CELL, lead="product_management", support=SUPPORT), "support[1]", "product_operations"),
    (SetAgreement(**CELL, lead="product_management", consulted=("product_operations", "product_operations ")),
     "consulted[1]", "product_operations"),
    (SetDelegation(from_person="omar", to_person="pat", responsibilities=("innovation", "innovation"), end=AUGUST),
     "responsibilities[1]", "innovation"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "entry"), TWICE, ids=[f"{type(c).__name__} {p}" for c, p, _ in TWICE])
def test_an_entry_that_stands_twice_is_named_where_it_stands_again(change: Change, path: str, entry: str) -> None:
    with pytest.raises(Invalid) as refused:
        planned(change)
    assert [str(problem) for problem in refused.value.problems] == [
        f"changes[0].{path}: {entry!r} stands in this list already; keep one [DUPLICATE_ENTRY]"
    ]


def test_every_list_of_every_change_is_tried_above() -> None:
    """But for the issue of a rule, which is one selector, whose criteria the graph gives once each."""
    lists = {
        (change, field.name)
        for change in KINDS
        for field in fields(change)
        if any(word in str(field.type) for word in ("tuple", "Pairs", "Criteria")) and field.name != "issue"
    }
    assert lists == {(type(change), path.partition("[")[0]) for change, path, _ in TWICE}


def test_a_criterion_of_feedback_stands_once_and_is_not_its_source() -> None:
    doubled = SetArea(key="checkout", feedback=(("zendesk", (("tags", ("web",)), ("tags", ("shop",)))),))
    assert mistakes(doubled) == ["changes[0].feedback[0].criteria[1] DUPLICATE_ENTRY"]
    source = SetFeedbackSelectors(area="checkout", feedback=(("zendesk", (("source", ("web",)),)),))
    assert mistakes(source) == ["changes[0].feedback[0].criteria[0].name SELECTOR"]


def test_values_of_a_selector_count_once_however_often_they_are_given() -> None:
    assert mistakes(SetJiraSelectors(area="checkout", jira=((("label", ("a", "a")),),))) == []


def test_no_responsibilities_at_all_are_not_all_of_them() -> None:
    said: dict[str, Any] = {"from_person": "omar", "to_person": "pat", "end": AUGUST}
    nothing = SetDelegation(**said, responsibilities=())
    assert [(one.code, one.path, one.message) for one in wrong_lists(nothing)] == [
        ("WRONG_VALUE", ("responsibilities",),
         "an empty list delegates nothing; name responsibilities, or leave it out or give null to delegate all of them")
    ]  # fmt: skip
    assert mistakes(nothing) == ["changes[0].responsibilities WRONG_VALUE"]
    assert mistakes(SetDelegation(**said)) == []
