"""Every statement that was looked at is told, losers included, in sentences (MODEL 3, R50)."""

# ruff: noqa: E501 - sentences are compared whole

from hypothesis import given, settings
from inline_snapshot import snapshot

from remit.domain.answers import Outcome, Standing, Step
from remit.domain.areas import Criterion, Stage
from remit.domain.facts import Body, Fact
from remit.domain.ids import ALL, AreaKey, ResponsibilityKey
from remit.domain.model import model_at
from remit.domain.policy import Agreement, Assignment, Rule
from remit.resolution.ownership import resolve
from support.model_strategies import Question, questions
from support.models import (
    APPEND,
    BLOCK,
    BLURRY,
    FALLBACK,
    NOON,
    PM,
    PO,
    RECORDED,
    A,
    C,
    R,
    a_delegation,
    a_model,
    a_person,
    a_rule,
    a_selector,
    a_split,
    a_stage_rule,
    an_agreement,
    an_area,
    an_assignment,
    the_root,
)


def lines(
    *facts: Fact[Body], responsibility: str = "leadership", issue: dict[Criterion, set[str]] | None = None
) -> list[str]:
    answer = resolve(a_model(*facts), AreaKey("checkout"), ResponsibilityKey(responsibility), issue)
    return [f"{c.verdict} {c.layer} {c.reason}: {c.message}" for c in answer.trace]


def test_every_layer_of_the_split_is_told_the_winner_first() -> None:
    assert lines(
        a_rule("checkout", "leadership", a_split(PM, {PO: C}), reason="ana has the time"),
        a_rule("payments", "leadership", None),
        an_agreement("payments", "leadership", PO),
        a_rule("acme", "leadership", BLURRY),
        a_stage_rule(Stage.SCALE_UP, "leadership", a_split(PO)),
        an_assignment("checkout", "ana"),
    ) == snapshot(
        [
            "CHOSEN area MOST_SPECIFIC: The rule at checkout says product_management leads (product_operations consulted) («ana has the time»).",
            "REJECTED ancestor LESS_SPECIFIC: The rule at payments says nobody owns this, on purpose; something more specific is said.",
            "REJECTED agreement LESS_SPECIFIC: The agreement at payments says product_operations leads; something more specific is said.",
            "REJECTED organisation LESS_SPECIFIC: The rule at acme says no function leads (product_management responsible, product_operations responsible); something more specific is said.",
            "REJECTED stage LESS_SPECIFIC: The rule for the stage scale_up, set at acme, says product_operations leads; something more specific is said.",
            "REJECTED catalogue LESS_SPECIFIC: The catalogue says no function leads (product_management responsible, product_operations responsible); something more specific is said.",
            "CHOSEN area NEAREST: At checkout, ana is assigned everything for product_management: the nearest assignment there is.",
        ]
    )


def test_an_agreement_settles_the_blurry_lines_it_beats() -> None:
    assert lines(a_rule("payments", "leadership", BLURRY), an_agreement("payments", "leadership", PM)) == snapshot(
        [
            "CHOSEN agreement MOST_SPECIFIC: The agreement at payments says product_management leads.",
            "REJECTED ancestor BLURRY_SETTLED: The rule at payments says no function leads (product_management responsible, product_operations responsible); an agreement settles who does.",
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "REJECTED catalogue BLURRY_SETTLED: The catalogue says no function leads (product_management responsible, product_operations responsible); an agreement settles who does.",
            "REJECTED owner NOBODY: No assignment makes anybody of product_management accountable for leadership at checkout.",
        ]
    )


def test_a_blurry_rule_below_an_agreement_says_that_it_reopens_the_line() -> None:
    assert lines(a_rule("checkout", "leadership", BLURRY), an_agreement("payments", "leadership", PM)) == snapshot(
        [
            "CHOSEN area REOPENED: The rule at checkout says no function leads (product_management responsible, product_operations responsible); that reopens what an agreement higher up had settled.",
            "REJECTED agreement LESS_SPECIFIC: The agreement at payments says product_management leads; something more specific is said.",
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "REJECTED catalogue LESS_SPECIFIC: The catalogue says no function leads (product_management responsible, product_operations responsible); something more specific is said.",
        ]
    )


