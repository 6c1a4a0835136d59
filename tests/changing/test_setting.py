"""What each kind of statement comes to when it is set, and that whatever is left out stays as it was."""

from datetime import date

import pytest

from remit.domain.changes import (
    Change,
    SetAbsence,
    SetAgreement,
    SetArea,
    SetAssignment,
    SetDelegation,
    SetFeedbackSelectors,
    SetFunction,
    SetJiraSelectors,
    SetLens,
    SetMinutes,
    SetPerson,
    SetPreference,
    SetResponsibility,
    SetRule,
    SetStage,
    SetTeam,
    SetThreshold,
)
from remit.domain.facts import FactKind, Facts
from remit.modelfile.write import statement
from remit.usecases.shipped import shipped_catalogue
from support.changing import AUGUST, JULY, SEPTEMBER, a_model, changed, mistakes, planned, row, rows

A = FactKind
LEAD = "lead=product_operations"
NOUNS = [
    ("a new function", SetFunction(key="design", name="Design"), A.FUNCTION, "design", ("name",),
     ["07-01.. name=Design"]),
    ("another name for a function that ships", SetFunction(key="product_management", name="PM"), A.FUNCTION,
     "product_management", ("name",), ["07-01.. name=PM"]),
    ("another name for a function that ships, whose lenses stay",
     SetFunction(key="product_operations", name="Ops"),
     A.FUNCTION, "product_operations", ("name", "lenses"),
     ["07-01.. name=Ops lenses={'altitude': 'daily', 'exposure': 'team', 'focus': 'process',"
      " 'methodology': 'process'}"]),
    ("a function's lenses", SetFunction(key="design", name="Design", lenses=(("focus", "people"),)), A.FUNCTION,
     "design", ("lenses",), ["07-01.. lenses={'focus': 'people'}"]),
    ("a new lens", SetLens(key="rhythm", name="Rhythm"), A.LENS, "rhythm", ("name", "description"),
     ["07-01.. name=Rhythm description=None"]),
    ("other words for a lens that ships, whose name stays", SetLens(key="focus", description="What for"), A.LENS,
     "focus", ("name", "description"), ["07-01.. name=Focus description=What for"]),
    ("a new person", SetPerson(key="eve", name="Eve", identities=(("jira", "e1"), ("jira", "e2")), capacity_hours=30),
     A.PERSON, "eve", ("identities", "capacity_hours"),
     ["07-01.. identities={'jira': ['e1', 'e2']} capacity_hours=30.0"]),
    ("a person's address alone", SetPerson(key="ana", email="a@acme.example"), A.PERSON, "ana",
     ("name", "email", "skills"),
     ["..07-01 name=Ana email=ana@acme.example skills={'innovation': 2}",
      "07-01.. name=Ana email=a@acme.example skills={'innovation': 2}"]),
    ("no address any more", SetPerson(key="ana", email=None), A.PERSON, "ana", ("email",),
     ["..07-01 email=ana@acme.example", "07-01.. email=None"]),
    ("a person who is away for good", SetPerson(key="pat", active=False), A.PERSON, "pat", ("active",),
     ["..07-01 active=None", "07-01.. active=False"]),
    ("other members of a team", SetTeam(key="desk", members=("pat",)), A.TEAM, "desk", ("name", "members"),
     ["..07-01 name=Desk members=['ana', 'omar']", "07-01.. name=Desk members=['pat']"]),
    ("a new area", SetArea(key="web", name="Web", kind="team", parent="acme", jira=((("project", ("WEB",)),),)),
     A.AREA, "web", ("parent", "jira"), ["07-01.. parent=acme jira=[{'project': 'WEB'}]"]),
    ("another parent alone", SetArea(key="checkout", parent="acme"), A.AREA, "checkout", ("name", "parent"),
     ["..07-01 name=Checkout parent=payments", "07-01.. name=Checkout parent=acme"]),
    ("the organisation's name", SetArea(key="acme", name="Acme Ltd"), A.AREA, "acme", ("name", "stage", "timezone"),
     ["..07-01 name=Acme stage=scale_up timezone=UTC", "07-01.. name=Acme Ltd stage=scale_up timezone=UTC"]),
    ("another stage of the organisation", SetStage(area="acme", stage="enterprise"), A.AREA, "acme", ("stage",),
     ["..07-01 stage=scale_up", "07-01.. stage=enterprise"]),
    ("no stage of its own", SetStage(area="payments", stage=None), A.AREA, "payments", ("stage", "jira"),
     ["..07-01 stage=enterprise jira=[{'project': 'PAY'}]", "07-01.. stage=None jira=[{'project': 'PAY'}]"]),
    ("other Jira selectors", SetJiraSelectors(area="payments", jira=((("label", ("pay", "cash")),),)), A.AREA,
     "payments", ("stage", "jira"),
     ["..07-01 stage=enterprise jira=[{'project': 'PAY'}]",
      "07-01.. stage=enterprise jira=[{'label': ['cash', 'pay']}]"]),
    ("feedback selectors", SetFeedbackSelectors(area="payments", feedback=(("zendesk", (("tags", ("pay",)),)),)),
     A.AREA, "payments", ("feedback",),
     ["..07-01 feedback=None", "07-01.. feedback=[{'source': 'zendesk', 'tags': ['pay']}]"]),
    ("a responsibility of our own", SetResponsibility(key="notes", name="Notes", lead="product_management"),
     A.RESPONSIBILITY, "notes", ("name", "lead", "transferable"),
     ["07-01.. name=Notes lead=product_management transferable=False"]),
    ("a shipped responsibility, whose name stays", SetResponsibility(key="innovation", lead="product_operations"),
     A.RESPONSIBILITY, "innovation", ("name", "lead"), [f"07-01.. name=Innovation {LEAD}"]),
]  # fmt: skip
POLICY = [
    ("a new rule", SetRule(area="acme", responsibility="innovation", unowned=True), A.RULE, "acme/innovation",
     ("unowned",), ["07-01.. unowned=True"]),
    ("a split is whole: whoever names the lead says all of it (R8)",
     SetRule(area="payments", responsibility="innovation", lead="product_management"), A.RULE, "payments/innovation",
     ("lead", "reason"),
     [f"..07-01 {LEAD} reason=trial", "07-01.. lead=product_management reason=trial"]),
    ("somebody owns it after all", SetRule(area="payments", responsibility="innovation", unowned=False,
                                           lead="product_management"), A.RULE, "payments/innovation",
     ("lead", "unowned"), [f"..07-01 {LEAD} unowned=None", "07-01.. lead=product_management unowned=None"]),
    ("a rule's reason alone", SetRule(area="payments", responsibility="innovation", reason="it worked"), A.RULE,
     "payments/innovation", ("lead", "reason"), [f"..07-01 {LEAD} reason=trial", f"07-01.. {LEAD} reason=it worked"]),
    ("a rule found by what it says, although it has a key of its own",
     SetRule(area="checkout", responsibility="leadership", lead="product_operations"), A.RULE, "the-line", ("lead",),
     ["..07-01 lead=product_management", f"07-01.. {LEAD}"]),
    ("a rule named by its key", SetRule(row="the-line", area="payments"), A.RULE, "the-line", ("area", "lead"),
     ["..07-01 area=checkout lead=product_management", "07-01.. area=payments lead=product_management"]),
    ("a rule on issues beside the one of the area",
     SetRule(area="payments", responsibility="innovation", issue=(("type", ("Bug",)),), lead="product_management"),
     A.RULE, "payments/innovation/type Bug", ("issue",), ["07-01.. issue={'type': 'Bug'}"]),
    ("a rule of a stage", SetRule(stage="startup", responsibility="innovation", lead="product_operations"), A.RULE,
     "stage:startup/innovation", ("stage", "lead"), [f"07-01.. stage=startup {LEAD}"]),
    ("a new assignment", SetAssignment(area="checkout", responsibility="all", function="product_management",
                                       owner="desk", inherit="append"), A.ASSIGNMENT,
     "checkout/all/product_management/desk", ("inherit",), ["07-01.. inherit=append"]),
    ("an assignment's letter alone", SetAssignment(area="payments", responsibility="all", function="product_management",
                                                   owner="ana", letter=None), A.ASSIGNMENT,
     "payments/all/product_management/ana", ("letter",), ["..07-01 letter=accountable", "07-01.. letter=None"]),
    ("another owner of a row with a key", SetAssignment(row="ops", owner="pat"), A.ASSIGNMENT, "ops",
     ("owner", "area"), ["..07-01 owner=omar area=payments", "07-01.. owner=pat area=payments"]),
    ("nobody at all", SetAssignment(area="checkout", responsibility="all", function="product_operations",
                                    inherit="block"), A.ASSIGNMENT, "checkout/all/product_operations/-", ("inherit",),
     ["07-01.. inherit=block"]),
    ("an agreement's review date alone",
     SetAgreement(area="payments", responsibility="leadership", review=date(2028, 1, 1)), A.AGREEMENT,
     "payments/leadership", ("lead", "review", "note"),
     ["..07-01 lead=product_management review=2027-03-01 note=for now",
      "07-01.. lead=product_management review=2028-01-01 note=for now"]),
    ("a delegation", SetDelegation(from_person="omar", to_person="pat", responsibilities=("innovation",), end=AUGUST),
     A.DELEGATION, "omar/pat/-/innovation", ("responsibilities",), ["07-01..08-01 responsibilities=['innovation']"]),
    ("minutes instead of those assumed, whose reason stays",
     SetMinutes(responsibility="backlog_management", driver="arrivals", minutes=4), A.MINUTES,
     "backlog_management/arrivals", ("minutes", "reason"), ["07-01.. minutes=4.0 reason=triage"]),
    ("minutes of another driver", SetMinutes(responsibility="innovation", driver="wip", minutes=1.5, reason="a guess"),
     A.MINUTES, "innovation/wip", ("minutes", "reason"), ["07-01.. minutes=1.5 reason=a guess"]),
    ("a threshold instead of the one that ships, half of which stays", SetThreshold(signal="utilisation", watch=0.7),
     A.THRESHOLD, "utilisation/-/-", ("watch", "overloaded"), ["07-01.. watch=0.7 overloaded=1.0"]),
    ("a threshold of an area that is never reached", SetThreshold(signal="wip", area="payments", watch=None),
     A.THRESHOLD, "wip/payments/-", ("area", "watch", "overloaded"),
     ["07-01.. area=payments watch=None overloaded=None"]),
    ("an absence", SetAbsence(person="ana", share=0.5, end=AUGUST), A.ABSENCE, "ana", ("share",),
     ["07-01..08-01 share=0.5"]),
    ("a preference", SetPreference(person="ana", responsibility="innovation", wish="avoid", reason="asked"),
     A.PREFERENCE, "ana/innovation", ("wish", "reason"), ["07-01.. wish=avoid reason=asked"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "key", "fields", "told"),
    [case[1:] for case in (*NOUNS, *POLICY)],
    ids=[case[0] for case in (*NOUNS, *POLICY)],
)
def test_setting(change: Change, kind: FactKind, key: str, fields: tuple[str, ...], told: list[str]) -> None:
    before, after = a_model(), changed(change)
    assert row(after, kind, key, *fields) == told
    others = {(fact.kind, fact.key, fact.body, fact.valid) for fact in before.declared if fact.key != key}
    assert others <= {(fact.kind, fact.key, fact.body, fact.valid) for fact in after.declared}


def test_in_an_empty_model_statements_hold_since_ever_r5() -> None:
    empty = Facts(shipped_catalogue())
    root = SetArea(key="acme", name="Acme", parent=None, stage="startup", kind="organisation")
    area = SetArea(key="web", name="Web", kind="team", parent="acme", start=JULY)
    assert rows(changed(root, area, facts=empty), FactKind.AREA) == {"acme": [".."], "web": ["07-01.."]}


def test_changes_build_on_each_other() -> None:
    web = SetArea(key="web", name="Web", kind="team", parent="acme")
    rule = SetRule(area="web", responsibility="innovation", unowned=True)
    after = changed(web, SetStage(area="web", stage="startup"), rule)
    assert row(after, FactKind.AREA, "web", "stage") == ["07-01.. stage=startup"]
    assert row(after, FactKind.RULE, "web/innovation") == ["07-01.."]


def test_their_order_is_free_where_one_only_names_what_another_makes() -> None:
    web = SetArea(key="web", name="Web", kind="team", parent="acme")
    rule = SetRule(area="web", responsibility="innovation", unowned=True)
    assert changed(rule, web).digest == changed(web, rule).digest


@pytest.mark.parametrize(
    "change",
    [
        SetPerson(key="ana", name="Ana"),
        SetStage(area="payments", stage="enterprise"),
        SetAssignment(row="ops", owner="omar"),
        SetTeam(key="desk", members=("omar", "ana")),
        SetDelegation(from_person="ana", to_person="omar", area="payments", start=AUGUST),
    ],
    ids=lambda change: type(change).__name__,
)
def test_saying_what_is_said_already_changes_nothing(change: Change) -> None:
    plan = planned(change).plan
    assert (plan.opens, plan.closes) == ((), ())


def test_taken_back_in_the_same_breath_nothing_changes() -> None:
    there, back = SetPerson(key="ana", name="Anna"), SetPerson(key="ana", name="Ana")
    assert planned(there, back).plan.is_empty


def test_a_part_of_an_area_that_is_not_there_is_not_made() -> None:
    assert mistakes(SetStage(area="web", stage="startup")) == ["changes[0].area UNKNOWN_KEY"]


def test_every_field_a_file_knows_survives_a_change_of_another() -> None:
    before = {fact.key: statement(fact.body) for fact in a_model().declared if fact.kind is FactKind.AGREEMENT}
    after = changed(SetAgreement(area="payments", responsibility="leadership", note="still", start=SEPTEMBER))
    told = [statement(fact.body) for fact in after.declared if fact.kind is FactKind.AGREEMENT]
    assert {**before["payments/leadership"], "note": "still"} in told


def test_no_changes_are_no_changes() -> None:
    assert planned().plan.is_empty
    assert planned(facts=Facts(shipped_catalogue())).plan.is_empty


def test_a_row_that_was_given_to_somebody_else_is_not_written_over_by_who_had_it() -> None:
    """The key of the row still says Ana; what Ana is given now is another row."""
    mine = {"area": "payments", "responsibility": "all", "function": "product_management"}
    key = "payments/all/product_management/ana"
    given = changed(SetAssignment(row=key, owner="pat"))
    after = changed(SetAssignment(**mine, owner="ana", letter="consulted"), facts=given, now=AUGUST)
    told = {name: row(after, FactKind.ASSIGNMENT, name, "owner", "letter")[-1] for name in (key, f"{key}#2")}
    assert told == {
        key: "07-01.. owner=pat letter=accountable",
        f"{key}#2": "08-01.. owner=ana letter=consulted",
    }
