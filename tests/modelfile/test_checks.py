"""Does a whole model hold together? Each check with its code and line, and what it leaves alone."""

# ruff: noqa: E501 - a row of a model file is one line

import pytest

from remit.modelfile.checks import believed, names, oddities, references, tree
from remit.modelfile.overlaps import accountables, claims, delegations, twins
from remit.usecases.shipped import shipped_catalogue
from support.large_models import large_facts
from support.model_files import HEAD, JULY, JUNE, NEXT_LINE, after, mistakes, warnings

AREA, ASSIGNED, RULES, SETTLED = "", "assignments:\n", "rules:\n", "agreements:\n"
DELEGATED = "delegations:\n"


def row(text: str) -> str:
    return f"  - {{{text}}}\n"


def an_owner(owner: str, more: str = "", where: str = "payments") -> str:
    return row(f"area: {where}, responsibility: all, function: product_management, owner: {owner}{more}")


def lead(lead: str, more: str = "") -> str:
    return row(f"area: payments, responsibility: leadership, lead: {lead}{more}")


def away(start: str, end: str, more: str = "", month: str = "07", key: str = "") -> str:
    named = f"key: {key}, " if key else ""
    return row(f"{named}from_person: {start}, to_person: {end}, from: 2026-{month}-01, to: 2026-{month}-20{more}")


