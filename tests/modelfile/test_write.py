"""A model written out again is the same model: applied, it changes nothing (R5)."""

# ruff: noqa: E501 - a row of a model file is one line

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from remit.domain.areas import Area, FeedbackSelector
from remit.domain.facts import Body, Fact, Facts, natural_key
from remit.domain.intervals import Interval
from remit.domain.people import Person
from remit.modelfile.write import write
from remit.usecases.shipped import shipped_catalogue
from support.large_models import large_facts
from support.model_files import AUGUST, HEAD, JULY, JUNE, Beliefs, after, mistakes, planned
from support.model_strategies import models

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")
TRAPS = [
    "NO",
    "12:30",
    "1e3",
    "true",
    "null",
    "~",
    "",
    " x ",
    "a: b",
    "# no",
    'it\'s "quoted"',
    "line\nbreak",
    "é\u2028\x07",
    "-",
    "<<",
    "🙂",
]


def test_an_empty_model_is_an_empty_file() -> None:
    assert write((), JUNE) == ""


def test_the_example_comes_back_as_it_went_in() -> None:
    beliefs = after(EXAMPLE)
    exported = write(beliefs, JUNE)
    assert planned(exported, beliefs, JULY).is_empty
    assert Facts(shipped_catalogue(), after(exported)).digest == Facts(shipped_catalogue(), beliefs).digest


def test_every_kind_of_row_is_written_on_one_line() -> None:
    assert write(after(EXAMPLE), JUNE) == snapshot("""\
version: 1
organisation: {key: "acme", name: "Acme", stage: "scale_up", timezone: "Europe/Madrid"}
functions:
  - {key: "product_marketing", name: "Product marketing"}
people:
  - {key: "ana", name: "Ana Ruiz", email: "ana@acme.example", function: "product_management", identities: {jira: "5b10a2844c20165700ede21g", zendesk: "11001"}, capacity_hours: 40.0, skills: {backlog_management: 3}}
  - {key: "omar", name: "Omar Diaz", email: "omar@acme.example", function: "product_operations", identities: {jira: "5b10a2844c20165700ede22h"}, capacity_hours: 36.0}
teams:
  - {key: "feedback-desk", name: "Feedback desk", function: "product_operations", members: ["omar"]}
areas:
  - {key: "payments", name: "Payments", kind: "product", parent: "acme", stage: "enterprise", jira: [{project: "PAY"}], feedback: [{source: "zendesk", tags: ["payments"]}]}
  - {key: "payments-checkout", name: "Checkout", kind: "team", parent: "payments", jira: [{component: "Checkout", project: "PAY"}, {label: "checkout", project: "WEB"}]}
rules:
  - {area: "payments-checkout", issue: {type: "Bug"}, responsibility: "backlog_management", lead: "product_management"}
  - {area: "payments-checkout", responsibility: "market_research", unowned: true, reason: "done centrally"}
  - {area: "payments", responsibility: "backlog_management", lead: "product_operations", support: [{function: "product_management", letter: "consulted"}], reason: "PM at capacity since March"}
  - {area: "payments", responsibility: "leadership", lead: null, support: [{function: "product_management", letter: "responsible"}, {function: "product_operations", letter: "responsible"}]}
  - {stage: "startup", responsibility: "documentation", lead: "product_operations", reason: "our start-ups write late"}
responsibilities:
  - {key: "release_notes", name: "Release notes", description: "What changed, for whom", lead: "product_marketing", support: [{function: "product_management", letter: "consulted"}], transferable: true, lenses: {exposure: "customers"}}
assignments:
  - {area: "acme", responsibility: "all", function: "product_operations", owner: "omar", inherit: "fallback"}
  - {area: "payments-checkout", responsibility: "data_analytics", function: "product_operations", inherit: "block"}
  - {area: "payments-checkout", responsibility: "documentation", function: "product_operations", owner: "feedback-desk", letter: "responsible", inherit: "append"}
  - {area: "payments", responsibility: "all", function: "product_management", owner: "ana"}
  - {area: "payments", responsibility: "backlog_management", function: "product_operations", owner: "omar"}
  - {area: "payments", responsibility: "feedback_analysis", function: "product_operations", owner: "feedback-desk", from: "2025-12-31T23:00:00Z"}
agreements:
  - {area: "payments", responsibility: "leadership", lead: "product_management", consulted: ["product_operations"], note: "PM leads, ops is asked first", review: "2027-03-01"}
delegations:
  - {from_person: "ana", to_person: "omar", area: "payments", responsibilities: ["roadmap_ownership"], reason: "leave", from: "2026-12-20T23:00:00Z", to: "2027-01-06T23:00:00Z"}
""")


def test_what_has_ended_is_written_last_in_its_section() -> None:
    row = "  - {{area: payments, responsibility: {}}}\n".format
    ended = row("leadership, unowned: true, to: 2026-05-01")
    beliefs = after(HEAD + "rules:\n" + ended + row("team_meetings, unowned: true"))
    exported = write(beliefs, JUNE)
    assert exported.partition("rules:\n")[2] == snapshot("""\
  - {area: "payments", responsibility: "team_meetings", unowned: true}
  - {area: "payments", responsibility: "leadership", unowned: true, to: "2026-05-01T00:00:00Z"}
""")
    assert planned(exported, beliefs, JULY).is_empty


