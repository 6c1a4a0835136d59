"""The score interval of a share, against figures worked out by hand and the equation it solves."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.resolution.wilson import Z95, wilson


@pytest.mark.parametrize(
    ("count", "sample", "low", "high"),
    [
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_that_of_the_literature(count: int, sample: int, low: float, high: float) -> None:
    assert wilson(count, sample) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda sample: st.tuples(st.integers(0, sample), st.just(sample))))
def test_its_bounds_are_the_shares_from_which_the_sample_is_just_so_many_deviations_away(
    drawn: tuple[int, int],
) -> None:
    count, sample = drawn
    share = count / sample
    low, high = wilson(count, sample)
    assert 0 <= low <= share <= high <= 1
    for bound in (low, high):
        assert abs(share - bound) == pytest.approx(Z95 * sqrt(bound * (1 - bound) / sample), abs=1e-9)
