"""Very many courses as columns, so that a million of them fit into memory and are counted at once."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.ids import AreaKey, SourceName

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = 2**63 - 1
"""Stands for an instant that has not come."""
CODES = {Phase.NEW: 0, Phase.UNDER_WAY: 1, Phase.DONE: 2}


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (at - EPOCH) // MICROSECOND


@dataclass(frozen=True, slots=True)
class Courses:
    """Columns of equal length, one entry a course; instants in microseconds, `NEVER` where there is none.

    `area` is the place of the course's area in `areas`. The steps of all courses stand one after another in `step_at`
    and `step_phase` (`CODES`); `ends` tells where those of each course end.
    """

    areas: tuple[AreaKey, ...]
    area: "array[int]" = field(default_factory=lambda: array("i"))
    is_feedback: "array[int]" = field(default_factory=lambda: array("b"))
    created: "array[int]" = field(default_factory=lambda: array("q"))
    updated: "array[int]" = field(default_factory=lambda: array("q"))
    touched: "array[int]" = field(default_factory=lambda: array("q"))
    gone: "array[int]" = field(default_factory=lambda: array("q"))
    has_history: "array[int]" = field(default_factory=lambda: array("b"))
    is_dated: "array[int]" = field(default_factory=lambda: array("b"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    step_at: "array[int]" = field(default_factory=lambda: array("q"))
    step_phase: "array[int]" = field(default_factory=lambda: array("b"))

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, slots=True)
class NamedCourses:
    """Courses, and of which record each is: its source and the source's own id, by which they are in order."""

    courses: Courses
    names: tuple[tuple[SourceName, str], ...]


@dataclass(frozen=True, slots=True)
class Moving:
    """Courses that would change their area: those that leave one of some areas, and those that would come to one."""

    leaving: Courses
    coming: Courses


class Packing:
    """Packs courses one by one; those of areas that are not asked for are left out."""

    def __init__(self, areas: Sequence[AreaKey]) -> None:
        self.packed = Courses(tuple(areas))
        self._places = {area: place for place, area in enumerate(areas)}

    def add(self, course: Course) -> None:
        place = self._places.get(course.area) if course.area is not None else None
        if place is None:
            return
        packed = self.packed
        packed.area.append(place)
        packed.is_feedback.append(course.kind is RecordKind.FEEDBACK)
        packed.created.append(micros(course.created))
        packed.updated.append(micros(course.updated))
        packed.touched.append(micros(course.touched_at) if course.touched_at is not None else NEVER)
        packed.gone.append(micros(course.gone_at) if course.gone_at is not None else NEVER)
        packed.has_history.append(course.has_history)
        packed.is_dated.append(course.is_dated)
        for at, phase in course.steps:
            packed.step_at.append(micros(at))
            packed.step_phase.append(CODES[phase])
        packed.ends.append(len(packed.step_at))


def pack(areas: Sequence[AreaKey], courses: Iterable[Course]) -> Courses:
    """Those of these courses that belong to one of the areas."""
    packing = Packing(areas)
    for course in courses:
        packing.add(course)
    return packing.packed
