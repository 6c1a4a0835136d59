"""Which facts hold together, and which lead back to themselves: compared with trying every pair and every path."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.facts import Body, Fact
from remit.domain.intervals import Interval
from remit.modelfile.spans import in_cycles, overlapping, starts
from support.models import NOON, a_fact, a_person


def day(number: int | None) -> datetime | None:
    return NOON + timedelta(days=number) if number is not None else None


BOUNDS = st.one_of(st.none(), st.integers(0, 6))
SPANS = st.tuples(BOUNDS, BOUNDS).filter(lambda p: p[0] is None or p[1] is None or p[0] < p[1])
GROUPS = st.lists(st.tuples(st.sampled_from("abc"), SPANS), max_size=6)


def a_group(told: list[tuple[str, tuple[int | None, int | None]]]) -> list[Fact[Body]]:
    """Facts under keys of their own; the name of the person is what sets them apart."""
    return [
        a_fact(a_person(who).body, Interval(day(start), day(end)), key=f"{index}")
        for index, (who, (start, end)) in enumerate(told)
    ]


def who(fact: Fact[Body]) -> str:
    return fact.body.key  # type: ignore[union-attr]


@given(GROUPS)
def test_a_fact_is_told_when_it_begins_while_another_apart_from_it_holds(
    told: list[tuple[str, tuple[int | None, int | None]]],
) -> None:
    facts = a_group(told)
    order = sorted(facts, key=lambda f: (f.valid.start or datetime.min.replace(tzinfo=NOON.tzinfo), f.key))
    expected = {
        fact.key
        for index, fact in enumerate(order)
        if any(who(other) != who(fact) and other.valid.overlaps(fact.valid) for other in order[:index])
    }
    pairs = list(overlapping(facts, who))
    assert {second.key for _, second in pairs} == expected
    assert all(who(first) != who(second) and first.valid.overlaps(second.valid) for first, second in pairs)
    assert len(pairs) == len(expected)


@given(st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 6), max_size=2), max_size=7))
def test_those_with_an_endless_way_onward_are_found(onward: dict[int, set[int]]) -> None:
    def goes_on(node: int, steps: int) -> bool:
        return steps == 0 or any(goes_on(target, steps - 1) for target in onward.get(node, ()))

    assert in_cycles(onward) == {node for node in onward if goes_on(node, len(onward) + 1)}


def test_a_long_chain_is_walked_once() -> None:
    chain = {number: {number + 1} for number in range(50_000)}
    assert in_cycles(chain) == set()


def test_every_state_shows_at_a_start() -> None:
    facts = a_group([("a", (2, 4)), ("a", (None, 1)), ("b", (1, 2)), ("b", (1, None))])
    assert starts(facts) == [None, day(1), day(2)]