def test_rules_for_issues_are_told_whether_they_match_or_not() -> None:
    assert lines(
        a_rule("payments", "leadership", BLURRY, issue=a_selector(type="Bug")),
        a_rule("acme", "leadership", a_split(PM), issue=a_selector(type="Story")),
        an_agreement("checkout", "leadership", PO, PM),
        issue={Criterion.TYPE: {"Bug"}},
    ) == snapshot(
        [
            "SKIPPED issue_rule NOT_MATCHING: The rule at acme for issues with type Story says product_management leads; the issue does not match.",
            "REJECTED issue_rule BLURRY_SETTLED: The rule at payments for issues with type Bug says no function leads (product_management responsible, product_operations responsible); an agreement settles who does.",
            "CHOSEN agreement MOST_SPECIFIC: The agreement at checkout says product_operations leads (product_management consulted).",
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "REJECTED catalogue BLURRY_SETTLED: The catalogue says no function leads (product_management responsible, product_operations responsible); an agreement settles who does.",
            "REJECTED owner NOBODY: No assignment makes anybody of product_operations accountable for leadership at checkout.",
        ]
    )


def test_tied_rules_for_issues_say_so() -> None:
    assert lines(
        a_rule("payments", "leadership", a_split(PO), issue=a_selector(type="Bug")),
        a_rule("payments", "leadership", a_split(PM), issue=a_selector(type=["Bug", "Story"])),
        issue={Criterion.TYPE: {"Bug"}},
    ) == snapshot(
        [
            "REJECTED issue_rule TIED: The rule at payments for issues with type Bug says product_operations leads; another rule for the same issues stands equal, so no function leads.",
            "REJECTED issue_rule TIED: The rule at payments for issues with type Bug or Story says product_management leads; another rule for the same issues stands equal, so no function leads.",
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "REJECTED catalogue LESS_SPECIFIC: The catalogue says no function leads (product_management responsible, product_operations responsible); something more specific is said.",
        ]
    )


def test_a_start_up_says_whether_operations_has_an_owner() -> None:
    line = (the_root(Stage.STARTUP), an_area("checkout"))
    assert lines(*line, responsibility="data_analytics") == snapshot(
        [
            "CHOSEN stage UNSTAFFED: The profile of the stage startup, set at acme, says product_management leads (product_operations responsible), since the function that would lead has no owner here.",
            "REJECTED catalogue LESS_SPECIFIC: The catalogue says product_operations leads (product_management consulted); something more specific is said.",
            "REJECTED owner NOBODY: No assignment makes anybody of product_management accountable for data_analytics at checkout.",
        ]
    )
    assert lines(*line, an_assignment("acme", "omar", function=PO), responsibility="data_analytics") == snapshot(
        [
            "CHOSEN stage STAFFED: The profile of the stage startup, set at acme, says product_operations leads (product_management consulted), since that function has an owner here.",
            "REJECTED catalogue LESS_SPECIFIC: The catalogue says product_operations leads (product_management consulted); something more specific is said.",
            "CHOSEN organisation NEAREST: At acme, omar is assigned everything for product_operations: the nearest assignment there is.",
        ]
    )


def test_every_assignment_on_the_way_is_told() -> None:
    assert lines(
        an_assignment("checkout", "eva", letter=R),
        an_assignment("checkout", "ivo", FALLBACK),
        an_assignment("payments", "ana", BLOCK, letter=A),
        an_assignment("payments", "omar"),
        an_assignment("payments", "una", APPEND, responsibility="roadmap_ownership"),
        an_assignment("acme", "zoe"),
        responsibility="roadmap_ownership",
    ) == snapshot(
        [
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "CHOSEN catalogue MOST_SPECIFIC: The catalogue says product_management leads.",
            "CHOSEN area LESSER_LETTER: At checkout, eva is assigned everything for product_management: responsible only, so the search for who is accountable goes on.",
            "CHOSEN ancestor NEAREST: At payments, ana is assigned everything for product_management: the nearest assignment there is.",
            "CHOSEN ancestor OUTRANKED: At payments, omar is assigned everything for product_management: responsible, since another owner here is expressly accountable.",
            "CHOSEN ancestor ADDED: At payments, una is assigned roadmap_ownership for product_management: added beside the nearest one.",
            "SKIPPED organisation HIDDEN_BY_BLOCK: At acme, zoe is assigned everything for product_management: hidden by the block at payments.",
            "SKIPPED fallback NOT_NEEDED: At checkout, ivo is assigned everything for product_management: a fallback, not needed because something else was found.",
        ]
    )


def test_a_conflict_of_owners_says_so() -> None:
    assert lines(
        an_assignment("checkout", "ana"),
        an_assignment("checkout", "eva"),
        an_assignment("acme", "ivo"),
        responsibility="roadmap_ownership",
    ) == snapshot(
        [
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "CHOSEN catalogue MOST_SPECIFIC: The catalogue says product_management leads.",
            "REJECTED area TIED: At checkout, ana is assigned everything for product_management: it stands equal with another owner's, so nobody is accountable.",
            "REJECTED area TIED: At checkout, eva is assigned everything for product_management: it stands equal with another owner's, so nobody is accountable.",
            "REJECTED organisation FARTHER: At acme, ivo is assigned everything for product_management: a nearer or more specific assignment is used instead.",
        ]
    )


