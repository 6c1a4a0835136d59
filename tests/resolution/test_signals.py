"""What each signal says of a few records, and where it says nothing."""

import math
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

import pytest

from remit.domain.courses import pack
from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Window
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.grouping import each_alone, groups_of
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import Series, measured_over, series
from remit.resolution.signals.windows import windows
from support.courses import DAY, a_course, at
from support.desks import NOW

SHOP, PAY = AreaKey("shop"), AreaKey("pay")
UNDER_WAY, DONE, NEW = Phase.UNDER_WAY, Phase.DONE, Phase.NEW
FEEDBACK = RecordKind.FEEDBACK
FOUR_WEEKS = Window(at(-28), NOW)


def read(name: str, *courses: Course, spans: Sequence[Window] = (FOUR_WEEKS,), is_present: bool = True) -> Series:
    taken = measured_over(Columns(pack([SHOP], courses)), each_alone([SHOP]), spans, Terms(), is_present=is_present)
    return series(taken, [BY_NAME[name]])[name]


def now(name: str, *courses: Course, **said: Any) -> tuple[float | None, int]:
    reading = read(name, *courses, **said).now.of(0)
    return reading.value, reading.sample


WAITING = a_course(SHOP, -20)
BEGUN = a_course(SHOP, -20, [(-10, UNDER_WAY)], touched=-10)
FINISHED = a_course(SHOP, -20, [(-10, UNDER_WAY), (-4, DONE)], touched=-10)
LONG_DONE = a_course(SHOP, -90, [(-80, UNDER_WAY), (-60, DONE)], touched=-80)
DROPPED = a_course(SHOP, -20, [(-4, DONE)], touched=-4)
REOPENED = a_course(SHOP, -90, [(-80, UNDER_WAY), (-60, DONE), (-5, UNDER_WAY)], touched=-80)
AGAIN_DONE = a_course(SHOP, -90, [(-80, UNDER_WAY), (-60, DONE), (-5, UNDER_WAY), (-2, DONE)], touched=-80)
GONE = a_course(SHOP, -20, gone=-1)
UNDATED = a_course(SHOP, -20, [(-3, UNDER_WAY)], is_dated=False)
ODDLY_DONE = a_course(SHOP, -20, [(-3, DONE)], is_dated=False)
SKEWED = a_course(SHOP, 3)
EVERYTHING = (WAITING, BEGUN, FINISHED, LONG_DONE, DROPPED, REOPENED, AGAIN_DONE, GONE, UNDATED, ODDLY_DONE, SKEWED)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("open_items", (4, 9)),
        ("wip", (3, 9)),
        ("arrivals", (6, 6)),
        ("completions", (3, 3)),
        ("net_growth", (3, 9)),
        ("service_ratio", (0.5, 6)),
        ("throughput", (0.75, 3)),
        ("cycle_time_p50", (6, 2)),
        ("cycle_time_p85", (78, 2)),
        ("item_age_p85", (80, 2)),
        ("age_breaches", (1, 2)),
        ("untriaged", (2, 4)),
        ("oldest_untriaged", (20, 2)),
        ("stale_items", (1, 4)),
    ],
)
def test_a_signal_counts_odd_records_as_its_definition_says(name: str, expected: tuple[float, int]) -> None:
    assert now(name, *EVERYTHING) == expected


HEARD = (
    a_course(SHOP, -20, [(-19, UNDER_WAY), (-15, DONE)], kind=FEEDBACK, touched=-19),
    a_course(SHOP, -20, [(-15, DONE)], kind=FEEDBACK, touched=-15),
    a_course(SHOP, -9, kind=FEEDBACK),
    a_course(SHOP, -1, kind=FEEDBACK),
    a_course(SHOP, -2, [(-2, DONE)], kind=FEEDBACK, touched=-2),
    a_course(SHOP, -60, kind=FEEDBACK),
    a_course(SHOP, -60, kind=FEEDBACK, gone=-3),
    WAITING,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("feedback_arrivals", (5, 5)),
        ("feedback_untriaged", (2, 6)),
        ("oldest_feedback_untriaged", (60, 2)),
        ("feedback_within_target", (0.5, 4)),
        ("open_items", (1, 1)),
    ],
)
def test_feedback_is_counted_by_itself(name: str, expected: tuple[float, int]) -> None:
    assert now(name, *HEARD) == expected


@pytest.mark.parametrize("kind", SIGNALS, ids=lambda kind: kind.name)
def test_without_any_record_a_count_is_nought_and_everything_else_is_not_known(kind: Any) -> None:
    is_count = kind.unit == "items" or kind.name in ("throughput", "oldest_untriaged", "oldest_feedback_untriaged")
    assert now(kind.name) == (0.0 if is_count else None, 0)


