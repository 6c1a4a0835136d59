"""The product's answers compared with a second, literal reading of the rulings, over models of every kind."""

from collections import Counter

from hypothesis import event, given, settings

from remit.domain.answers import Outcome, Ownership
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import model_at
from remit.resolution.matching import match
from remit.resolution.ownership import resolve, resolve_area, resolve_match
from support.model_oracle import Answer, Oracle
from support.model_strategies import Question, models, questions
from support.models import NOON


def asked(question: Question) -> Ownership:
    """The product's answer: about the issue wherever it belongs when there is one, else about the area."""
    model, responsibility = model_at(question.facts, NOON), ResponsibilityKey(question.responsibility)
    if question.issue is None:
        return resolve(model, AreaKey(question.area), responsibility)
    return resolve_match(model, match(model, question.issue), responsibility, question.issue)


def expected(question: Question) -> Answer:
    oracle = Oracle(question.facts)
    known = {row.key for row in question.facts.catalogue.responsibilities}
    areas = [question.area] if question.issue is None else oracle.places(question.issue)
    if question.responsibility not in known or (question.issue is None and question.area not in oracle.areas):
        return "UNKNOWN", None, None, frozenset()
    if len(areas) != 1:
        return "CONFLICT" if areas else "UNMATCHED", None, None, frozenset()
    return oracle.answer(areas[0], question.responsibility, question.issue)


def told(answer: Ownership) -> Answer:
    holders = frozenset(
        (h.owner.key, h.function, h.letter.value, h.delegated_from.key if h.delegated_from else None)
        for h in answer.holders
    )
    accountable = answer.accountable.key if answer.accountable is not None else None
    return answer.outcome.value, answer.lead, accountable, holders


def test_every_answer_is_the_one_the_rulings_give() -> None:
    reached: Counter[Outcome] = Counter()

    @given(questions())
    @settings(max_examples=800)
    def ask(question: Question) -> None:
        answer = asked(question)
        event(answer.outcome.value)
        reached[answer.outcome] += 1
        assert told(answer) == expected(question)

    ask()
    assert {outcome for outcome in Outcome if not reached[outcome]} == set(), "the models do not reach every outcome"


@given(questions())
@settings(max_examples=100)
def test_in_which_area_an_answer_is_follows_from_where_the_issue_belongs(question: Question) -> None:
    answer, oracle = asked(question), Oracle(question.facts)
    places = [question.area] if question.issue is None else oracle.places(question.issue)
    if answer.outcome in (Outcome.UNKNOWN, Outcome.UNMATCHED):
        assert answer.area is None
    elif len(places) == 1:
        assert answer.area == places[0]
    else:
        assert answer.area == next(k for k in oracle.path(places[0]) if all(k in oracle.path(p) for p in places))


@given(models())
@settings(max_examples=50)
def test_a_whole_area_at_once_answers_like_one_responsibility_at_a_time(facts: Facts) -> None:
    model = model_at(facts, NOON)
    for area in model.areas:
        assert resolve_area(model, area) == tuple(resolve(model, area, key) for key in model.responsibilities)
