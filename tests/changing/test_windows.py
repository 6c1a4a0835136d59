"""When a changed row holds: only the window a change names is replaced, what lies outside stays."""

import pytest

from remit.domain.changes import Change, EndRow, SetArea, SetAssignment, SetPerson, SetRule, SetStage
from remit.domain.facts import FactKind
from support.changing import AUGUST, JULY, JUNE, MODEL, SEPTEMBER, a_model, changed, mistakes, row

RULE = {"area": "payments", "responsibility": "innovation"}
PM, PO = "product_management", "product_operations"
PLANNED = {"area": "payments", "responsibility": "coordination", "function": PO, "owner": "omar"}

WINDOWS: list[tuple[str, tuple[Change, ...], list[str]]] = [
    ("from now on", (SetRule(**RULE, lead=PM),), [f"..07-01 lead={PO}", f"07-01.. lead={PM}"]),
    ("from later on", (SetRule(**RULE, lead=PM, start=AUGUST),), [f"..08-01 lead={PO}", f"08-01.. lead={PM}"]),
    ("a correction about the past", (SetRule(**RULE, lead=PM, start=JUNE, end=JULY),),
     [f"..06-01 lead={PO}", f"06-01..07-01 lead={PM}", f"07-01.. lead={PO}"]),
    ("for a while", (SetRule(**RULE, lead=PM, end=AUGUST),),
     [f"..07-01 lead={PO}", f"07-01..08-01 lead={PM}", f"08-01.. lead={PO}"]),
    ("one after the other", (SetRule(**RULE, lead=PM, start=AUGUST), SetRule(**RULE, lead="x-func", start=SEPTEMBER)),
     [f"..08-01 lead={PO}", f"08-01..09-01 lead={PM}", "09-01.. lead=x-func"]),
    ("the later change of the same window wins", (SetRule(**RULE, lead=PM), SetRule(**RULE, lead="x-func")),
     [f"..07-01 lead={PO}", "07-01.. lead=x-func"]),
    ("ended and begun again", (EndRow(kind=FactKind.RULE, key="payments/innovation"),
                               SetRule(**RULE, lead=PM, start=SEPTEMBER)),
     [f"..07-01 lead={PO}", f"09-01.. lead={PM}"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), [case[1:] for case in WINDOWS], ids=[case[0] for case in WINDOWS])
def test_a_rule_holds(changes: tuple[Change, ...], told: list[str]) -> None:
    facts = a_model(MODEL + "functions:\n  - {key: x-func, name: X}\n")
    assert row(changed(*changes, facts=facts), FactKind.RULE, "payments/innovation", "lead") == told


def test_a_part_set_over_two_windows_keeps_what_differs_between_them() -> None:
    facts = changed(SetArea(key="payments", name="Money", start=SEPTEMBER))
    after = changed(SetStage(area="payments", stage="startup", start=AUGUST), facts=facts)
    assert row(after, FactKind.AREA, "payments", "name", "stage") == [
        "..08-01 name=Payments stage=enterprise",
        "08-01..09-01 name=Payments stage=startup",
        "09-01.. name=Money stage=startup",
    ]


def test_an_end_that_others_set_is_not_lost() -> None:
    facts = changed(SetAssignment(row="ops", reason="for a while", end=SEPTEMBER))
    ended = changed(EndRow(kind=FactKind.ASSIGNMENT, key="ops", at=SEPTEMBER), facts=facts)
    after = changed(SetAssignment(row="ops", reason="still", start=AUGUST), facts=ended)
    assert row(after, FactKind.ASSIGNMENT, "ops", "reason") == [
        "..07-01 reason=None",
        "07-01..08-01 reason=for a while",
        "08-01..09-01 reason=still",
    ]


def test_an_end_is_taken_back_by_saying_none() -> None:
    ended = changed(EndRow(kind=FactKind.ASSIGNMENT, key="ops", at=SEPTEMBER))
    after = changed(SetAssignment(row="ops", end=None), facts=ended)
    assert row(after, FactKind.ASSIGNMENT, "ops", "owner") == ["..09-01 owner=omar", "09-01.. owner=omar"]


def test_a_row_that_is_to_begin_is_told_earlier_with_all_it_says() -> None:
    after = changed(SetAssignment(**PLANNED, start=AUGUST))
    assert row(after, FactKind.ASSIGNMENT, "payments/coordination/product_operations/omar", "owner") == [
        "08-01..09-01 owner=omar",
        "09-01.. owner=omar",
    ]


def test_a_whole_statement_without_a_window_holds_from_now() -> None:
    after = changed(SetAssignment(**PLANNED, letter="responsible"))
    assert row(after, FactKind.ASSIGNMENT, "payments/coordination/product_operations/omar", "letter") == [
        "07-01..09-01 letter=responsible",
        "09-01.. letter=responsible",
    ]


def test_a_part_of_a_person_who_is_to_come_does_not_bring_the_person_earlier() -> None:
    facts = changed(SetPerson(key="eve", name="Eve", start=SEPTEMBER))
    after = changed(SetPerson(key="eve", email="eve@acme.example"), facts=facts)
    assert row(after, FactKind.PERSON, "eve", "email") == ["09-01.. email=eve@acme.example"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (SetRule(**RULE, lead=PM, start=AUGUST, end=JULY), "changes[0].to WINDOW"),
        (SetRule(**RULE, lead=PM, start=AUGUST, end=AUGUST), "changes[0].to WINDOW"),
        (SetRule(**RULE, lead=PM, end=JUNE), "changes[0].to WINDOW"),
        (SetRule(**RULE, lead=PM, start=AUGUST.replace(tzinfo=None)), "changes[0].from TIME"),
        (SetStage(area="acme", stage="startup", start=AUGUST), "changes[0].from WINDOW"),
        (SetStage(area="acme", stage="startup", end=AUGUST), "changes[0].to WINDOW"),
    ],
    ids=["before its start", "at its start", "before now", "no offset", "of the organisation", "for a while only"],
)
def test_a_window_that_cannot_be_is_refused(change: Change, told: str) -> None:
    assert mistakes(change) == [told]
