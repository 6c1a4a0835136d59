"""Percentiles of many groups at once, and of one group that changes: the same as of plain lists."""

import math
import random
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from remit.resolution.signals.samples import MOST_ALTERED, Altered, Beside, Sampled, grouped_samples

VALUES = st.lists(st.integers(0, 20), max_size=30)
PERCENT = st.integers(1, 100)


def nearest_rank(values: Sequence[int], percent: int) -> float:
    """By the words of the definition: the smallest value with at least so many per cent at or below it."""
    enough = [one for one in values if 100 * sum(other <= one for other in values) >= percent * len(values)]
    return float(min(enough)) if enough else math.nan


def plain(groups: Sequence[Sequence[int]], percent: int, limits: Sequence[float]) -> tuple[list[float], ...]:
    return (
        [float(len(values)) for values in groups],
        [nearest_rank(values, percent) for values in groups],
        [float(max(values)) if values else math.nan for values in groups],
        [float(sum(value > limit for value in values)) for values, limit in zip(groups, limits, strict=True)],
    )


def shown(sampled: Sampled, percent: int, limits: Sequence[float]) -> tuple[list[float], ...]:
    told = (sampled.counts, sampled.percentile(percent), sampled.largest(), sampled.above(np.array(limits)))
    return tuple([float(value) for value in one] for one in told)


def same(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> bool:
    return all(np.array_equal(one, other, equal_nan=True) for one, other in zip(ours, theirs, strict=True))


def an_altered(values: Sequence[int]) -> Altered:
    return Altered(np.array(sorted(values), dtype=np.int64))


LIMITS = st.sampled_from([math.nan, -1.0, 0.0, 7.0, 7.5, 30.0])


@given(st.lists(st.tuples(VALUES, LIMITS), max_size=6), PERCENT, st.randoms())
def test_groups_in_one_array_are_like_plain_lists(
    told: list[tuple[list[int], float]], percent: int, dice: random.Random
) -> None:
    groups, limits = [values for values, _ in told], [limit for _, limit in told]
    pairs = [(number, value) for number, values in enumerate(groups) for value in values]
    dice.shuffle(pairs)
    numbers, values = (np.array([pair[part] for pair in pairs], dtype=np.int64) for part in (0, 1))
    samples = grouped_samples(numbers, values, len(groups))
    assert same(shown(samples, percent, limits), plain(groups, percent, limits))
    assert [samples.group(number).values().tolist() for number in range(len(groups))] == list(map(sorted, groups))


@given(VALUES, st.lists(st.tuples(VALUES, VALUES), max_size=8), PERCENT, LIMITS)
def test_a_group_whose_parts_are_exchanged_is_like_a_list_whose_parts_are(
    rest: list[int], exchanges: list[tuple[list[int], list[int]]], percent: int, limit: float
) -> None:
    first = exchanges[0][0] if exchanges else []
    part, group = first, an_altered([*rest, *first])
    for _, new in exchanges:
        group, part = group.exchanged(an_altered(part), an_altered(new)), new
        assert group.values().tolist() == sorted([*rest, *part])
        assert same(shown(group, percent, [limit]), plain([[*rest, *part]], percent, [limit]))


def test_a_group_that_was_altered_very_often_is_written_together() -> None:
    group, part = an_altered(range(2000)), an_altered(range(1000))
    group = group.exchanged(part, an_altered(range(5000, 5000 + MOST_ALTERED)))
    assert (group.out, group.put, len(group.base)) == ((), (), 1000 + MOST_ALTERED)


@given(st.lists(VALUES, min_size=1, max_size=4), PERCENT)
def test_groups_beside_each_other_are_like_each_by_itself(groups: list[list[int]], percent: int) -> None:
    limits = [7.0] * len(groups)
    beside = Beside(tuple(an_altered(values) for values in groups))
    assert same(shown(beside, percent, limits), plain(groups, percent, limits))


def test_a_percentile_is_always_a_value_of_the_sample() -> None:
    group = an_altered([1, 2, 3, 100])
    assert [float(group.percentile(p)[0]) for p in (1, 25, 26, 50, 75, 76, 85, 100)] == [1, 1, 2, 2, 3, 100, 100, 100]
