"""Half-open stretches of time (R4)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.intervals import (
    ALWAYS,
    Interval,
    NoOffset,
    clipped,
    instant_of,
    instant_text,
    is_at_the_edge,
    minus_all,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def intervals() -> st.SearchStrategy[Interval]:
    """Bounds on few days, so that intervals meet; half of them open at one end."""
    bound = st.one_of(st.none(), st.integers(0, 8))
    pairs = st.tuples(bound, bound).filter(lambda p: p[0] is None or p[1] is None or p[0] < p[1])
    return pairs.map(lambda p: Interval(*(day(n) if n is not None else None for n in p)))


INSTANTS = [day(n) + timedelta(hours=h) for n in range(-1, 10) for h in (0, 12)]


def test_the_start_belongs_to_an_interval_and_the_end_does_not() -> None:
    interval = Interval(day(1), day(2))
    assert [interval.contains(instant) for instant in (day(0), day(1), day(2))] == [False, True, False]


@pytest.mark.parametrize("end", [0, 1])
def test_an_end_that_is_not_later_than_the_start_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="later than its start"):
        Interval(day(1), day(end))


def test_two_intervals_that_touch_do_not_overlap() -> None:
    assert not Interval(day(1), day(2)).overlaps(Interval(day(2), day(3)))


def test_an_interval_reads_in_utc_whatever_offset_it_was_told_in() -> None:
    east = timezone(timedelta(hours=2))
    told = Interval(datetime(2026, 1, 1, 2, tzinfo=east), None)
    assert str(told) == str(Interval(START, None)) == "[2026-01-01T00:00:00Z, …)"


@given(intervals(), intervals())
def test_overlapping_means_to_share_an_instant(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == any(one.contains(at) and other.contains(at) for at in INSTANTS)


@given(intervals(), st.lists(intervals(), max_size=4))
def test_taking_intervals_out_leaves_exactly_the_instants_of_none(one: Interval, others: list[Interval]) -> None:
    pieces = minus_all(one, others)
    for at in INSTANTS:
        left = one.contains(at) and not any(other.contains(at) for other in others)
        assert sum(piece.contains(at) for piece in pieces) == left


@given(intervals(), st.integers(0, 8))
def test_what_is_before_an_instant(interval: Interval, number: int) -> None:
    before = interval.until(day(number))
    for at in INSTANTS:
        assert (before is not None and before.contains(at)) == (interval.contains(at) and at < day(number))


def test_nothing_lies_between_an_instant_and_itself() -> None:
    assert clipped(day(1), day(1)) is None
    assert clipped(None, None) == ALWAYS


def test_an_instant_has_one_spelling() -> None:
    west = timezone(timedelta(hours=-8))
    assert instant_text(datetime(2026, 5, 1, 16, 30, tzinfo=west)) == "2026-05-02T00:30:00Z"


def test_an_instant_is_read_in_utc() -> None:
    assert instant_of("2026-05-01T16:30:00-08:00") == datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
    assert instant_of("2026-05-01T16:30:00-08:00").tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-05-01", "2026-05-01T16:30:00"])
def test_r3_what_has_no_offset_is_no_instant(text: str) -> None:
    with pytest.raises(NoOffset):
        instant_of(text)


@pytest.mark.parametrize("text", ["", "soon", "1700000000", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_or_beyond_the_calendar_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        instant_of(text)
    assert not isinstance(refused.value, NoOffset)


@pytest.mark.parametrize(
    ("instant", "edge"),
    [
        ("0001-01-01T00:00:00+00:00", True),
        ("0001-01-01T00:00:00+14:00", True),
        ("9999-12-31T23:59:59.999999+00:00", True),
        ("9999-12-31T23:00:00-12:00", True),
        ("0001-01-03T00:00:00+00:00", False),
        ("2026-11-25T00:00:00+00:00", False),
        ("9999-12-01T00:00:00+00:00", False),
    ],
)
def test_an_instant_at_the_edge_of_the_calendar_is_no_bound(instant: str, edge: bool) -> None:
    assert is_at_the_edge(datetime.fromisoformat(instant)) is edge
