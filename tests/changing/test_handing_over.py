"""A hand-over moves whatever a person holds, from an instant on, and nothing before it."""

import pytest

from remit.domain.changes import Change, HandOver, SetAssignment, SetDelegation, SetPerson, SetTeam
from remit.domain.facts import FactKind
from support.changing import AUGUST, SEPTEMBER, a_model, changed, mistakes, row, rows

ASSIGNMENT, DELEGATION = FactKind.ASSIGNMENT, FactKind.DELEGATION
PAYMENTS = {"area": "payments", "responsibility": "all", "function": "product_management"}


def test_assignments_end_and_are_the_heirs_from_then_on() -> None:
    after = changed(HandOver(person="omar", to="pat", at=AUGUST))
    told = {key: row(after, ASSIGNMENT, key, "owner") for key in rows(after, ASSIGNMENT)}
    assert told == {
        "ops": ["..08-01 owner=omar", "08-01.. owner=pat"],
        "payments/all/product_management/ana": [".. owner=ana"],
        "payments/coordination/product_operations/pat": ["09-01.. owner=pat"],
    }


def test_the_letter_and_the_end_go_with_an_assignment() -> None:
    facts = changed(SetAssignment(**PAYMENTS, owner="ana", end=SEPTEMBER, reason="a project"))
    after = changed(HandOver(person="ana", to="omar", at=AUGUST), facts=facts)
    key = "payments/all/product_management/omar"
    assert row(after, ASSIGNMENT, key, "letter", "reason") == [
        "08-01..09-01 letter=accountable reason=a project",
        "09-01.. letter=accountable reason=None",
    ]


def test_handed_over_to_nobody_what_was_held_just_ends() -> None:
    after = changed(HandOver(person="ana"))
    assert row(after, ASSIGNMENT, "payments/all/product_management/ana") == ["..07-01"]
    assert rows(after, ASSIGNMENT).keys() == rows(a_model(), ASSIGNMENT).keys()


def test_a_team_may_take_over() -> None:
    after = changed(HandOver(person="ana", to="desk"))
    assert row(after, ASSIGNMENT, "payments/all/product_management/desk") == ["07-01.."]


def test_where_the_heir_holds_the_same_already_the_stronger_letter_stays() -> None:
    facts = changed(SetAssignment(**PAYMENTS, owner="pat", letter="informed", reason="keeps an eye on it"))
    after = changed(HandOver(person="ana", to="pat", at=AUGUST), facts=facts)
    assert row(after, ASSIGNMENT, "payments/all/product_management/pat", "letter", "reason") == [
        "07-01..08-01 letter=informed reason=keeps an eye on it",
        "08-01.. letter=accountable reason=keeps an eye on it",
    ]


def test_where_the_heir_holds_the_same_for_a_while_the_rest_is_filled() -> None:
    facts = changed(SetAssignment(**PAYMENTS, owner="pat", letter="informed", end=SEPTEMBER))
    after = changed(HandOver(person="ana", to="pat", at=AUGUST), facts=facts)
    assert row(after, ASSIGNMENT, "payments/all/product_management/pat", "letter") == [
        "07-01..08-01 letter=informed",
        "08-01..09-01 letter=accountable",
        "09-01.. letter=accountable",
    ]


def test_delegations_from_the_person_end() -> None:
    after = changed(HandOver(person="ana", to="pat", at=SEPTEMBER))
    assert rows(after, DELEGATION) == {"ana/omar/payments/all": ["08-01..09-01"]}


def test_standing_in_for_another_is_the_heirs() -> None:
    after = changed(HandOver(person="omar", to="pat", at=SEPTEMBER))
    assert rows(after, DELEGATION) == {
        "ana/omar/payments/all": ["08-01..09-01"],
        "ana/pat/payments/all": ["09-01..10-01"],
    }


@pytest.mark.parametrize("heir", ["ana", "desk", None])
def test_nobody_stands_in_for_himself_and_no_team_for_anybody(heir: str | None) -> None:
    after = changed(HandOver(person="omar", to=heir, at=SEPTEMBER))
    assert rows(after, DELEGATION) == {"ana/omar/payments/all": ["08-01..09-01"]}


def test_who_stays_stays_active_and_in_the_team() -> None:
    after = changed(HandOver(person="omar", to="pat"))
    assert row(after, FactKind.PERSON, "omar", "active") == [".. active=None"]
    assert row(after, FactKind.TEAM, "desk", "members") == [".. members=['ana', 'omar']"]


def test_who_leaves_is_inactive_and_in_no_team_from_then_on() -> None:
    after = changed(HandOver(person="omar", to="pat", at=AUGUST, leaves=True))
    assert row(after, FactKind.PERSON, "omar", "active") == ["..08-01 active=None", "08-01.. active=False"]
    assert row(after, FactKind.TEAM, "desk", "members") == [
        "..08-01 members=['ana', 'omar']",
        "08-01.. members=['ana']",
    ]


def test_the_heir_may_be_new() -> None:
    after = changed(SetPerson(key="eve", name="Eve"), HandOver(person="ana", to="eve"))
    assert row(after, ASSIGNMENT, "payments/all/product_management/eve") == ["07-01.."]


REFUSED: list[tuple[str, tuple[Change, ...], list[str]]] = [
    ("from nobody", (HandOver(person="eve", to="pat"),), ["changes[0].person UNKNOWN_KEY"]),
    ("from a team", (HandOver(person="desk", to="pat"),), ["changes[0].person UNKNOWN_KEY"]),
    ("to nobody there is", (HandOver(person="ana", to="eve"),), ["changes[0].to UNKNOWN_KEY"]),
    ("to oneself", (HandOver(person="ana", to="ana"),), ["changes[0].to HAND_OVER"]),
    ("without an offset", (HandOver(person="ana", at=AUGUST.replace(tzinfo=None)),), ["changes[0].at TIME"]),
    ("to somebody who comes later",
     (SetPerson(key="eve", name="Eve", start=SEPTEMBER), HandOver(person="ana", to="eve")),
     ["changes[1].to UNKNOWN_KEY"]),
    ("so that a delegation leads back",
     (SetDelegation(from_person="pat", to_person="ana", start=AUGUST, end=SEPTEMBER),
      HandOver(person="omar", to="pat")),
     ["changes[0].to_person DELEGATION_LOOP", "changes[1].to DELEGATION_LOOP"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_hand_over_is_refused(changes: tuple[Change, ...], told: list[str]) -> None:
    assert mistakes(*changes) == told


def test_a_team_changed_meanwhile_keeps_its_change() -> None:
    facts = changed(SetTeam(key="desk", name="The desk", start=SEPTEMBER))
    after = changed(HandOver(person="omar", leaves=True, at=AUGUST), facts=facts)
    assert row(after, FactKind.TEAM, "desk", "name", "members") == [
        "..08-01 name=Desk members=['ana', 'omar']",
        "08-01..09-01 name=Desk members=['ana']",
        "09-01.. name=The desk members=['ana']",
    ]


def test_what_a_third_person_holds_under_the_heirs_key_stays_with_that_person() -> None:
    facts = changed(SetAssignment(**PAYMENTS, owner="pat", letter="informed"))
    facts = changed(SetAssignment(row="payments/all/product_management/pat", owner="omar"), facts=facts)
    after = changed(HandOver(person="ana", to="pat", at=AUGUST), facts=facts)
    assert row(after, ASSIGNMENT, "payments/all/product_management/pat", "owner")[-1] == "07-01.. owner=omar"
    assert row(after, ASSIGNMENT, "payments/all/product_management/pat#2", "owner") == ["08-01.. owner=pat"]
