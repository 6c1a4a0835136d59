"""Ending rows, confirming owners: nothing is deleted, and a beginning stays where it is."""

from datetime import datetime

import pytest

from remit.changing.planning import plan_changes
from remit.domain.changes import Change, ConfirmOwner, EndRow, SetArea, SetAssignment, SetFunction, SetLens
from remit.domain.facts import FactKind, Facts
from support.changing import AUGUST, JULY, JUNE, MODEL, SEPTEMBER, a_model, changed, mistakes, planned, row, rows

ASSIGNMENT = FactKind.ASSIGNMENT
ANA = "payments/all/product_management/ana"
TO_COME = "payments/coordination/product_operations/omar"


def ended(key: str, at: datetime | None = None, kind: FactKind = ASSIGNMENT) -> EndRow:
    return EndRow(kind=kind, key=key, at=at)


def confirmed(due: datetime = SEPTEMBER, at: datetime | None = None, by: str = "pat") -> ConfirmOwner:
    return ConfirmOwner(row="ops", by=by, due=due, at=at)


def test_a_row_ends_now() -> None:
    assert row(changed(ended("ops")), ASSIGNMENT, "ops") == ["..07-01"]


def test_a_row_ends_when_it_is_told_to() -> None:
    assert row(changed(ended("ops", SEPTEMBER)), ASSIGNMENT, "ops") == ["..09-01"]


def test_it_may_turn_out_to_have_ended_earlier() -> None:
    assert row(changed(ended("ops", JUNE)), ASSIGNMENT, "ops") == ["..06-01"]


def test_a_row_that_has_not_begun_is_withdrawn() -> None:
    assert row(changed(ended(TO_COME)), ASSIGNMENT, TO_COME) == []


def test_what_was_to_begin_after_the_end_is_withdrawn_too() -> None:
    facts = changed(SetAssignment(row="ops", owner="pat", start=SEPTEMBER))
    assert row(changed(ended("ops", AUGUST), facts=facts), ASSIGNMENT, "ops", "owner") == ["..08-01 owner=omar"]


def test_everything_else_stays_as_it_is() -> None:
    plan = planned(ended("ops")).plan
    assert [(fact.kind, fact.key) for fact in (*plan.opens, *plan.closes)] == [(ASSIGNMENT, "ops")] * 2


REFUSED = [
    ("a row that is not there", ended("nothing"), "changes[0].key UNKNOWN_KEY"),
    ("a row of another kind", ended("ops", kind=FactKind.RULE), "changes[0].key UNKNOWN_KEY"),
    ("a row that has ended", ended("payments/innovation", AUGUST, FactKind.RULE), "changes[0].at ENDED"),
    ("an end before its start", ended("checkout/all/product_management/pat", JUNE), "changes[0].at WINDOW"),
    ("an end at its start", ended("checkout/all/product_management/pat", JULY), "changes[0].at WINDOW"),
    ("an instant without an offset", ended("ops", AUGUST.replace(tzinfo=None)), "changes[0].at TIME"),
    ("the organisation in the future", ended("acme", SEPTEMBER, FactKind.AREA), "changes[0].at WINDOW"),
]


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_ending_is_refused(change: Change, told: str) -> None:
    begun = SetAssignment(area="checkout", responsibility="all", function="product_management", owner="pat")
    facts = changed(begun, ended("payments/innovation", kind=FactKind.RULE))
    assert mistakes(change, facts=facts, now=AUGUST) == [told]


def test_what_others_still_name_cannot_end_without_them() -> None:
    assert mistakes(ended("pat", kind=FactKind.PERSON)) == []
    assert mistakes(ended("omar", kind=FactKind.PERSON)) == ["changes[0].at STILL_NAMED"] * 4
    assert mistakes(ended("checkout", kind=FactKind.AREA)) == ["changes[0].at STILL_NAMED"]
    ours = (SetLens(key="colour", name="Colour"), SetFunction(key="design", name="D", lenses=(("colour", "red"),)))
    assert mistakes(ended("colour", AUGUST, FactKind.LENS), facts=changed(*ours)) == ["changes[0].at STILL_NAMED"]
    together = (ended("checkout", kind=FactKind.AREA), ended("the-line", kind=FactKind.RULE))
    assert mistakes(*together) == []


