"""What holds for every model: one order of precedence, one accountable or a named reason, no order of writing."""

import random
from itertools import combinations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from remit.domain.answers import Layer, Outcome, Ownership, Standing, Step
from remit.domain.areas import Stage
from remit.domain.catalogue import Letter, Split
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import model_at
from remit.domain.policy import Agreement, Rule
from remit.resolution.matching import match
from remit.resolution.ownership import resolve, resolve_match
from support.model_strategies import KEYS, RESPONSIBILITIES, Question, models, questions, splits
from support.models import NOON, a_rule, a_stage_rule, words

ACCOUNTABLE = {Outcome.DELEGATED, Outcome.FALLBACK, Outcome.INHERITED, Outcome.OWNED}
areas = st.sampled_from(("acme", *KEYS))
responsibilities = st.sampled_from(RESPONSIBILITIES)


def asked(facts: Facts, question: Question) -> Ownership:
    model, responsibility = model_at(facts, NOON), ResponsibilityKey(question.responsibility)
    if question.issue is None:
        return resolve(model, AreaKey(question.area), responsibility)
    return resolve_match(model, match(model, question.issue), responsibility, question.issue)


def ranking(facts: Facts, area: str, responsibility: str) -> list[tuple[str, str]]:
    """The declared rules and agreements that bear on an area, strongest first, as the trace tells them."""
    trace = resolve(model_at(facts, NOON), AreaKey(area), ResponsibilityKey(responsibility)).trace
    return [c.names for c in trace if c.step is Step.SPLIT and c.names is not None and c.layer is not Layer.ISSUE_RULE]


@given(models(), areas, responsibilities)
@settings(max_examples=80)
def test_among_rules_that_can_both_apply_to_an_area_precedence_is_a_total_order(
    facts: Facts, area: str, responsibility: str
) -> None:
    """Whichever two of them are left alone, the one that stood before the other in the whole model wins."""
    ranked = ranking(facts, area, responsibility)
    event(f"{min(len(ranked), 4)} rules")
    for stronger, weaker in combinations(ranked, 2):
        kept = tuple(f for f in facts.declared if not _decides(f) or _name(f) in (stronger, weaker))
        assert ranking(Facts(facts.catalogue, kept), area, responsibility) == [stronger, weaker]


def _decides(fact: Fact[Body]) -> bool:
    return isinstance(fact.body, Rule | Agreement)


def _name(fact: Fact[Body]) -> tuple[str, str]:
    return type(fact.body).__name__, fact.key


@given(questions(), st.data())
@settings(max_examples=80)
def test_adding_a_less_specific_rule_never_changes_the_answer(question: Question, data: st.DataObject) -> None:
    before = asked(question.facts, question)
    winner = next((c for c in before.trace if c.step is Step.SPLIT and c.verdict is Standing.CHOSEN), None)
    if winner is None or before.area is None or winner.layer in (Layer.STAGE, Layer.CATALOGUE):
        return
    split = data.draw(st.one_of(st.none(), splits()))
    added = [_stage_rule(question, stage, split) for stage in Stage]
    path = model_at(question.facts, NOON).paths[before.area]
    farther = path if winner.layer is Layer.ISSUE_RULE else path[path.index(AreaKey(winner.scope)) + 1 :]
    added += [a_rule(level, question.responsibility, split) for level in farther]
    for rule in added:
        others = tuple(f for f in question.facts.declared if f.key != rule.key)
        if len(others) == len(question.facts.declared):
            event(f"adds below {winner.layer.value}")
            assert words(asked(Facts(question.facts.catalogue, (*others, rule)), question)) == words(before)


def _stage_rule(question: Question, stage: Stage, split: Split | None) -> Fact[Body]:
    return a_stage_rule(stage, question.responsibility, split)


@given(questions())
@settings(max_examples=80)
def test_r38_there_is_exactly_one_accountable_or_a_named_reason(question: Question) -> None:
    answer = asked(question.facts, question)
    accountable = [holder.owner for holder in answer.holders if holder.letter is Letter.ACCOUNTABLE]
    if answer.outcome in ACCOUNTABLE:
        assert accountable == [answer.accountable]
    else:
        assert (answer.accountable, accountable) == (None, [])


@given(questions(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_r1_r49_the_same_model_in_any_order_has_the_same_digest_and_answers(
    question: Question, dice: random.Random
) -> None:
    shuffled = list(question.facts.declared)
    dice.shuffle(shuffled)
    again = Facts(question.facts.catalogue, tuple(shuffled))
    assert again.digest == question.facts.digest
    assert asked(again, question) == asked(question.facts, question)


@given(questions())
@settings(max_examples=80)
def test_a_holder_appears_once_for_each_function_strongest_letter_first(question: Question) -> None:
    holders = asked(question.facts, question).holders
    assert len({(holder.owner, holder.function) for holder in holders}) == len(holders)
    assert [holder.letter.rank for holder in holders] == sorted(holder.letter.rank for holder in holders)
