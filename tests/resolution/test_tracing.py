"""The records behind a number: those that were counted, no other, and they come to the number again."""

import math
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.courses import pack
from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Window
from remit.domain.tracing import CountsAs, Part
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.grouping import groups_of
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import measured_over, series
from remit.resolution.signals.tracing import MAKINGS, Traced, Tracing
from support.courses import a_course, at, courses
from support.desks import NOW

SHOP, PAY = AreaKey("shop"), AreaKey("pay")
FOUR_WEEKS = Window(at(-28), NOW)
UNDER_WAY, DONE = Phase.UNDER_WAY, Phase.DONE
FEEDBACK = RecordKind.FEEDBACK


def traced(name: str, told: Sequence[Course], window: Window = FOUR_WEEKS, *, is_present: bool = True) -> Traced:
    return Tracing(Columns(pack([SHOP, PAY], told)), window, Terms(), is_present=is_present).of(name)


def brief(name: str, *told: Course, window: Window = FOUR_WEEKS) -> list[tuple[int, CountsAs, float | None]]:
    """Of each record in the order told: its place among the courses, what it counts as, and its value."""
    found = traced(name, told, window)
    parts = [found.part(number) for number in range(len(found))]
    return [(int(place), part.counts_as, part.value) for place, part in zip(found.places, parts, strict=True)]


def come_to(name: str, parts: Sequence[Part], days: float) -> float | None:
    """The number, once more from the parts alone."""
    counts = Counter(part.counts_as for part in parts)
    if name == "net_growth":
        return counts[CountsAs.ARRIVAL] - counts[CountsAs.COMPLETION]
    if name == "service_ratio":
        return counts[CountsAs.COMPLETION] / counts[CountsAs.ARRIVAL] if counts[CountsAs.ARRIVAL] else None
    if name == "throughput":
        return counts[CountsAs.COMPLETION] * 7 / days
    if name == "feedback_within_target":
        return counts[CountsAs.WITHIN_TARGET] / len(parts) if parts else None
    stretches = sorted(part.days for part in parts if part.days is not None)
    if name.startswith("oldest"):
        return stretches[-1] if stretches else 0
    if BY_NAME[name].unit == "days":
        percent = int(name[-2:])
        return stretches[math.ceil(percent * len(stretches) / 100) - 1] if stretches else None
    return sum(part.counts_as in COUNTED[name] for part in parts)


COUNTED = {
    "open_items": {CountsAs.OPEN},
    "wip": {CountsAs.IN_PROGRESS},
    "arrivals": {CountsAs.ARRIVAL},
    "completions": {CountsAs.COMPLETION},
    "age_breaches": {CountsAs.BREACH},
    "untriaged": {CountsAs.UNTRIAGED},
    "stale_items": {CountsAs.STALE},
    "feedback_arrivals": {CountsAs.ARRIVAL},
    "feedback_untriaged": {CountsAs.UNTRIAGED},
}


def test_every_signal_can_be_traced() -> None:
    assert list(MAKINGS) == list(BY_NAME)


@given(st.lists(courses([SHOP, PAY]), max_size=25), st.sampled_from([1, 7, 28, 200]), st.booleans())
def test_the_records_come_to_the_number_and_to_its_sample(told: list[Course], days: int, is_present: bool) -> None:
    window = Window(at(-days), NOW)
    columns = Columns(pack([SHOP, PAY], told))
    groups = groups_of([SHOP, PAY], [[SHOP, PAY]])
    readings = series(measured_over(columns, groups, [window], Terms(), is_present=is_present))
    tracing = Tracing(columns, window, Terms(), is_present=is_present)
    for kind in SIGNALS:
        found, reading = tracing.of(kind.name), readings[kind.name].now.of(0)
        parts = [found.part(number) for number in range(len(found))]
        assert (kind.name, found.reading) == (kind.name, reading)
        assert (kind.name, sum(part.is_sample for part in parts)) == (kind.name, reading.sample)
        assert all((part.value is None) == (reading.value is None) for part in parts)
        if reading.value is None:
            continue
        assert (kind.name, come_to(kind.name, parts, days)) == (kind.name, reading.value)
        if kind.unit == "days":
            assert [part.value for part in parts] == [part.days for part in parts]
            assert [part.value for part in parts if part.decides] == ([reading.value] if parts else [])
        else:
            assert math.isclose(math.fsum(part.value or 0 for part in parts), reading.value, abs_tol=1e-9)
            assert not any(part.decides for part in parts)


@given(st.lists(courses([SHOP]), max_size=25))
def test_a_record_is_there_once_in_each_of_its_roles_and_role_by_role_the_longest_first(told: list[Course]) -> None:
    for name in BY_NAME:
        found = traced(name, told)
        rows = [(int(place), role.counts_as) for place, role in zip(found.places, found.roles, strict=True)]
        assert len(rows) == len(set(rows))
        order = [(MAKINGS[name].roles.index(role), -(found.part(n).days or 0)) for n, role in enumerate(found.roles)]
        assert order == sorted(order)


