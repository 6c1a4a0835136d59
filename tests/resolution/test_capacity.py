"""How many hours a week a person has, with absences taken off, exactly."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.facts import Body, Fact
from remit.domain.ids import OwnerKey
from remit.domain.intervals import ALWAYS, Interval
from remit.domain.load import Window
from remit.domain.people import Person
from remit.resolution.capacity import capacity_hours
from support.models import a_fact, a_model, an_absence, the_root

START = datetime(2026, 6, 1, tzinfo=UTC)
ANA = OwnerKey("ana")


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def away(start: int, end: int, share: float = 1.0, key: str | None = None) -> Fact[Body]:
    return an_absence("ana", Interval(day(start), day(end)), share, key)


def left(*absences: Fact[Body], hours: float | None = 40, days: int = 28) -> float | None:
    model = a_model(the_root(), a_fact(Person(ANA, "Ana", capacity_hours=hours)), *absences)
    return capacity_hours(model, ANA, Window(START, day(days)))


@pytest.mark.parametrize(
    ("case", "absences", "expected"),
    [
        ("nothing", (), 40.0),
        ("a week of four", (away(0, 7),), 30.0),
        ("half of a week of four", (away(0, 7, 0.5),), 35.0),
        ("a tenth, which is a tenth", (away(0, 28, 0.1),), 36.0),
        ("what began before and ends after", (away(-100, 14), away(21, 300)), 10.0),
        ("all of it", (away(-1, 29),), 0.0),
        ("for ever", (an_absence("ana", ALWAYS, 0.25),), 30.0),
        ("before and after only", (away(-9, 0), away(28, 30)), 40.0),
        ("two that add up", (away(0, 14, 0.25), away(7, 21, 0.5, "other")), 25.0),
        ("two that are more than all", (away(0, 14, 0.75), away(0, 14, 0.75, "other")), 20.0),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_is_left_with_absences_taken_off(case: str, absences: tuple[Fact[Body], ...], expected: float) -> None:
    assert left(*absences) == expected


def test_those_without_a_capacity_have_none_and_those_with_nought_have_nought() -> None:
    assert left(away(0, 7), hours=None) is None
    assert left(away(0, 7), hours=0) == 0.0
    assert capacity_hours(a_model(the_root()), OwnerKey("nobody"), Window(START, day(1))) is None


@given(
    st.lists(
        st.tuples(st.integers(-5, 20), st.integers(1, 20), st.sampled_from((0.1, 0.25, 0.3, 0.5, 1.0))), max_size=5
    )
)
def test_it_is_the_mean_over_the_days(told: list[tuple[int, int, float]]) -> None:
    facts = [away(start, start + length, share, str(index)) for index, (start, length, share) in enumerate(told)]
    tenths = [
        min(100, sum(round(share * 100) for start, length, share in told if start <= one < start + length))
        for one in range(14)
    ]
    assert left(*facts, days=14) == pytest.approx(40 * (1 - sum(tenths) / 1400), abs=1e-12)


def test_the_order_of_absences_does_not_matter() -> None:
    facts = [away(0, 3, 0.3), away(1, 9, 0.4, "b"), away(2, 5, 0.6, "c")]
    assert left(*facts) == left(*reversed(facts))
