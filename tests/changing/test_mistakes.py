"""Whatever is wrong with a change is told at that change and its field, all mistakes at once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from remit.changing.planning import MOST_CHANGES
from remit.domain.catalogue import Catalogue
from remit.domain.changes import (
    Change,
    EndRow,
    SetAbsence,
    SetAgreement,
    SetArea,
    SetAssignment,
    SetDelegation,
    SetFunction,
    SetJiraSelectors,
    SetMinutes,
    SetPerson,
    SetPreference,
    SetResponsibility,
    SetRule,
    SetTeam,
    SetThreshold,
)
from remit.domain.errors import Invalid
from remit.domain.facts import FactKind, Facts
from support.changing import AUGUST, JULY, SEPTEMBER, a_model, changed, mistakes, planned

CELL = {"area": "payments", "responsibility": "all", "function": "product_management"}
WRONG: list[tuple[str, tuple[Change, ...], list[str]]] = [
    ("a person without a name", (SetPerson(key="eve"),), ["changes[0].name MISSING_FIELD"]),
    ("a person without a key", (SetPerson(key=" ", name="Eve"),), ["changes[0].key WRONG_VALUE"]),
    ("too many hours", (SetPerson(key="ana", capacity_hours=200.0),), ["changes[0].capacity_hours WRONG_VALUE"]),
    ("a skill beyond 3", (SetPerson(key="ana", skills=(("innovation", 4),)),),
     ["changes[0].skills[0].level WRONG_VALUE"]),
    ("a member nobody knows", (SetTeam(key="desk", members=("eve",)),), ["changes[0].members UNKNOWN_KEY"]),
    ("a key for a person and a team (R2)", (SetTeam(key="ana", name="Ana"),), ["changes[0].key NAME_TAKEN"]),
    ("a reserved key (R2)", (SetTeam(key="all", name="All"),), ["changes[0].key RESERVED"]),
    ("somebody else's address", (SetPerson(key="omar", email="ANA@acme.example"),),
     ["changes[0].email IDENTITY_TAKEN"]),
    ("an area without a parent", (SetArea(key="web", name="Web", kind="team"),), ["changes[0].parent MISSING_FIELD"]),
    ("a parent nobody knows", (SetArea(key="checkout", parent="nowhere"),), ["changes[0].parent UNKNOWN_KEY"]),
    ("two roots", (SetArea(key="other", name="Other", parent=None, stage="startup"),),
     ["changes[0].parent TWO_ROOTS"]),
    ("an organisation without a stage (R53)", (SetArea(key="acme", stage=None),), ["changes[0].stage WRONG_VALUE"]),
    ("an end that the database would take for ever",
     (SetArea(key="checkout", name="X", end=datetime.max.replace(tzinfo=UTC)),), ["changes[0].to TIME"]),
    ("a start before all time",
     (SetArea(key="checkout", name="X", start=datetime.min.replace(tzinfo=UTC)),), ["changes[0].from TIME"]),
    ("a time zone below the root", (SetArea(key="checkout", timezone="UTC"),), ["changes[0].timezone UNKNOWN_FIELD"]),
    ("a time zone nobody knows", (SetArea(key="acme", timezone="Mars/Olympus"),), ["changes[0].timezone TIMEZONE"]),
    ("a stage that does not exist", (SetArea(key="checkout", stage="huge"),), ["changes[0].stage WRONG_VALUE"]),
    ("areas in a circle", (SetArea(key="payments", parent="checkout"),), ["changes[0].parent CYCLE"]),
    ("an empty selector (R28)", (SetJiraSelectors(area="checkout", jira=((),)),), ["changes[0].jira[0] SELECTOR"]),
    ("a criterion that does not exist", (SetJiraSelectors(area="checkout", jira=((("colour", ("red",)),),)),),
     ["changes[0].jira[0].colour UNKNOWN_FIELD"]),
    ("a rule without a scope (R7)", (SetRule(responsibility="coordination", unowned=True),), ["changes[0] SCOPE"]),
    ("a rule without a split (R9)", (SetRule(area="payments", responsibility="coordination"),), ["changes[0] SPLIT"]),
    ("a rule for all (R7)", (SetRule(area="payments", responsibility="all", unowned=True),),
     ["changes[0].responsibility RESERVED"]),
    ("a support that is accountable (R10)",
     (SetRule(area="payments", responsibility="coordination", lead="product_management",
              support=(("product_operations", "accountable"),)),), ["changes[0].support[0].letter WRONG_VALUE"]),
    ("a lead that supports itself (R10)",
     (SetResponsibility(key="innovation", lead="product_management",
                        support=(("product_management", "consulted"),)),), ["changes[0].support SPLIT"]),
    ("a rule on issues by a criterion that does not exist",
     (SetRule(area="payments", responsibility="innovation", issue=(("colour", ("red",)),), unowned=True),),
     ["changes[0].issue.colour UNKNOWN_FIELD"]),
    ("a second rule for the same, by another key (R1)",
     (SetRule(row="mine", area="checkout", responsibility="leadership", unowned=True),), ["changes[0] TWO_RULES"]),
    ("an unknown function", (SetRule(area="payments", responsibility="coordination", lead="design"),),
     ["changes[0].lead UNKNOWN_KEY"]),
    ("an unknown responsibility", (SetAssignment(**{**CELL, "responsibility": "chess"}, owner="ana"),),
     ["changes[0].responsibility UNKNOWN_KEY"]),
    ("an unknown owner", (SetAssignment(row="ops", owner="eve"),), ["changes[0].owner UNKNOWN_KEY"]),
    ("an owner who comes later",
     (SetPerson(key="eve", name="Eve", start=SEPTEMBER), SetAssignment(row="ops", owner="eve")),
     ["changes[1].owner UNKNOWN_KEY"]),
    ("a letter that does not exist", (SetAssignment(row="ops", letter="boss"),), ["changes[0].letter WRONG_VALUE"]),
    ("a mode that does not exist", (SetAssignment(row="ops", inherit="maybe"),), ["changes[0].inherit WRONG_VALUE"]),
    ("an assignment to nobody that blocks nothing (R25)", (SetAssignment(**CELL),), ["changes[0] OWNER"]),
    ("an assignment that does not say where", (SetAssignment(owner="ana"),),
     ["changes[0].area MISSING_FIELD", "changes[0].function MISSING_FIELD",
      "changes[0].responsibility MISSING_FIELD"]),
    ("a key of nothing", (SetAssignment(row=" ", owner="ana"),), ["changes[0].row WRONG_VALUE"]),
    ("two explicit accountables (R27)", (SetAssignment(**CELL, owner="pat", letter="accountable"),),
     ["changes[0].letter TWO_ACCOUNTABLES"]),
    ("two explicit accountables, the later one there already (R27)",
     (SetAssignment(**CELL, owner="pat", letter="accountable", start=JULY, end=AUGUST),),
     ["changes[0].letter TWO_ACCOUNTABLES"]),
    ("a review date in the past (R51)",
     (SetAgreement(area="payments", responsibility="leadership", review=date(2026, 6, 30)),),
     ["changes[0].review REVIEW_PAST"]),
    ("a lead who is only consulted (R10)",
     (SetAgreement(area="payments", responsibility="leadership", consulted=("product_management",)),),
     ["changes[0].consulted SPLIT"]),
    ("a delegation without an end", (SetDelegation(from_person="omar", to_person="pat"),),
     ["changes[0].to MISSING_FIELD"]),
    ("a delegation to oneself (R43)", (SetDelegation(from_person="pat", to_person="pat", end=AUGUST),),
     ["changes[0].to_person DELEGATION"]),
    ("a delegation to a team (R43)", (SetDelegation(from_person="pat", to_person="desk", end=AUGUST),),
     ["changes[0].to_person UNKNOWN_KEY"]),
    ("delegations in a circle (R43)", (SetDelegation(from_person="omar", to_person="ana", end=SEPTEMBER),),
     ["changes[0].to_person DELEGATION_LOOP"]),
    ("two delegations of the same reach (R43)",
     (SetDelegation(from_person="ana", to_person="pat", area="payments", end=SEPTEMBER),),
     ["changes[0] TWO_DELEGATIONS"]),
    ("a lens nobody knows", (SetFunction(key="design", name="Design", lenses=(("colour", "red"),)),),
     ["changes[0].lenses UNKNOWN_KEY"]),
    ("minutes by a driver that does not exist",
     (SetMinutes(responsibility="innovation", driver="weather", minutes=1),), ["changes[0].driver WRONG_VALUE"]),
    ("minutes by no driver", (SetMinutes(responsibility="innovation", minutes=1),),
     ["changes[0].driver MISSING_FIELD"]),
    ("minutes beyond a week", (SetMinutes(responsibility="innovation", driver="wip", minutes=10_081),),
     ["changes[0].minutes WRONG_VALUE"]),
    ("minutes of a responsibility nobody knows", (SetMinutes(responsibility="chess", driver="wip", minutes=1),),
     ["changes[0].responsibility UNKNOWN_KEY"]),
    ("minutes of the same under another key",
     (SetMinutes(responsibility="innovation", driver="wip", minutes=1),
      SetMinutes(row="mine", responsibility="innovation", driver="wip", minutes=2)), ["changes[1] TWO_MINUTES"]),
    ("a threshold of no signal", (SetThreshold(watch=1),), ["changes[0].signal MISSING_FIELD"]),
    ("a threshold of a signal nobody knows", (SetThreshold(signal="mood", watch=1),),
     ["changes[0].signal UNKNOWN_KEY"]),
    ("a threshold of nobody", (SetThreshold(signal="wip", person="eva", watch=1),), ["changes[0].person UNKNOWN_KEY"]),
    ("a threshold turned round", (SetThreshold(signal="wip", watch=9, overloaded=3),), ["changes[0].watch THRESHOLD"]),
    ("a threshold of two places", (SetThreshold(signal="wip", area="payments", person="ana", watch=1),),
     ["changes[0] SCOPE"]),
    ("an absence without an end", (SetAbsence(person="ana"),), ["changes[0].to MISSING_FIELD"]),
    ("an absence of more than all", (SetAbsence(person="ana", share=2, end=AUGUST),),
     ["changes[0].share WRONG_VALUE"]),
    ("a preference for everything", (SetPreference(person="ana", responsibility="all", wish="like"),),
     ["changes[0].responsibility RESERVED"]),
    ("a preference nobody has", (SetPreference(person="ana", responsibility="innovation", wish="love"),),
     ["changes[0].wish WRONG_VALUE"]),
    ("several at once, each at its change",
     (SetPerson(key="eve"), SetAssignment(row="ops", letter="boss"), SetArea(key="checkout", parent="nowhere"),
      EndRow(kind=FactKind.RULE, key="none"), SetDelegation(from_person="pat", to_person="desk", end=AUGUST)),
     ["changes[0].name MISSING_FIELD", "changes[1].letter WRONG_VALUE", "changes[2].parent UNKNOWN_KEY",
      "changes[3].key UNKNOWN_KEY", "changes[4].to_person UNKNOWN_KEY"]),
    ("a function nobody knows, called like the team", (SetTeam(key="design", name="D", function="design"),),
     ["changes[0].function UNKNOWN_KEY"]),
    ("a person nobody knows, called like the area",
     (SetAssignment(area="payments", responsibility="all", function="product_management", owner="payments"),),
     ["changes[0].owner UNKNOWN_KEY"]),
    ("somebody else's identity, called like the person",
     (SetPerson(key="omar", identities=(("jira", "a"),)), SetPerson(key="a", name="A", identities=(("jira", "a"),))),
     ["changes[0].identities IDENTITY_TAKEN"]),
    ("what follows from a mistake is not told again",
     (SetPerson(key="eve"), SetAssignment(row="ops", owner="eve")), ["changes[0].name MISSING_FIELD"]),
]  # fmt: skip


NO_TEXT = [
    (SetPerson(key="a\0", name="A"), "changes[0].key WRONG_VALUE"),
    (SetPerson(key="ana", name="A\0"), "changes[0].name WRONG_VALUE"),
    (SetPerson(key="ana", email="\ud800"), "changes[0].email WRONG_VALUE"),
    (SetAssignment(row="\0", **CELL, owner="ana"), "changes[0].row WRONG_VALUE"),
    (SetAssignment(row="x" * 201, **CELL, owner="ana"), "changes[0].row WRONG_VALUE"),
    (SetArea(key="checkout", feedback=(("z", (("tags", ("\0",)),)),)), "changes[0].feedback[0].criteria[0] SELECTOR"),
    (SetArea(key="checkout", feedback=(("z", (("\0", ("x",)),)),)), "changes[0].feedback[0] SELECTOR"),
    (SetJiraSelectors(area="checkout", jira=((("label", ("\0",)),),)), "changes[0].jira[0].label[0] WRONG_VALUE"),
]


@pytest.mark.parametrize(("change", "told"), NO_TEXT)
def test_what_no_database_can_hold_is_refused(change: Change, told: str) -> None:
    assert mistakes(change) == [told]


@pytest.mark.parametrize(("changes", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_mistakes_are_told_where_they_are(changes: tuple[Change, ...], told: list[str]) -> None:
    assert mistakes(*changes) == told


def test_a_refusal_says_that_nothing_was_changed_and_each_problem_what_to_do() -> None:
    with pytest.raises(Invalid, match="the changes cannot be made as they stand; nothing was changed") as refused:
        planned(SetAssignment(row="ops", owner="eve"), SetArea(key="payments", parent="checkout"))
    assert [str(problem) for problem in refused.value.problems] == [
        "changes[0].owner: there is no person or team 'eve' [UNKNOWN_KEY]",
        "changes[1].parent: payments is above itself by way of its parents; mend one parent [CYCLE]",
    ]


def test_a_time_zone_below_the_organisation_is_no_slip_of_the_pen() -> None:
    with pytest.raises(Invalid) as refused:
        planned(SetArea(key="checkout", timezone="UTC"))
    assert [problem.message for problem in refused.value.problems] == [
        "only the organisation has a time zone; leave it out here"
    ]


def test_the_other_half_of_a_clash_is_named_by_its_change_or_its_row() -> None:
    rule = SetRule(area="acme", responsibility="coordination", unowned=True)
    with pytest.raises(Invalid) as refused:
        planned(rule, replace(rule, row="again"), SetRule(row="mine", area="checkout", responsibility="leadership",
                                                           unowned=True))  # fmt: skip
    assert [problem.message.rpartition("see ")[2] for problem in refused.value.problems] == [
        "changes[0]",
        "the-line […, …)",
    ]


def test_a_warning_does_not_stand_in_the_way() -> None:
    warned = planned(SetAssignment(row="ops", owner="ana"), SetPerson(key="pat", skills=(("chess", 1),))).warnings
    assert [f"{warning.where} {warning.code}" for warning in warned] == [
        "changes[1].skills UNKNOWN_SKILL",
        "changes[0].owner OTHER_FUNCTION",
    ]


def test_warnings_about_what_a_change_has_nothing_to_do_with_are_left_out() -> None:
    odd = changed(SetPerson(key="pat", skills=(("chess", 1),)))
    assert planned(SetPerson(key="omar", name="Omar D"), facts=odd).warnings == ()


def test_a_change_is_not_warned_of_a_row_whose_key_merely_ends_like_its_own() -> None:
    odd = changed(
        SetAssignment(row="ops", owner="ana"),
        SetAssignment(row="ops-too", area="payments", responsibility="all", function="product_operations", owner="pat"),
    )
    assert planned(SetArea(key="ps", name="Ps", kind="team", parent="acme"), facts=odd).warnings == ()


def test_two_areas_that_claim_the_same_issues_are_a_warning_at_the_new_one() -> None:
    twin = SetArea(key="money", name="Money", kind="product", parent="acme", jira=((("project", ("PAY",)),),))
    assert [f"{warning.where} {warning.code}" for warning in planned(twin).warnings] == [
        "changes[0].jira TIED_SELECTOR"
    ]


def test_what_was_wrong_before_stands_in_nobodys_way() -> None:
    """A version that ships without a responsibility must not stop every change of a model that names it."""
    facts = a_model()
    kept = tuple(one for one in facts.catalogue.responsibilities if one.key != "innovation")
    without = Catalogue(facts.catalogue.functions, kept, facts.catalogue.profiles, facts.catalogue.lenses)
    broken = Facts(without, facts.declared)
    assert mistakes(SetPerson(key="pat", name="Patricia"), facts=broken) == []
    again = SetRule(area="payments", responsibility="innovation", reason="more")
    assert mistakes(again, facts=broken) == ["changes[0].responsibility UNKNOWN_KEY"]


def test_there_is_a_limit_to_how_much_is_changed_at_once() -> None:
    with pytest.raises(Invalid, match=f"at most {MOST_CHANGES} changes at once"):
        planned(*[SetPerson(key="ana", name="Ana")] * (MOST_CHANGES + 1))
