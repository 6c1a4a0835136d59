"""The example file: one row of every kind, as the statement it makes."""

from collections import Counter
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from remit.domain.areas import Area, FeedbackSelector, Stage
from remit.domain.catalogue import Function, Letter, Responsibility
from remit.domain.facts import FactKind
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule
from remit.modelfile.read import Declaration, read
from support.model_files import mistakes, warnings
from support.models import PM, PO, C, R, a_selector, a_split

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")
DECLARED = {(row.kind, row.key): row for row in read(EXAMPLE)}
ANA, OMAR, DESK = OwnerKey("ana"), OwnerKey("omar"), OwnerKey("feedback-desk")
PAYMENTS, CHECKOUT = AreaKey("payments"), AreaKey("payments-checkout")


def row(kind: FactKind, key: str) -> Declaration:
    return DECLARED[kind, key]


def test_every_row_of_the_example_is_read() -> None:
    assert Counter(kind for kind, _ in DECLARED) == {
        FactKind.AREA: 3, FactKind.FUNCTION: 1, FactKind.PERSON: 2, FactKind.TEAM: 1, FactKind.RULE: 5,
        FactKind.RESPONSIBILITY: 1, FactKind.ASSIGNMENT: 6, FactKind.AGREEMENT: 1, FactKind.DELEGATION: 1,
    }  # fmt: skip


def test_the_example_has_no_mistake_and_no_warning() -> None:
    assert mistakes(EXAMPLE) == []
    assert warnings(EXAMPLE) == []


def test_the_organisation_is_the_root_area() -> None:
    body = Area(AreaKey("acme"), "Acme", "organisation", None, Stage.SCALE_UP, timezone="Europe/Madrid")
    assert row(FactKind.AREA, "acme") == Declaration("acme", body, None, None, 4)


def test_an_area_has_a_stage_and_selectors() -> None:
    feedback = (FeedbackSelector("zendesk", (("tags", ("payments",)),)),)
    jira = (a_selector(project="PAY"),)
    body = Area(PAYMENTS, "Payments", "product", AreaKey("acme"), Stage.ENTERPRISE, jira, feedback)
    assert row(FactKind.AREA, "payments") == Declaration("payments", body, None, None, 19)


def test_selectors_stand_in_one_order_whatever_the_order_of_writing() -> None:
    body = row(FactKind.AREA, "payments-checkout").body
    assert isinstance(body, Area)
    assert body.jira == (a_selector(component="Checkout", project="PAY"), a_selector(label="checkout", project="WEB"))


def test_a_function() -> None:
    body = Function(FunctionKey("product_marketing"), "Product marketing")
    assert row(FactKind.FUNCTION, "product_marketing").body == body


def test_a_person() -> None:
    assert row(FactKind.PERSON, "ana").body == Person(
        ANA, "Ana Ruiz", "ana@acme.example", PM, 40.0,
        (("jira", "5b10a2844c20165700ede21g"), ("zendesk", "11001")), ((ResponsibilityKey("backlog_management"), 3),),
    )  # fmt: skip


def test_a_team() -> None:
    assert row(FactKind.TEAM, "feedback-desk").body == Team(DESK, "Feedback desk", PO, (OMAR,))


def test_rules_of_every_scope() -> None:
    def rule(key: str) -> object:
        return row(FactKind.RULE, key).body

    backlog, bug = ResponsibilityKey("backlog_management"), a_selector(type="Bug")
    assert rule("payments/backlog_management") == Rule(
        backlog, a_split(PO, {PM: C}), PAYMENTS, reason="PM at capacity since March"
    )
    assert rule("payments/leadership") == Rule(ResponsibilityKey("leadership"), a_split(None, {PM: R, PO: R}), PAYMENTS)
    assert rule("payments-checkout/backlog_management/type Bug") == Rule(backlog, a_split(PM), CHECKOUT, predicate=bug)
    assert rule("payments-checkout/market_research") == Rule(
        ResponsibilityKey("market_research"), None, CHECKOUT, reason="done centrally"
    )
    assert rule("stage:startup/documentation") == Rule(
        ResponsibilityKey("documentation"), a_split(PO), stage=Stage.STARTUP, reason="our start-ups write late"
    )


def test_a_responsibility_of_ones_own() -> None:
    assert row(FactKind.RESPONSIBILITY, "release_notes").body == Responsibility(
        ResponsibilityKey("release_notes"), "Release notes", "What changed, for whom",
        a_split("product_marketing", {PM: C}), transferable=True, lenses=(("exposure", "customers"),),
    )  # fmt: skip


def test_assignments_of_every_kind() -> None:
    def assignment(key: str) -> object:
        return row(FactKind.ASSIGNMENT, key).body

    documentation, analytics = ResponsibilityKey("documentation"), ResponsibilityKey("data_analytics")
    assert assignment("acme/all/product_operations/omar") == Assignment(
        AreaKey("acme"), ALL, PO, OMAR, None, Inheritance.FALLBACK
    )
    assert assignment("payments/all/product_management/ana") == Assignment(PAYMENTS, ALL, PM, ANA)
    assert assignment("payments-checkout/documentation/product_operations/feedback-desk") == Assignment(
        CHECKOUT, documentation, PO, DESK, Letter.RESPONSIBLE, Inheritance.APPEND
    )
    assert assignment("payments-checkout/data_analytics/product_operations/-") == Assignment(
        CHECKOUT, analytics, PO, None, None, Inheritance.BLOCK
    )


def test_r3_a_bare_date_is_the_start_of_that_day_in_the_organisations_time_zone() -> None:
    from_new_year = row(FactKind.ASSIGNMENT, "payments/feedback_analysis/product_operations/feedback-desk")
    assert (from_new_year.start, from_new_year.end) == (datetime(2025, 12, 31, 23, tzinfo=UTC), None)


def test_an_agreement() -> None:
    assert row(FactKind.AGREEMENT, "payments/leadership").body == Agreement(
        PAYMENTS, ResponsibilityKey("leadership"), PM, (PO,), date(2027, 3, 1), "PM leads, ops is asked first"
    )


def test_a_delegation_with_its_window() -> None:
    delegation = row(FactKind.DELEGATION, "ana/omar/payments/roadmap_ownership")
    body = Delegation(ANA, OMAR, PAYMENTS, (ResponsibilityKey("roadmap_ownership"),), "leave")
    start, end = datetime(2026, 12, 20, 23, tzinfo=UTC), datetime(2027, 1, 6, 23, tzinfo=UTC)
    assert delegation == Declaration(delegation.key, body, start, end, 49)


def test_the_shipped_demo_model_has_no_mistake_and_no_warning() -> None:
    shipped = files("remit.data").joinpath("demo-model.yaml").read_text(encoding="utf-8")
    assert mistakes(shipped) == []
    assert warnings(shipped) == []