WAITING = a_course(SHOP, -20)
OLDER = a_course(SHOP, -40, updated=-35)
BEGUN = a_course(SHOP, -20, [(-10, UNDER_WAY)], touched=-10)
QUICK = a_course(SHOP, -20, [(-10, UNDER_WAY), (-8, DONE)], touched=-10)
SLOW = a_course(SHOP, -50, [(-30, UNDER_WAY), (-4, DONE)], touched=-30)
LONG_DONE = a_course(SHOP, -90, [(-80, UNDER_WAY), (-60, DONE)], touched=-80)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("untriaged", [(1, "UNTRIAGED", 1), (0, "UNTRIAGED", 1), (2, "SAMPLE", 0)]),
        ("oldest_untriaged", [(1, "UNTRIAGED", 40), (0, "UNTRIAGED", 20)]),
        ("open_items", [*((n, "OPEN", 1) for n in (1, 0, 2)), *((n, "SAMPLE", 0) for n in (5, 4, 3))]),
        ("wip", [(2, "IN_PROGRESS", 1), *((n, "SAMPLE", 0) for n in (5, 4, 1, 0, 3))]),
        ("arrivals", [(0, "ARRIVAL", 1), (2, "ARRIVAL", 1), (3, "ARRIVAL", 1)]),
        ("completions", [(4, "COMPLETION", 1), (3, "COMPLETION", 1)]),
        ("net_growth", [*((n, "ARRIVAL", 1) for n in (0, 2, 3)), *((n, "COMPLETION", -1) for n in (4, 3))]),
        ("cycle_time_p85", [(4, "COMPLETION", 26), (3, "COMPLETION", 2)]),
        ("item_age_p85", [(2, "IN_PROGRESS", 10)]),
        ("age_breaches", [(2, "WITHIN_LIMIT", 0)]),
        ("stale_items", [(1, "STALE", 1), (0, "SAMPLE", 0), (2, "SAMPLE", 0)]),
    ],
)  # fmt: skip
def test_each_record_is_told_with_what_it_counts_as(name: str, expected: list[tuple[int, str, float]]) -> None:
    assert brief(name, WAITING, OLDER, BEGUN, QUICK, SLOW, LONG_DONE) == expected


def test_a_ratio_tells_both_what_is_divided_and_by_what() -> None:
    third = pytest.approx(1 / 3)
    assert brief("service_ratio", WAITING, BEGUN, QUICK, SLOW) == [
        (3, "COMPLETION", third),
        (2, "COMPLETION", third),
        (0, "ARRIVAL", 0),
        (1, "ARRIVAL", 0),
        (2, "ARRIVAL", 0),
    ]


def test_what_is_too_old_is_told_with_its_age_and_the_limit() -> None:
    found = traced("age_breaches", [QUICK, BEGUN, a_course(SHOP, -3, [(-1, UNDER_WAY)])])
    parts = [found.part(number) for number in range(len(found))]
    assert (found.limit_days, found.reading) == (2, Reading(1, 2))
    assert [(part.counts_as, part.days, part.value) for part in parts] == [("BREACH", 10, 1), ("WITHIN_LIMIT", 1, 0)]


def test_without_a_limit_nothing_is_within_it() -> None:
    found = traced("age_breaches", [BEGUN])
    assert (found.limit_days, found.part(0).counts_as, found.part(0).value) == (None, CountsAs.SAMPLE, None)


def test_late_feedback_comes_first_with_how_long_it_waited() -> None:
    prompt = a_course(SHOP, -20, [(-19, UNDER_WAY)], kind=FEEDBACK, touched=-19)
    late = a_course(SHOP, -20, [(-15, DONE)], kind=FEEDBACK, touched=-15)
    unseen = a_course(SHOP, -4, kind=FEEDBACK)
    young = a_course(SHOP, -1, kind=FEEDBACK)
    found = traced("feedback_within_target", [prompt, late, unseen, young])
    parts = [found.part(number) for number in range(len(found))]
    assert [(int(place), part.counts_as, part.days) for place, part in zip(found.places, parts, strict=True)] == [
        (1, "PAST_TARGET", 5),
        (2, "PAST_TARGET", 4),
        (0, "WITHIN_TARGET", 1),
    ]
    assert brief("feedback_untriaged", prompt, late, unseen, young)[0] == (2, "UNTRIAGED", 1)
    assert brief("oldest_feedback_untriaged", prompt, late, unseen, young) == [(2, "UNTRIAGED", 4)]


def test_what_happened_after_the_window_is_not_told() -> None:
    found = traced("open_items", [SLOW, BEGUN], Window(at(-40), at(-20)))
    assert found.part(0) == Part(CountsAs.OPEN, 1, None, False, True, at(-50), at(-30), at(-30), None)
    assert len(found) == 1


def test_of_what_was_updated_after_the_window_it_is_not_told_how_long_it_lay() -> None:
    found = traced("stale_items", [a_course(SHOP, -50, updated=1), a_course(SHOP, -50, updated=-40)])
    days = {int(place): found.part(number).days for number, place in enumerate(found.places)}
    assert days == {0: None, 1: 40}