REFUSED = [
    ("an area that does not exist", ASSIGNED + an_owner("ana", where="nowhere"),
     ["+1 UNKNOWN_KEY: there is no area 'nowhere'"]),
    ("an owner who does not exist", ASSIGNED + an_owner("nobody"),
     ["+1 UNKNOWN_KEY: there is no person or team 'nobody'"]),
    ("a function and a responsibility that do not exist", RULES + row("area: payments, responsibility: astrology, lead: stars"),
     ["+1 UNKNOWN_KEY: there is no function 'stars'", "+1 UNKNOWN_KEY: there is no responsibility 'astrology'"]),
    ("a parent that does not exist", AREA + row("key: x, name: X, kind: team, parent: nowhere"),
     ["+0 UNKNOWN_KEY: there is no area 'nowhere'"]),
    ("a member that does not exist", "teams:\n" + row("key: desk, name: Desk, members: [ana, eva]"),
     ["+1 UNKNOWN_KEY: there is no person 'eva'"]),
    ("R43 a team that delegates", "teams:\n" + row("key: desk, name: Desk, members: [ana]") + DELEGATED + away("desk", "omar"),
     ["+3 UNKNOWN_KEY: there is no person 'desk'"]),
    ("an owner who comes too late", "teams:\n" + row("key: desk, name: Desk, members: [ana], from: 2026-07-01") + ASSIGNED + an_owner("desk"),
     ["+3 UNKNOWN_KEY: the person or team 'desk' does not exist over […, 2026-07-01T00:00:00Z); give it an earlier `from`"]),
    ("R2 a person and a team of one key", "teams:\n" + row("key: ana, name: Desk, members: [omar]"),
     ["+1 NAME_TAKEN: a person has this key; people and teams share one namespace (R2)"]),
    ("R2 an area with the organisation's key", AREA + row("key: acme, name: X, kind: team, parent: payments"),
     ["+0 DUPLICATE_ROW: says something about the same as line 2 at the same time; keep one, or give windows"]),
    ("R2 a reserved key", "teams:\n" + row("key: all, name: Desk, members: [ana]"),
     ["+1 RESERVED: `all` is reserved for assignments; choose another key (R2)"]),
    ("R2 an agreement on everything", SETTLED + row("area: payments, responsibility: all, lead: product_management"),
     ["+1 RESERVED: a rule or agreement names one responsibility, not `all` (R7)"]),
    ("R2 a delegation of everything by name", DELEGATED + away("ana", "omar", ", responsibilities: [all]"),
     ["+1 RESERVED: leave `responsibilities` out to delegate all of them (R2)"]),
    ("R1 the same row twice", RULES + lead("product_management") + lead("product_operations"),
     ["+2 DUPLICATE_ROW: says something about the same as line 9 at the same time; keep one, or give windows"]),
    ("R1 one scope under two keys", RULES + lead("product_management") + lead("product_operations", ", key: other"),
     ["+1 TWO_RULES: another rule for the same scope and responsibility holds then; see line 10"]),
    ("R1 one line settled twice", SETTLED + lead("product_management") + lead("product_operations", ", key: other"),
     ["+1 TWO_AGREEMENTS: another agreement on the same line holds then; see line 10"]),
    ("R27 two explicit accountables", ASSIGNED + an_owner("ana", ", letter: accountable") + an_owner("omar", ", letter: accountable, inherit: block"),
     ["+2 TWO_ACCOUNTABLES: ana is expressly accountable here too (R27); see line 9"]),
    ("R43 two delegations of equal reach", DELEGATED + away("ana", "omar") + away("ana", "eva", ", area: acme") + "teams: []\n",
     ["+1 TWO_DELEGATIONS: another delegation of the same reach holds then (R43); see line 10", "+2 UNKNOWN_KEY: there is no person 'eva'"]),
    ("R43 a loop", DELEGATED + away("ana", "omar", ", responsibilities: [leadership]") + away("omar", "ana", ", area: payments"),
     ["+1 DELEGATION_LOOP: following it leads back to ana; a delegation must end somewhere (R43)",
      "+2 DELEGATION_LOOP: following it leads back to omar; a delegation must end somewhere (R43)"]),
    ("R51 a review date in the past", SETTLED + lead("product_management", ", review: 2026-05-31"),
     ["+1 REVIEW_PAST: the review date 2026-05-31 has passed; set a later one"]),
    ("R51 a review date in the past, with an end", SETTLED + lead("product_management", ", review: 2026-05-31, to: 2027-01-01"),
     ["+1 REVIEW_PAST: the review date 2026-05-31 has passed; set a later one"]),
    ("a responsibility on a lens that does not exist", "responsibilities:\n" + row("key: x, name: X, lead: product_management, lenses: {colour: red}"),
     ["+1 UNKNOWN_KEY: there is no lens 'colour'"]),
    ("a function on a lens that does not exist", "functions:\n" + row("key: x, name: X, lenses: {focus: a, colour: red}"),
     ["+1 UNKNOWN_KEY: there is no lens 'colour'"]),
    ("a lens that comes too late", "lenses:\n" + row("key: colour, name: Colour, from: 2026-07-01") + "functions:\n" + row("key: x, name: X, lenses: {colour: red}"),
     ["+3 UNKNOWN_KEY: the lens 'colour' does not exist over […, 2026-07-01T00:00:00Z); give it an earlier `from`"]),
    ("minutes of what does not exist", "minutes:\n" + row("responsibility: astrology, driver: wip, minutes: 1"),
     ["+1 UNKNOWN_KEY: there is no responsibility 'astrology'"]),
    ("minutes of everything", "minutes:\n" + row("responsibility: all, driver: wip, minutes: 1"),
     ["+1 RESERVED: minutes are those of one responsibility, not of `all` (R2)"]),
    ("minutes told twice under two keys", "minutes:\n" + row("responsibility: innovation, driver: wip, minutes: 1")
     + row("key: mine, responsibility: innovation, driver: wip, minutes: 2"),
     ["+2 TWO_MINUTES: other minutes of the same responsibility and driver hold then; see line 9"]),
    ("a threshold of a signal nobody knows", "thresholds:\n" + row("signal: mood, watch: 1"),
     ["+1 UNKNOWN_KEY: there is no signal 'mood'; docs/signals.md and thresholds.yaml name those there are"]),
    ("a threshold of nobody, one of nowhere", "thresholds:\n" + row("signal: wip, person: eva, watch: 1")
     + row("signal: wip, area: moon, watch: 1"), ["+1 UNKNOWN_KEY: there is no person 'eva'", "+2 UNKNOWN_KEY: there is no area 'moon'"]),
    ("too much before it is to be watched", "thresholds:\n" + row("signal: wip, watch: 9, overloaded: 8"),
     ["+1 THRESHOLD: `watch` must be at most `overloaded`: of wip, high is the bad end"]),
    ("too little before it is to be watched", "thresholds:\n" + row("signal: service_ratio, watch: 0.5, overloaded: 0.6"),
     ["+1 THRESHOLD: `watch` must be at least `overloaded`: of service_ratio, low is the bad end"]),
    ("two thresholds for one place", "thresholds:\n" + row("signal: wip, watch: 1") + row("key: mine, signal: wip, watch: 2"),
     ["+1 TWO_THRESHOLDS: another threshold of the same signal and place holds then; see line 10"]),
    ("an absence of nobody", "absences:\n" + row("person: eva, to: 2026-07-01"), ["+1 UNKNOWN_KEY: there is no person 'eva'"]),
    ("two absences by one name", "absences:\n" + row("person: ana, to: 2026-07-01") + row("person: ana, to: 2026-08-01"),
     ["+2 DUPLICATE_ROW: says something about the same as line 9 at the same time; keep one, or give windows"]),
    ("a preference of nobody for nothing", "preferences:\n" + row("person: eva, responsibility: chess, wish: like"),
     ["+1 UNKNOWN_KEY: there is no person 'eva'", "+1 UNKNOWN_KEY: there is no responsibility 'chess'"]),
    ("a preference for everything", "preferences:\n" + row("person: ana, responsibility: all, wish: like"),
     ["+1 RESERVED: a preference names one responsibility, not `all` (R2)"]),
    ("one who likes and avoids", "preferences:\n" + row("person: ana, responsibility: innovation, wish: like")
     + row("key: mine, person: ana, responsibility: innovation, wish: avoid"),
     ["+2 TWO_PREFERENCES: another preference of the same person and responsibility holds then; see line 9"]),
    ("areas above themselves", AREA + row("key: a, name: A, kind: team, parent: b") + row("key: b, name: B, kind: team, parent: a"),
     ["+0 CYCLE: a is above itself by way of its parents; mend one parent", "+1 CYCLE: b is above itself by way of its parents; mend one parent"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problems"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_does_not_hold_together_is_refused_with_its_line(text: str, problems: list[str]) -> None:
    found = [f"+{(p.line or 0) - NEXT_LINE} {p.code}: {p.message}" for p in mistakes(HEAD + text)]
    assert found == problems


LEFT_ALONE = [
    ("R1 one scope in windows that touch",
     RULES + lead("product_management", ", to: 2026-07-01") + lead("product_operations", ", from: 2026-07-01")),
    ("R27 two explicit accountables in turn", ASSIGNED + an_owner("ana", ", letter: accountable, to: 2026-07-01")
     + an_owner("omar", ", letter: accountable, from: 2026-07-01")),
    ("R27 an explicit accountable to be added to another", ASSIGNED + an_owner("ana", ", letter: accountable")
     + an_owner("omar", ", letter: accountable, inherit: append")),
    ("R27 one explicit accountable told twice", ASSIGNED + an_owner("ana", ", letter: accountable")
     + an_owner("ana", ", letter: accountable, inherit: block, key: again")),
    ("R43 the specific beside the general", DELEGATED + away("ana", "omar") + away("ana", "omar", ", responsibilities: [leadership]")),
    ("R43 different responsibilities", DELEGATED + away("ana", "omar", ", responsibilities: [innovation]")
     + away("ana", "omar", ", responsibilities: [leadership]", key="second")),
    ("R43 back and forth at different times", DELEGATED + away("ana", "omar") + away("omar", "ana", month="08")),
    ("R43 back and forth for different responsibilities", DELEGATED + away("ana", "omar", ", responsibilities: [innovation]")
     + away("omar", "ana", ", responsibilities: [leadership]")),
    ("R43 back and forth in different areas", AREA + row("key: billing, name: B, kind: team, parent: acme") + DELEGATED
     + away("ana", "omar", ", area: billing") + away("omar", "ana", ", area: payments")),
    ("minutes by two drivers, and in turn by one", "minutes:\n" + row("responsibility: innovation, driver: wip, minutes: 1, to: 2026-07-01")
     + row("responsibility: innovation, driver: wip, minutes: 2, from: 2026-07-01") + row("responsibility: innovation, driver: areas, minutes: 0")),
    ("thresholds that are equal, turned round, or told of three places", "thresholds:\n" + row("signal: wip, watch: 2, overloaded: 2")
     + row("signal: service_ratio, watch: 0.6, overloaded: 0.5") + row("signal: wip, area: payments, watch: 1") + row("signal: wip, person: ana, overloaded: -1")),
    ("a threshold that changes", "thresholds:\n" + row("signal: wip, watch: 2, to: 2026-07-01") + row("signal: wip, watch: 3, from: 2026-07-01")),
    ("absences in turn, and two at once under two keys", "absences:\n" + row("person: ana, to: 2026-07-01")
     + row("person: ana, from: 2026-08-01, to: 2026-09-01") + row("key: half, person: ana, share: 0.5, to: 2026-10-01")),
    ("R51 a review date of today", SETTLED + lead("product_management", ", review: 2026-06-01")),
]  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in LEFT_ALONE], ids=[case[0] for case in LEFT_ALONE])
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    assert mistakes(HEAD + text) == []


def test_r43_a_loop_that_a_nearer_delegation_cuts_is_none() -> None:
    people = HEAD.replace("areas:", "  - {key: eva, name: Eva}\nareas:")
    cut = (
        DELEGATED
        + away("ana", "omar", ", area: payments")
        + away("omar", "ana")
        + away("omar", "eva", ", area: payments")
    )
    assert mistakes(people + cut) == []


def test_r43_only_the_delegations_that_go_round_are_told() -> None:
    people = HEAD.replace("areas:", "  - {key: eva, name: Eva}\n  - {key: ivo, name: Ivo}\nareas:")
    text = people + DELEGATED + away("eva", "ivo") + away("ivo", "ana") + away("ana", "omar") + away("omar", "ana")
    assert [p.where for p in mistakes(text)] == ["delegation ana/omar/-/all", "delegation omar/ana/-/all"]


def test_r51_a_review_date_that_passed_meanwhile_stays_in_force() -> None:
    text = HEAD + SETTLED + lead("product_management", ", review: 2026-06-15")
    assert mistakes(text, after(text), JULY) == []


def test_r51_ending_an_agreement_past_its_review_is_not_changing_it() -> None:
    before = after(HEAD + SETTLED + lead("product_management", ", review: 2026-06-15"))
    assert mistakes(HEAD, before, JULY) == []


def test_r51_changing_an_agreement_past_its_review_is_refused() -> None:
    before = after(HEAD + SETTLED + lead("product_management", ", review: 2026-06-15"))
    changed = HEAD + SETTLED + lead("product_operations", ", review: 2026-06-15")
    assert [p.code for p in mistakes(changed, before, JULY)] == ["REVIEW_PAST"]


def test_r52_an_owner_of_another_function_is_only_a_warning() -> None:
    text = HEAD.replace("name: Ana}", "name: Ana, function: product_operations}") + ASSIGNED + an_owner("ana")
    assert mistakes(text) == []
    assert [str(p) for p in warnings(text)] == [
        "line 9: assignment payments/all/product_management/ana: ana belongs to product_operations, not "
        "product_management (R52) [OTHER_FUNCTION]"
    ]


def test_r27_two_unlettered_owners_are_only_a_warning() -> None:
    text = HEAD + ASSIGNED + an_owner("ana") + an_owner("omar", ", inherit: block")
    assert mistakes(text) == []
    assert [str(p) for p in warnings(text)] == [
        "line 10: assignment payments/all/product_management/omar: ana claims the same, which is a CONFLICT until one "
        "is accountable (R27); see line 9 [TWO_CLAIMS]"
    ]


@pytest.mark.parametrize(
    "more", [", letter: accountable", ", letter: responsible", ", inherit: append", ", inherit: fallback"]
)
def test_r27_there_is_nothing_to_warn_of_where_one_decides_or_they_are_not_tried_together(more: str) -> None:
    assert warnings(HEAD + ASSIGNED + an_owner("ana") + an_owner("omar", more)) == []


def test_what_has_been_ended_is_not_warned_of_again() -> None:
    before = after(HEAD + ASSIGNED + an_owner("ana") + an_owner("omar"))
    assert warnings(HEAD + ASSIGNED + an_owner("omar"), before, JULY) == []


def test_a_skill_in_no_responsibility_is_only_a_warning() -> None:
    text = HEAD.replace("name: Ana}", "name: Ana, skills: {astrology: 2}}")
    assert mistakes(text) == []
    assert [(p.line, p.code) for p in warnings(text)] == [(4, "UNKNOWN_SKILL")]


def an_area(key: str, parent: str, more: str = ", jira: [{project: P, component: [b, a]}]") -> str:
    return row(f"key: {key}, name: X, kind: team, parent: {parent}{more}")


def test_r30_the_same_selector_at_the_same_depth_is_only_a_warning() -> None:
    text = HEAD + an_area("x", "acme") + an_area("y", "acme", ", jira: [{component: [a, b], project: P}]")
    assert mistakes(text) == []
    assert [str(p) for p in warnings(text)] == [
        "line 9: area y: x is as deep and has the selector component a or b and project P too: a CONFLICT of "
        "areas (R30) [TIED_SELECTOR]"
    ]


def test_r31_the_same_selector_deeper_in_the_tree_is_only_a_warning() -> None:
    text = HEAD + an_area("x", "acme") + an_area("y", "payments")
    assert mistakes(text) == []
    assert [str(p) for p in warnings(text)] == [
        "line 8: area x: y is deeper and has the selector component a or b and project P too, so this one never "
        "decides (R31) [SHADOWED_SELECTOR]"
    ]


def test_there_is_nothing_to_warn_of_where_selectors_differ_or_hold_at_different_times() -> None:
    other, until, later = (an_area("x", "acme", ", jira: [{project: Q}]"), ", jira: [{project: P}], to: 2026-07-01",
                           ", jira: [{project: P}], from: 2026-07-01")  # fmt: skip
    assert warnings(HEAD + other + an_area("y", "acme", until) + an_area("z", "acme", later)) == []


def test_two_people_do_not_share_an_address_or_an_account() -> None:
    text = HEAD.replace("name: Ana}", "name: Ana, email: A@acme.example, identities: {jira: '1'}}")
    text = text.replace("name: Omar}", "name: Omar, email: a@acme.example, identities: {jira: ['1', '2']}}")
    assert [p.message for p in mistakes(text)] == [
        "ana has the same e-mail address (a@acme.example)", "ana has the same identity (jira 1)",
    ]  # fmt: skip


def test_renaming_the_organisation_is_no_second_root() -> None:
    assert mistakes(HEAD.replace("acme", "apex"), after(HEAD), JULY) == []


def test_a_large_model_that_is_right_has_no_mistake() -> None:
    model = believed(large_facts(2000, 1000, 1).declared, shipped_catalogue(), lambda fact: 1)
    found = [*references(model), *names(model), *tree(model), *twins(model), *accountables(model), *delegations(model)]
    assert found == []
    assert {problem.code for problem in [*oddities(model), *claims(model)]} <= {
        "OTHER_FUNCTION", "TWO_CLAIMS", "TIED_SELECTOR", "SHADOWED_SELECTOR",
    }  # fmt: skip


def test_a_deep_tree_and_a_crowd_of_owners_are_checked_without_repeating_the_crowd() -> None:
    chain = "".join(row(f"key: a{n}, name: A, kind: team, parent: {f'a{n - 1}' if n else 'acme'}") for n in range(300))
    crowd = "teams:\n" + "".join(row(f"key: t{n}, name: T, members: [ana]") for n in range(300))
    text = HEAD + chain + crowd + ASSIGNED + "".join(an_owner(f"t{n}") for n in range(300))
    assert mistakes(text, (), JUNE) == []
    assert len(warnings(text)) == 299


@pytest.mark.parametrize(("zone", "overdue"), [("UTC", False), ("Pacific/Kiritimati", True)])
def test_r51_a_review_is_past_when_its_day_is_over_where_the_organisation_is(zone: str, overdue: bool) -> None:
    """At the end of 1 June in UTC it is already the second in Kiritimati."""
    text = HEAD.replace("stage: scale_up", f"stage: scale_up, timezone: {zone}")
    found = mistakes(text + SETTLED + lead("product_management", ", review: 2026-06-01"), now=JUNE.replace(hour=23))
    assert [problem.code for problem in found] == ["REVIEW_PAST"] * overdue
