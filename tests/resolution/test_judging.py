"""What a number says against its threshold: verdicts rise at it and fall 10 % below."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.load import Threshold, Verdict
from remit.domain.workload import Worse
from remit.resolution.judging import deciding, judged

OK, WATCH, OVERLOADED, UNKNOWN = Verdict
HOURS = Threshold(0.8, 1.0, "ours")
RATIO = Threshold(1.0, 0.8, "ours")

RANKS = {UNKNOWN: 0, OK: 0, WATCH: 1, OVERLOADED: 2}
values = st.floats(min_value=0, max_value=10)
verdicts = st.sampled_from(Verdict)


@pytest.mark.parametrize(
    ("value", "before", "verdict"),
    [
        (0.79, OK, OK), (0.8, OK, WATCH), (0.99, WATCH, WATCH), (1.0, WATCH, OVERLOADED),
        (0.91, OVERLOADED, OVERLOADED), (0.89, OVERLOADED, WATCH), (0.73, WATCH, WATCH), (0.71, WATCH, OK),
        (0.73, OVERLOADED, WATCH), (0.71, OVERLOADED, OK), (0.95, UNKNOWN, WATCH), (0.0, UNKNOWN, OK),
    ],
)  # fmt: skip
def test_a_verdict_rises_at_its_threshold_and_falls_ten_percent_below(
    value: float, before: Verdict, verdict: Verdict
) -> None:
    assert judged(value, HOURS, before=before) is verdict


@pytest.mark.parametrize(
    ("value", "before", "verdict"),
    [(1.01, OK, OK), (1.0, OK, WATCH), (0.8, OK, OVERLOADED), (0.87, OVERLOADED, OVERLOADED), (0.89, OVERLOADED, WATCH),
     (1.09, WATCH, WATCH), (1.11, WATCH, OK)],
)  # fmt: skip
def test_where_small_is_bad_it_is_the_other_way_round(value: float, before: Verdict, verdict: Verdict) -> None:
    assert judged(value, RATIO, Worse.LOW, before) is verdict


def test_without_a_number_or_anything_to_hold_it_against_nothing_is_said() -> None:
    assert (judged(None, HOURS, before=OVERLOADED), judged(5, Threshold(None, None, "ours"), before=OK)) == (
        UNKNOWN,
        UNKNOWN,
    )


def test_one_limit_alone_suffices() -> None:
    assert [judged(2, Threshold(1, None, "")), judged(2, Threshold(None, 1, ""))] == [WATCH, OVERLOADED]
    assert judged(0, Threshold(None, 1, "")) is OK


@given(values, values, verdicts)
def test_a_worse_number_never_has_a_better_verdict(one: float, other: float, before: Verdict) -> None:
    better, worse = sorted((one, other))
    assert RANKS[judged(better, HOURS, before=before)] <= RANKS[judged(worse, HOURS, before=before)]


@given(values, verdicts)
def test_what_was_before_only_ever_holds_a_verdict_up_to_where_it_was(value: float, before: Verdict) -> None:
    fresh, held = RANKS[judged(value, HOURS)], RANKS[judged(value, HOURS, before=before)]
    assert fresh <= held <= max(fresh, RANKS[before])


@given(values, verdicts)
def test_the_same_number_again_changes_nothing(value: float, before: Verdict) -> None:
    once = judged(value, HOURS, before=before)
    assert judged(value, HOURS, before=once) is once


def test_the_limit_told_is_the_one_that_decided() -> None:
    assert [deciding(HOURS, one) for one in (OK, WATCH, OVERLOADED)] == [0.8, 0.8, 1.0]
    assert [deciding(Threshold(None, 1.0, ""), OK), deciding(Threshold(0.8, None, ""), WATCH)] == [1.0, 0.8]