def test_what_has_ended_may_be_taken_out_of_the_file() -> None:
    beliefs = after(HEAD + "rules:\n  - {area: payments, responsibility: leadership, unowned: true, to: 2026-05-01}\n")
    assert planned(HEAD, beliefs, JULY).is_empty


def test_an_organisation_that_was_changed_is_written_as_its_versions() -> None:
    beliefs = after(HEAD.replace("scale_up", "enterprise"), after(HEAD), JULY)
    exported = write(beliefs, AUGUST)
    assert exported.partition("people:")[0] == snapshot("""\
version: 1
organisation:
  - {key: "acme", name: "Acme", stage: "scale_up", timezone: "UTC", to: "2026-07-01T00:00:00Z"}
  - {key: "acme", name: "Acme", stage: "enterprise", timezone: "UTC", from: "2026-07-01T00:00:00Z"}
""")
    assert planned(exported, beliefs, AUGUST).is_empty


def test_what_has_not_begun_is_written_with_its_window() -> None:
    text = (
        HEAD
        + "rules:\n  - {area: payments, responsibility: leadership, unowned: true, from: 2026-09-01, to: 2026-10-01}\n"
    )
    beliefs = after(text)
    assert 'from: "2026-09-01T00:00:00Z", to: "2026-10-01T00:00:00Z"' in write(beliefs, JUNE)
    assert planned(write(beliefs, JUNE), beliefs, JUNE).is_empty


def test_a_change_to_come_is_written_as_two_rows() -> None:
    row = "  - {{area: payments, responsibility: leadership, lead: {}}}\n"
    text = (
        HEAD
        + "rules:\n"
        + row.format("product_management, to: 2026-09-01")
        + row.format("product_operations, from: 2026-09-01")
    )
    beliefs = after(text)
    assert planned(write(beliefs, JULY), beliefs, JULY).is_empty


def test_r33_the_roots_selectors_are_written() -> None:
    text = HEAD.replace(
        "stage: scale_up}", "stage: scale_up, jira: [{project: P, label: [a, b]}], feedback: [{source: z, tags: t}]}"
    )
    beliefs = after(text)
    exported = write(beliefs, JUNE)
    assert 'jira: [{label: ["a", "b"], project: "P"}], feedback: [{source: "z", tags: ["t"]}]' in exported
    assert planned(exported, beliefs, JULY).is_empty


@pytest.mark.parametrize("trap", TRAPS, ids=repr)
def test_no_text_is_taken_for_something_else_on_the_way_back(trap: str) -> None:
    def with_trap(fact: Fact[Body]) -> Fact[Body]:
        body = fact.body
        if isinstance(body, Person):
            identities = (("jira", trap.strip() or "x"),) if body.key == "ana" else ()
            return replace(fact, body=replace(body, name=trap, identities=identities))
        if isinstance(body, Area) and body.parent is not None:
            selector = FeedbackSelector("zendesk", (("null", (trap.strip() or "x",)),))
            return replace(fact, body=replace(body, name=trap, feedback=(selector,)))
        return fact

    beliefs = tuple(with_trap(fact) for fact in after(HEAD))
    assert planned(write(beliefs, JUNE), beliefs, JULY).is_empty


def test_keys_of_any_text_come_back() -> None:
    keys = [*(trap.strip() for trap in TRAPS if trap.strip()), "a/b", "x" * 200]
    people = tuple(Fact(key, Person(key, key, identities=((key, key),))) for key in keys)  # type: ignore[arg-type]
    beliefs = (*after(HEAD), *people)
    assert planned(write(beliefs, JUNE), beliefs, JULY).is_empty


def windows() -> st.SearchStrategy[Interval]:
    """Around the instant of the export, to the microsecond."""
    moments = st.integers(-3, 3).map(lambda n: JULY + n * timedelta(days=40, microseconds=1))
    pairs = st.tuples(st.one_of(st.none(), moments), st.one_of(st.none(), moments))
    return pairs.filter(lambda p: p[0] is None or p[1] is None or p[0] < p[1]).map(lambda p: Interval(*p))


@st.composite
def beliefs_of_any_window(draw) -> Beliefs:  # type: ignore[no-untyped-def]
    """A generated model whose statements hold over all sorts of windows, some under keys of their own."""
    told = []
    for fact in draw(models()).declared:
        if fact.kind in ("rule", "assignment", "agreement", "minutes"):
            fact = replace(fact, valid=draw(windows()))
            if draw(st.booleans()):
                fact = replace(fact, key=f"my {fact.key}")
        told.append(fact)
    return told


@given(beliefs_of_any_window())
@settings(max_examples=80)
def test_whatever_is_believed_exported_and_applied_again_plans_no_change(beliefs: Beliefs) -> None:
    assert planned(write(beliefs, JULY), beliefs, JULY).is_empty


@given(models())
@settings(max_examples=50)
def test_a_model_exported_into_an_empty_house_is_the_same_model(facts: Facts) -> None:
    exported = write(facts.declared, JUNE)
    assert Facts(facts.catalogue, after(exported)).digest == facts.digest
    assert mistakes(exported) == []


def test_a_large_model_comes_back_whole() -> None:
    facts = large_facts(300, 200, 3)
    assert Facts(facts.catalogue, after(write(facts.declared, JUNE))).digest == facts.digest


def test_instants_are_written_in_utc() -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    person = Person("ana", "Ana")  # type: ignore[arg-type]
    assert 'from: "2026-09-01T00:00:00Z"' in write(
        (*after(HEAD), Fact(natural_key(person), person, Interval(start))), JUNE
    )
