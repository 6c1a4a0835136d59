"""Whatever is changed, in whatever order: the model stays whole, a file of it changes nothing, nothing is forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.changing.planning import plan_changes
from remit.domain.changes import (
    KEPT,
    Change,
    ConfirmOwner,
    EndRow,
    HandOver,
    SetAgreement,
    SetArea,
    SetAssignment,
    SetDelegation,
    SetPerson,
    SetRule,
    SetStage,
    SetTeam,
)
from remit.domain.errors import Invalid
from remit.domain.facts import Body, Fact, FactKind, Facts
from remit.modelfile.checks import believed
from remit.modelfile.plan import plan
from remit.modelfile.read import read
from remit.modelfile.soundness import mistakes
from remit.modelfile.write import write
from support.changing import JULY, a_model

PEOPLE, AREAS = ("ana", "omar", "pat"), ("acme", "payments", "checkout", "web")
FUNCTIONS = ("product_management", "product_operations")
THINGS = ("innovation", "leadership", "all")
people, areas, functions = (st.sampled_from(names) for names in (PEOPLE, AREAS, FUNCTIONS))
lines = st.sampled_from(THINGS[:2])
things = st.sampled_from(THINGS)
kept = st.just(KEPT)
starts = st.none() | st.none() | st.integers(-60, 120).map(lambda days: JULY + timedelta(days=days))
ends = kept | st.none() | st.integers(1, 400).map(lambda days: JULY + timedelta(days=days))
windows = st.fixed_dictionaries({"start": starts, "end": ends})


def said(change: type, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Change]:
    return st.builds(lambda window, told: change(**window, **told), windows, st.fixed_dictionaries(fields))


CHANGES: st.SearchStrategy[Change] = st.one_of(
    said(SetPerson, key=people, name=kept | st.just("Somebody"), active=kept | st.booleans()),
    said(SetTeam, key=st.just("desk"), members=st.lists(people, max_size=2, unique=True).map(tuple)),
    said(SetArea, key=areas, name=kept | st.just("Some area"), kind=kept | st.just("team"), parent=kept | areas),
    said(SetStage, area=areas, stage=st.sampled_from([None, "startup", "enterprise"])),
    said(SetRule, area=areas, responsibility=lines, lead=kept | functions, unowned=kept | st.just(True)),
    said(
        SetAssignment,
        row=st.sampled_from([None, None, "ops"]),
        area=areas,
        responsibility=things,
        function=functions,
        owner=people | st.just("desk"),
        letter=kept | st.sampled_from([None, "accountable", "informed"]),
        inherit=kept | st.sampled_from(["append", "fallback"]),
    ),
    said(SetAgreement, area=areas, responsibility=lines, lead=functions, note=kept | st.just("agreed")),
    said(SetDelegation, from_person=people, to_person=people, area=kept | st.just("payments")),
    st.builds(
        lambda kind_and_key, at: EndRow(kind=kind_and_key[0], key=kind_and_key[1], at=at),
        st.sampled_from(
            [
                (FactKind.PERSON, "pat"),
                (FactKind.AREA, "checkout"),
                (FactKind.RULE, "payments/innovation"),
                (FactKind.RULE, "the-line"),
                (FactKind.ASSIGNMENT, "ops"),
                (FactKind.ASSIGNMENT, "payments/all/product_management/ana"),
                (FactKind.DELEGATION, "ana/omar/payments/all"),
            ]
        ),
        starts,
    ),
    st.builds(lambda who, to, at, leaves: HandOver(person=who, to=to, at=at, leaves=leaves), people,
              st.none() | people | st.just("desk"), starts, st.booleans()),
    st.builds(lambda days: ConfirmOwner(row="ops", by="boss", due=JULY + timedelta(days=days)), st.integers(300, 600)),
)  # fmt: skip


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
        assert mistakes(whole, facts.declared, now.date()) == []
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