def test_nobody_is_told_with_the_block_that_makes_it_so() -> None:
    assert lines(
        an_assignment("checkout", None, BLOCK),
        an_assignment("checkout", "ana", FALLBACK),
        responsibility="roadmap_ownership",
    ) == snapshot(
        [
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "CHOSEN catalogue MOST_SPECIFIC: The catalogue says product_management leads.",
            "CHOSEN area BLOCKED: At checkout, everything for product_management is blocked: nobody holds it, and nothing above counts.",
            "SKIPPED fallback HIDDEN_BY_BLOCK: At checkout, ana is assigned everything for product_management: hidden by the block at checkout.",
            "REJECTED owner NOBODY: No assignment makes anybody of product_management accountable for roadmap_ownership at checkout.",
        ]
    )


def test_delegations_and_activity_are_told() -> None:
    assert lines(
        an_assignment("checkout", "ana"),
        a_person("omar", active=False),
        a_person("ana", active=False),
        a_delegation("ana", "omar", "payments", "roadmap_ownership"),
        a_delegation("ana", "eva"),
        responsibility="roadmap_ownership",
    ) == snapshot(
        [
            "SKIPPED stage NO_ROW: The profile of the stage scale_up, set at acme, says nothing of it.",
            "CHOSEN catalogue MOST_SPECIFIC: The catalogue says product_management leads.",
            "CHOSEN area NEAREST: At checkout, ana is assigned everything for product_management: the nearest assignment there is.",
            "REJECTED delegation DELEGATE_INACTIVE: ana delegates roadmap_ownership to omar at payments and below: whoever it names is not active.",
            "REJECTED delegation FARTHER: ana delegates everything to eva everywhere: a nearer or more specific delegation is used instead.",
            "REJECTED owner INACTIVE: ana, assigned at checkout, is not active and so holds nothing.",
        ]
    )


def test_r50_a_candidate_names_its_statement_and_who_recorded_it_and_defaults_name_nothing() -> None:
    model = a_model(
        a_rule("payments", "roadmap_ownership", a_split(PM), key="pm-leads"),
        an_agreement("acme", "roadmap_ownership", PO),
        an_assignment("checkout", "ana"),
        a_person("ana", active=False),
        a_delegation("ana", "omar"),
        a_person("omar", active=False),
    )
    trace = resolve(model, AreaKey("checkout"), ResponsibilityKey("roadmap_ownership")).trace
    named = [(c.step.value, c.names, (c.recorded_by, c.recorded_at)) for c in trace]
    recorded = (RECORDED.by, RECORDED.at)
    assert named == [
        ("split", ("Rule", "pm-leads"), recorded),
        ("split", ("Agreement", "acme/roadmap_ownership"), recorded),
        ("split", None, (None, None)),
        ("split", None, (None, None)),
        ("holders", ("Assignment", "checkout/all/product_management/ana"), recorded),
        ("delegation", ("Delegation", "ana/omar/-/all"), recorded),
        ("activity", ("Assignment", "checkout/all/product_management/ana"), recorded),
    ]


@given(questions())
@settings(max_examples=80)
def test_nothing_that_bears_on_an_answer_is_left_out(question: Question) -> None:
    """Every rule and agreement of the path, every assignment of the functions climbed, with exactly one winner."""
    model, area, what = (
        model_at(question.facts, NOON),
        AreaKey(question.area),
        ResponsibilityKey(question.responsibility),
    )
    answer = resolve(model, area, what, question.issue)
    if answer.outcome is Outcome.UNKNOWN:
        return
    told = {candidate.names for candidate in answer.trace}
    split = next((c for c in answer.trace if c.step is Step.SPLIT and c.verdict is Standing.CHOSEN), None)
    assert sum(c.step is Step.SPLIT and c.verdict is Standing.CHOSEN for c in answer.trace) == (split is not None)
    climbed = {holder.function for holder in answer.holders} | {answer.lead} if split is not None else set()
    for fact in question.facts.declared:
        body = fact.body
        if isinstance(body, Rule | Agreement | Assignment) and body.area in model.paths[area]:
            if isinstance(body, Assignment):
                bears = body.function in climbed and body.responsibility in (what, ALL)
            else:
                asked = isinstance(body, Agreement) or body.predicate is None or question.issue is not None
                bears = body.responsibility == what and asked
            assert not bears or (type(body).__name__, fact.key) in told