def test_nothing_arrived_is_no_infinite_ratio() -> None:
    assert now("service_ratio", LONG_DONE, a_course(SHOP, -60, [(-3, DONE)])) == (None, 0)


def test_breaches_are_not_known_where_nothing_was_completed_to_compare_with() -> None:
    assert now("age_breaches", BEGUN) == (None, 1)
    assert now("age_breaches", BEGUN, a_course(SHOP, -200, [(-190, UNDER_WAY), (-91, DONE)])) == (None, 1)
    assert now("age_breaches", BEGUN, FINISHED) == (1, 1)


def test_what_nobody_touched_is_not_known_where_no_history_is_told_and_something_happened() -> None:
    silent = a_course(SHOP, -20, updated=-10, has_history=False)
    untouched = a_course(SHOP, -20, has_history=False)
    assert (now("untriaged", silent), now("oldest_untriaged", silent)) == ((None, 1), (None, 1))
    assert now("untriaged", untouched) == (1, 1)
    assert now("untriaged", silent, FINISHED) == (1, 1)


def test_a_young_issue_is_not_yet_untriaged() -> None:
    assert now("untriaged", a_course(SHOP, -7)) == (0, 1)
    assert now("untriaged", a_course(SHOP, -7.001)) == (1, 1)


def test_staleness_of_a_window_that_has_ended_is_not_known() -> None:
    assert now("stale_items", LONG_DONE, a_course(SHOP, -60), is_present=False) == (None, 1)


def test_the_window_holds_its_start_and_not_its_end() -> None:
    assert now("arrivals", a_course(SHOP, -28), a_course(SHOP, 0), a_course(SHOP, -28.001)) == (1, 1)
    assert now("completions", *(a_course(SHOP, -50, [(day, DONE)]) for day in (-28.001, -28, 0))) == (1, 1)


def test_the_baseline_is_the_median_of_the_windows_before_and_the_spread_their_median_distance_from_it() -> None:
    spans = windows(NOW, UTC)
    arrivals = [9, 1, 2, 3, 5, 8, 30]
    courses = [
        a_course(SHOP, (span.start - NOW) / DAY + 1)
        for span, many in zip(spans, arrivals, strict=True)
        for _ in range(many)
    ]
    found = read("arrivals", *courses, spans=spans)
    assert (found.now.of(0), found.baseline[0], found.spread[0]) == (Reading(9, 9), 4, 2.5)


def test_windows_by_whose_end_there_was_no_record_make_no_baseline() -> None:
    spans = windows(NOW, UTC)
    days = [(span.start - NOW) / DAY + 1 for span in spans]
    young = read("arrivals", a_course(SHOP, days[2]), spans=spans)
    older = read("arrivals", a_course(SHOP, days[3]), a_course(SHOP, days[2]), spans=spans)
    assert [math.isnan(part[0]) for part in (young.baseline, young.spread)] == [True, True]
    assert (older.baseline[0], older.spread[0]) == (1, 0)


def test_a_question_without_windows_before_has_no_baseline() -> None:
    found = read("wip", BEGUN)
    assert [math.isnan(part[0]) for part in (found.baseline, found.spread)] == [True, True]


def test_groups_are_counted_side_by_side_and_an_area_may_be_in_several() -> None:
    courses = [BEGUN, a_course(PAY, -3, [(-2, UNDER_WAY)]), a_course(PAY, -3)]
    groups = groups_of([SHOP, PAY], [[SHOP], [PAY], [SHOP, PAY, SHOP], []])
    taken = measured_over(Columns(pack([SHOP, PAY], courses)), groups, [FOUR_WEEKS], Terms(), is_present=True)
    found = series(taken)
    assert [found["wip"].now.of(group) for group in range(4)] == [
        Reading(1, 1), Reading(1, 2), Reading(2, 3), Reading(0, 0),
    ]  # fmt: skip
    assert [found["item_age_p85"].now.of(group).value for group in range(4)] == [10, 2, 10, None]


def test_of_no_group_there_is_no_number() -> None:
    taken = measured_over(Columns(pack([SHOP], [])), groups_of([SHOP], []), windows(NOW, UTC), Terms(), is_present=True)
    assert {len(one.now.values) for one in series(taken).values()} == {0}


def test_terms_are_those_told() -> None:
    terms = Terms(timedelta(days=1), timedelta(hours=1), timedelta(days=2), timedelta(days=5))
    courses = [a_course(SHOP, -3), a_course(SHOP, -3, kind=FEEDBACK, touched=-2), BEGUN, LONG_DONE]
    taken = measured_over(Columns(pack([SHOP], courses)), each_alone([SHOP]), [FOUR_WEEKS], terms, is_present=True)
    found = {name: one.now.of(0).value for name, one in series(taken).items()}
    assert [found[name] for name in ("untriaged", "stale_items", "feedback_within_target", "age_breaches")] == [
        1, 2, 0, None,
    ]  # fmt: skip
