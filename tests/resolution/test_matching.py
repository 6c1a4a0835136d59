"""From an issue to an area (R28 to R36)."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import event, given, settings

from remit.domain.answers import Layer, Reason, Standing, Step
from remit.domain.areas import Criterion, Selector
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, ResponsibilityKey, SourceName
from remit.domain.model import Model, model_at
from remit.domain.records import BacklogItem, StatusCategory, criteria_of, normalised
from remit.resolution.matching import match
from remit.resolution.ownership import resolve_match
from support.model_oracle import Oracle
from support.model_strategies import Offered, issues, models
from support.models import NOON, a_model, a_selector, an_area, the_root, words

ISSUE: Mapping[Criterion, set[str]] = {
    Criterion.EPIC: {"P-9", "P-1"},
    Criterion.COMPONENT: {"Cart", "Docs"},
    Criterion.TEAM: {"Blue", "17"},
    Criterion.LABEL: {"x", "y"},
    Criterion.TYPE: {"Bug"},
    Criterion.PROJECT: {"P"},
}


def placing(first: Sequence[Selector], second: Sequence[Selector] = ()) -> Model:
    """Two sisters of equal depth, `one` and `two`."""
    return a_model(the_root(), an_area("one", jira=first), an_area("two", jira=second))


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        (a_selector(project="P"), True),
        (a_selector(project="Q"), False),
        (a_selector(project=["P", "Q"]), True),
        (a_selector(project="P", type="Bug"), True),
        (a_selector(project="P", type="Story"), False),
        (a_selector(component="Docs"), True),
        (a_selector(label="y"), True),
        (a_selector(epic="P-9"), True),
        (a_selector(epic="P-1"), True),
        (a_selector(team="17"), True),
        (a_selector(component="docs"), False),
    ],
    ids=str,
)
def test_r28_a_selector_holds_when_each_criterion_finds_one_of_its_values(selector: Selector, holds: bool) -> None:
    assert match(placing([selector]), ISSUE).areas == (("one",) if holds else ())


STRONGEST_FIRST = [
    a_selector(epic="P-1"),
    a_selector(component="Cart"),
    a_selector(team="Blue"),
    a_selector(label="x"),
    a_selector(type="Bug"),
    a_selector(project="P"),
]


@pytest.mark.parametrize("weaker", range(1, 6), ids=lambda index: str(STRONGEST_FIRST[index]))
def test_r28_each_criterion_is_stronger_than_the_next(weaker: int) -> None:
    stronger, weak = STRONGEST_FIRST[weaker - 1], STRONGEST_FIRST[weaker]
    assert match(placing([weak], [stronger]), ISSUE).area == "two"


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (a_selector(type="Bug", project="P"), a_selector(epic="P-1")),
        (a_selector(epic="P-1", project="P"), a_selector(component="Cart", team="Blue")),
        (a_selector(component="Cart", project="P"), a_selector(team="Blue", label="x")),
        (a_selector(component="Cart", team="Blue"), a_selector(component="Cart", label="x")),
        (a_selector(label="x", type="Bug", project="P"), a_selector(epic="P-1", component="Cart")),
    ],
    ids=str,
)
def test_r29_more_criteria_beat_fewer_and_then_the_strongest_decides(winner: Selector, loser: Selector) -> None:
    assert match(placing([loser], [winner]), ISSUE).area == "two"


def test_r28_list_values_count_once() -> None:
    assert match(placing([a_selector(label=["x", "y", "z"])], [a_selector(component="Cart")]), ISSUE).area == "two"


def test_r28_an_area_counts_with_its_best_selector() -> None:
    best, worst = a_selector(epic="P-1"), a_selector(project="P")
    assert match(placing([worst, best], [a_selector(component="Cart")]), ISSUE).area == "one"


def test_r28_the_best_selector_of_an_area_is_not_the_one_with_the_strongest_criterion() -> None:
    told = [a_selector(component="Cart"), a_selector(label="x", project="P")]
    assert match(placing(told, [a_selector(epic="P-1")]), ISSUE).area == "one"


def test_r30_no_component_is_first_so_two_areas_of_different_components_tie() -> None:
    tied = match(placing([a_selector(component="Cart")], [a_selector(component="Docs")]), ISSUE)
    assert (tied.area, tied.areas) == (None, ("one", "two"))


def test_r31_deeper_is_the_distance_from_the_root_whatever_the_branch() -> None:
    model = a_model(
        the_root(),
        an_area("one", jira=[a_selector(component="Cart")]),
        an_area("other"),
        an_area("deep", "other", jira=[a_selector(component="Docs")]),
    )
    assert match(model, ISSUE).area == "deep"


def test_r30_standing_comes_before_depth() -> None:
    model = a_model(the_root(jira=[a_selector(epic="P-1")]), an_area("one", jira=[a_selector(project="P")]))
    assert match(model, ISSUE).area == "acme"


def test_r32_a_tie_is_a_conflict_in_the_nearest_common_ancestor_that_names_every_tied_area() -> None:
    model = a_model(
        the_root(),
        an_area("payments"),
        an_area("cart", "payments", jira=[a_selector(component="Cart")]),
        an_area("docs", "payments", jira=[a_selector(component="Docs")]),
    )
    answer = resolve_match(model, match(model, ISSUE), ResponsibilityKey("documentation"), ISSUE)
    assert (answer.area, words(answer)) == ("payments", "CONFLICT")
    assert [(c.scope, c.verdict, c.reason, c.message) for c in answer.trace] == [
        (key, Standing.REJECTED, Reason.TIED, f"The selector component {value} of {key} stands equal among cart, docs.")
        for key, value in (("cart", "Cart"), ("docs", "Docs"))
    ]


def test_r33_no_match_is_unmatched_without_lead_or_fallback() -> None:
    model = placing([a_selector(project="Q")])
    answer = resolve_match(model, match(model, ISSUE), ResponsibilityKey("documentation"), ISSUE)
    assert (answer.area, words(answer)) == (None, "UNMATCHED")
    assert [(c.step, c.layer, c.verdict, c.reason) for c in answer.trace] == [
        (Step.MATCH, Layer.SELECTOR, Standing.SKIPPED, Reason.NO_SELECTOR)
    ]


def test_r33_the_root_matches_by_selectors_written_on_it() -> None:
    assert match(a_model(the_root(jira=[a_selector(project="P")])), ISSUE).area == "acme"


def test_r50_winner_and_losers_of_the_match_are_told_with_the_names_of_their_selectors() -> None:
    trace = match(placing([a_selector(project="P")], [a_selector(component=["Cart", "The cart"])]), ISSUE).trace
    assert [(c.verdict, c.reason, c.names, c.message) for c in trace] == [
        (Standing.CHOSEN, Reason.MOST_SPECIFIC, ("Selector", 'two/component Cart or "The cart"'),
         'The selector component Cart or "The cart" puts the issue in two.'),
        (Standing.REJECTED, Reason.LESS_SPECIFIC, ("Selector", "one/project P"),
         "The selector project P of one also matches, but two has a more specific one."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("  Cart ", "Cart", True),
        ("Caf\u00e9", unicodedata.normalize("NFD", "Caf\u00e9"), True),
        ("alloy", "Alloy", False),
        ("Cart  page", "Cart page", False),
    ],
)
def test_r34_names_compare_exactly_after_trimming_and_nfc(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


def an_item(**changes: object) -> BacklogItem:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    told: dict[str, object] = {
        "source": SourceName("jira"), "id": "1", "key": "P-3", "project": "P", "type": "Bug", "summary": "",
        "status": "Open", "category": StatusCategory.NEW, "created": at, "updated": at,
    }  # fmt: skip
    return BacklogItem(**(told | changes))  # type: ignore[arg-type]


def test_r35_an_epic_is_the_issue_itself_its_parent_and_everything_above() -> None:
    assert criteria_of(an_item(parent="P-2"), ("P-2", "P-1"))[Criterion.EPIC] == {"P-3", "P-2", "P-1"}


def test_r36_an_issue_without_a_configured_team_offers_none() -> None:
    assert criteria_of(an_item())[Criterion.TEAM] == frozenset()
    assert criteria_of(an_item(team=("17", "Blue")))[Criterion.TEAM] == {"17", "Blue"}


@given(models(), issues())
@settings(max_examples=200)
def test_every_issue_is_placed_as_the_rulings_say(facts: Facts, issue: Offered) -> None:
    placed = match(model_at(facts, NOON), issue)
    event(f"{min(len(placed.areas), 2)} areas")
    assert list(placed.areas) == Oracle(facts).places(issue)
    assert placed.area == (placed.areas[0] if len(placed.areas) == 1 else None)


@given(models(), issues())
@settings(max_examples=80)
def test_everything_that_claims_an_issue_is_in_the_trace(facts: Facts, issue: Offered) -> None:
    oracle, trace = Oracle(facts), match(model_at(facts, NOON), issue).trace
    claiming = {key for key, area in oracle.areas.items() if any(oracle.matches(s, issue) for s in area.jira)}
    assert {AreaKey(candidate.scope) for candidate in trace} - {AreaKey("")} == claiming