def test_the_organisation_ends_only_for_another() -> None:
    only = a_model(MODEL.partition("people:")[0])
    another = SetArea(key="new", name="New", parent=None, stage="startup")
    assert mistakes(ended("acme", kind=FactKind.AREA), facts=only) == ["changes[0].key NO_ROOT"]
    after = changed(ended("acme", kind=FactKind.AREA), another, facts=only)
    assert rows(after, FactKind.AREA) == {"acme": ["..07-01"], "new": ["07-01.."]}


def test_a_confirmation_stands_beside_the_assignment_until_it_is_due() -> None:
    after = changed(confirmed())
    assert row(after, FactKind.CONFIRMATION, "ops", "owner", "by") == ["07-01..09-01 owner=omar by=pat"]
    assert row(after, ASSIGNMENT, "ops") == row(a_model(), ASSIGNMENT, "ops")


def test_who_does_not_say_who_confirms_confirms_in_the_own_name() -> None:
    change = ConfirmOwner(row="ops", due=SEPTEMBER)
    facts = Facts(a_model().catalogue, plan_changes(a_model(), [change], JULY, "a token").plan.result)
    assert row(facts, FactKind.CONFIRMATION, "ops", "by") == ["07-01..09-01 by=a token"]


def test_who_has_left_cannot_confirm_any_more() -> None:
    facts = changed(ended("pat", kind=FactKind.PERSON))
    assert mistakes(confirmed(), facts=facts, now=AUGUST) == ["changes[0].by UNKNOWN_KEY"]


def test_an_assignment_is_confirmed_by_what_it_says() -> None:
    change = ConfirmOwner(
        area="payments", responsibility="all", function="product_management", owner="ana", by="pat", due=SEPTEMBER
    )
    assert row(changed(change), FactKind.CONFIRMATION, ANA) == ["07-01..09-01"]


def test_confirmed_again_it_is_due_later_and_the_first_time_is_not_forgotten() -> None:
    again = changed(confirmed(due=SEPTEMBER.replace(month=12)), facts=changed(confirmed()), now=AUGUST)
    assert row(again, FactKind.CONFIRMATION, "ops") == ["07-01..08-01", "08-01..12-01"]


def test_confirmed_again_by_the_same_person_for_as_long_is_noted_too() -> None:
    again = changed(confirmed(), facts=changed(confirmed()), now=AUGUST)
    assert row(again, FactKind.CONFIRMATION, "ops") == ["07-01..08-01", "08-01..09-01"]


UNCONFIRMED = [
    ("due in the past", confirmed(due=JUNE), ["changes[0].due REVIEW_PAST"]),
    ("due without an offset", confirmed(due=AUGUST.replace(tzinfo=None)), ["changes[0].due TIME"]),
    ("at an instant without an offset", confirmed(at=JUNE.replace(tzinfo=None)), ["changes[0].at TIME"]),
    ("in advance", confirmed(at=AUGUST), ["changes[0].at WINDOW"]),
    ("by nobody", confirmed(by=" "), ["changes[0].by UNKNOWN_KEY"]),
    ("by somebody unknown", confirmed(by="eve"), ["changes[0].by UNKNOWN_KEY"]),
    ("by a team", confirmed(by="desk"), ["changes[0].by UNKNOWN_KEY"]),
    ("no such row", ConfirmOwner(row="none", by="pat", due=SEPTEMBER), ["changes[0].row UNKNOWN_KEY"]),
    ("a row that is to begin", ConfirmOwner(row=TO_COME, by="pat", due=SEPTEMBER), ["changes[0].row UNKNOWN_KEY"]),
    ("no row at all", ConfirmOwner(area="payments", responsibility="all", by="pat", due=SEPTEMBER),
     ["changes[0].function MISSING_FIELD", "changes[0].owner MISSING_FIELD"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in UNCONFIRMED], ids=[case[0] for case in UNCONFIRMED])
def test_confirming_is_refused(change: Change, told: list[str]) -> None:
    assert mistakes(change) == told


def test_nobody_can_confirm_an_assignment_to_nobody() -> None:
    nobody = SetAssignment(row="none", area="checkout", responsibility="all", function="product_operations",
                           inherit="block")  # fmt: skip
    assert mistakes(nobody, ConfirmOwner(row="none", by="pat", due=SEPTEMBER)) == ["changes[1] OWNER"]
