"""What a change did to a row: closed and opened facts become one entry, and entries tell the whole past."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.facts import Body, Fact, FactKind
from remit.domain.history import AT_ONCE, Action, Edit, Entry, Side, Stretch, action, entries, stretches
from remit.domain.intervals import ALWAYS, Interval
from support.models import a_fact, an_area, an_assignment

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EDIT = Edit(NOW, "ana", "because")
ANA, PAT, EVA = (an_assignment("shop", owner, key="row").body for owner in ("ana", "pat", "eva"))


def days(start: int | None, end: int | None) -> Interval:
    """From and to so many days from now; None: unbounded."""
    return Interval(NOW + start * DAY if start is not None else None, NOW + end * DAY if end is not None else None)


def held(body: Body, start: int | None, end: int | None = None) -> Fact[Body]:
    return a_fact(body, days(start, end), "row")


def an_entry(before: Iterable[Fact[Body]], after: Iterable[Fact[Body]], edit: Edit = EDIT) -> Entry:
    return Entry(edit, FactKind.ASSIGNMENT, "row", tuple(before), tuple(after))


@pytest.mark.parametrize(
    ("before", "after", "done"),
    [
        ([], [held(ANA, 0)], Action.DECLARED),
        ([], [held(ANA, 7)], Action.DECLARED),
        ([], [held(ANA, -7)], Action.CORRECTED),
        ([], [held(ANA, None)], Action.CORRECTED),
        ([held(ANA, None)], [held(ANA, None, 0)], Action.ENDED),
        ([held(ANA, -9, 20)], [held(ANA, -9, 5)], Action.ENDED),
        ([held(ANA, None)], [held(ANA, None, -1)], Action.CORRECTED),
        ([held(ANA, None)], [held(ANA, None, 0), held(PAT, 0)], Action.CHANGED),
        ([held(ANA, None)], [held(ANA, None, 3), held(PAT, 3)], Action.CHANGED),
        ([held(ANA, None)], [held(ANA, None, -3), held(PAT, -3)], Action.CORRECTED),
        ([held(ANA, None)], [held(PAT, None)], Action.CORRECTED),
        ([held(ANA, -9, 5)], [held(ANA, -9, 20)], Action.CHANGED),
        ([held(ANA, 5)], [held(ANA, 9)], Action.CHANGED),
        ([held(ANA, 5)], [held(ANA, 3)], Action.CHANGED),
        ([held(ANA, None)], [held(ANA, None, 3), held(ANA, 6)], Action.CHANGED),
        ([held(ANA, 5)], [], Action.WITHDRAWN),
        ([held(ANA, -5)], [], Action.WITHDRAWN),
        ([held(ANA, None)], [held(ANA, None, 3), held(ANA, 3)], Action.CHANGED),
    ],
)
def test_what_a_change_did(before: list[Fact[Body]], after: list[Fact[Body]], done: Action) -> None:
    assert action(an_entry(before, after)) is done


def test_the_first_change_of_all_declares_even_the_past() -> None:
    first = Edit(NOW, "ana", "because", is_first=True)
    assert action(an_entry([], [held(ANA, -700)], first)) is Action.DECLARED


def test_what_begins_while_it_is_being_recorded_begins_now_and_corrects_nothing() -> None:
    later = Edit(NOW + AT_ONCE, "ana", "because")
    too_late = Edit(NOW + AT_ONCE + timedelta(microseconds=1), "ana", "because")
    facts = [held(ANA, None)], [held(ANA, None, 0), held(PAT, 0)]
    assert [action(an_entry(*facts, edit)) for edit in (later, too_late)] == [Action.CHANGED, Action.CORRECTED]


@pytest.mark.parametrize(
    ("before", "after", "altered"),
    [
        ([], [held(ANA, None)], [Stretch(ALWAYS, None, ANA)]),
        ([held(ANA, None)], [held(ANA, None, 3), held(PAT, 3)], [Stretch(days(3, None), ANA, PAT)]),
        ([held(ANA, None)], [held(ANA, None, 3), held(PAT, 5)],
         [Stretch(days(3, 5), ANA, None), Stretch(days(5, None), ANA, PAT)]),
        ([held(ANA, 0, 3), held(PAT, 3)], [held(ANA, 0)], [Stretch(days(3, None), PAT, ANA)]),
        ([held(ANA, 0, 3), held(ANA, 3, 6)], [held(PAT, 0, 6)], [Stretch(days(0, 6), ANA, PAT)]),
        ([held(ANA, 0)], [held(ANA, 0, 9)], [Stretch(days(9, None), ANA, None)]),
        ([held(ANA, 0)], [held(ANA, 0, 9), held(ANA, 9)], []),
    ],
)  # fmt: skip
def test_where_a_change_altered_what_is_said(
    before: list[Fact[Body]], after: list[Fact[Body]], altered: list[Stretch]
) -> None:
    assert list(stretches(an_entry(before, after))) == altered


def test_entries_are_newest_first_then_by_kind_and_key() -> None:
    old, new = Edit(NOW, "ana", "one"), Edit(NOW + DAY, "pat", "two")
    shop, pay, row = an_area("shop"), an_area("pay"), held(ANA, None)
    told = entries([(old, row, True), (old, shop, True), (new, row, False), (new, shop, False), (old, pay, True)])
    assert told == (
        Entry(new, FactKind.AREA, "shop", (shop,), ()),
        Entry(new, FactKind.ASSIGNMENT, "row", (row,), ()),
        Entry(old, FactKind.AREA, "pay", (), (pay,)),
        Entry(old, FactKind.AREA, "shop", (), (shop,)),
        Entry(old, FactKind.ASSIGNMENT, "row", (), (row,)),
    )


def test_the_windows_of_an_entry_are_in_the_order_of_time() -> None:
    """As text, half a second past comes before the second itself."""
    half = a_fact(EVA, Interval(NOW + timedelta(seconds=0.5), None), "row")
    first, second = held(ANA, None, -1), a_fact(PAT, Interval(NOW, NOW + timedelta(seconds=0.5)), "row")
    (told,) = entries([(EDIT, half, True), (EDIT, second, True), (EDIT, first, True)])
    assert told.after == (first, second, half)


@st.composite
def timelines(draw: st.DrawFn) -> frozenset[Fact[Body]]:
    """What might be believed of two rows at once: windows that do not overlap, each with some owner."""
    facts: set[Fact[Body]] = set()
    for key in ("one", "two"):
        bounds = sorted(draw(st.sets(st.integers(-9, 9), max_size=4)))
        for start, end in itertools.pairwise([None, *bounds, None]):
            owner = draw(st.sampled_from([None, "ana", "pat"]))
            if owner is not None:
                facts.add(a_fact(an_assignment("shop", owner).body, days(start, end), key))
    return frozenset(facts)


@given(st.lists(timelines(), min_size=1, max_size=6))
def test_replayed_up_to_any_change_the_entries_give_what_was_believed_then(
    beliefs: list[frozenset[Fact[Body]]],
) -> None:
    edits = [Edit(NOW + number * DAY, "ana", "", is_first=not number) for number in range(len(beliefs))]
    told = entries(_sides(edits, beliefs))
    for edit, believed in zip(edits, beliefs, strict=True):
        assert replayed(one for one in told if one.edit.at <= edit.at) == believed


@given(timelines(), timelines())
def test_exactly_the_stretches_say_something_else(before: frozenset[Fact[Body]], after: frozenset[Fact[Body]]) -> None:
    for entry in entries(_sides([EDIT, Edit(NOW + DAY, "pat", "")], [before, after])):
        for hour in range(-10 * 24 - 12, 11 * 24, 24):
            instant = NOW + timedelta(hours=hour)
            said = [
                next((f.body for f in side if f.valid.contains(instant)), None) for side in (entry.before, entry.after)
            ]
            altered = [[one.before, one.after] for one in stretches(entry) if one.valid.contains(instant)]
            assert altered == ([said] if said[0] != said[1] else [])


def replayed(told: Iterable[Entry]) -> frozenset[Fact[Body]]:
    believed: frozenset[Fact[Body]] = frozenset()
    for entry in sorted(told, key=lambda entry: entry.edit.at):
        assert believed.issuperset(entry.before)
        believed = believed - set(entry.before) | set(entry.after)
    return believed


def _sides(edits: list[Edit], beliefs: list[frozenset[Fact[Body]]]) -> Iterable[Side]:
    for edit, (before, after) in zip(edits, itertools.pairwise([frozenset(), *beliefs]), strict=True):
        yield from ((edit, fact, False) for fact in before - after)
        yield from ((edit, fact, True) for fact in after - before)
