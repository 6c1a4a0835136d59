"""Whatever is changed, in whatever order: the model stays whole, a file of it changes nothing, nothing is forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.changing.planning import plan_changes
from remit.domain.changes import (
    Change,
    EndRow,
    HandOver,
    SetAssignment,
    SetPerson,
    SetRule,
    SetStage,
)
from remit.domain.errors import Invalid
from remit.domain.facts import Body, Fact, FactKind, Facts
from remit.modelfile.checks import believed
from remit.modelfile.plan import plan
from remit.modelfile.read import read
from remit.modelfile.soundness import mistakes
from remit.modelfile.write import write
from support.change_strategies import CHANGES
from support.changing import JULY, a_model


def made(facts: Facts, changes: Sequence[Change], now: datetime) -> Facts:
    """What is believed after the changes; where they are refused together, after those accepted one by one."""
    try:
        return Facts(facts.catalogue, plan_changes(facts, changes, now).plan.result)
    except Invalid:
        for change in changes if len(changes) > 1 else ():
            facts = made(facts, [change], now)
        return facts


def after_each(lists: Sequence[Sequence[Change]]) -> list[tuple[datetime, Facts]]:
    """What is believed after each of the lists of changes, a week apart."""
    facts, now = a_model(), JULY
    believed_then = [(now, facts)]
    for changes in lists:
        now += timedelta(days=7)
        facts = made(facts, changes, now)
        believed_then.append((now, facts))
    return believed_then


SOME = st.lists(st.lists(CHANGES, min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=150)
@given(SOME)
def test_the_model_stays_whole(lists: list[list[Change]]) -> None:
    for now, facts in after_each(lists):
        whole = believed(facts.declared, facts.catalogue, lambda fact: None)
        assert mistakes(whole, facts.declared, now) == []
        assert overlaps(facts.declared) == []


@settings(max_examples=150)
@given(SOME)
def test_a_file_of_it_changes_nothing(lists: list[list[Change]]) -> None:
    now, facts = after_each(lists)[-1]
    planned = plan(read(write(facts.declared, now)), facts.declared, now)
    assert (planned.opens, planned.closes, planned.problems) == ((), (), ())


@settings(max_examples=100)
@given(SOME)
def test_opens_and_closes_lead_from_one_belief_to_the_next_and_back(lists: list[list[Change]]) -> None:
    facts, now = a_model(), JULY
    for changes in lists:
        now += timedelta(days=7)
        for change in changes:
            try:
                planned = plan_changes(facts, [change], now).plan
            except Invalid:
                continue
            before, after = set(facts.declared), set(planned.result)
            assert after == before - set(planned.closes) | set(planned.opens)
            assert before == after - set(planned.opens) | set(planned.closes)
            assert len(after) == len(planned.result)
            facts = Facts(facts.catalogue, planned.result)


@settings(max_examples=100)
@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_the_same_changes_again_change_nothing(changes: list[Change]) -> None:
    """Except for a hand-over or an end, which find nothing left the second time."""
    again = [change for change in changes if not isinstance(change, EndRow | HandOver)]
    for change in again:
        once = made(a_model(), [change], JULY)
        assert made(once, [change], JULY).digest == once.digest


@settings(max_examples=100)
@given(st.permutations(
    [
        SetPerson(key="ana", email="a@acme.example"),
        SetStage(area="payments", stage="startup"),
        SetRule(area="acme", responsibility="innovation", unowned=True),
        SetAssignment(row="ops", owner="eve"),
        SetPerson(key="eve", name="Eve"),
        EndRow(kind=FactKind.RULE, key="the-line"),
    ]
))  # fmt: skip
def test_the_order_of_independent_changes_never_matters(changes: list[Change]) -> None:
    assert made(a_model(), changes, JULY).digest == made(a_model(), sorted(changes, key=str), JULY).digest
    assert made(a_model(), changes, JULY) != a_model()


def overlaps(facts: Sequence[Fact[Body]]) -> list[tuple[str, str]]:
    """Rows that say two things at once."""
    return [
        (one.kind, one.key)
        for index, one in enumerate(facts)
        for other in facts[:index]
        if (one.kind, one.key) == (other.kind, other.key) and one.valid.overlaps(other.valid)
    ]
