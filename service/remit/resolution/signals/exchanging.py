"""Courses of some areas put in place of those that were there, a million others untouched."""

from array import array
from collections.abc import Collection

import numpy as np

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.resolution.signals.samples import Bools, Ints

OF_A_COURSE = ("is_feedback", "created", "updated", "touched", "gone", "has_history", "is_dated")
OF_A_STEP = ("step_at", "step_phase")


def only(courses: Courses, areas: Collection[AreaKey]) -> Courses:
    """Those of some of the areas; of others it does not even say that they have none."""
    asked = frozenset(areas)
    is_asked = np.array([key in asked for key in courses.areas], dtype=np.bool_)
    area = np.asarray(courses.area, dtype=np.intc)
    kept, places = is_asked[area], (np.cumsum(is_asked) - 1).astype(np.intc)
    lengths = np.diff(np.asarray(courses.ends), prepend=0)
    found = Courses(tuple(key for key in courses.areas if key in asked))
    _fill(found, courses, kept, lengths)
    found.area.frombytes(places[area[kept]].tobytes())
    found.ends.frombytes(np.cumsum(lengths[kept]).astype(np.int64).tobytes())
    return found


def exchanged(courses: Courses, now: Courses) -> Courses:
    """The same courses, but of the areas of `now` those; areas that were not there follow the others."""
    areas = tuple(dict.fromkeys((*courses.areas, *now.areas)))
    places = {area: place for place, area in enumerate(areas)}
    into = np.array([places[area] for area in now.areas], dtype=np.intc)
    kept = ~np.isin(np.asarray(courses.area), into)
    lengths = np.diff(np.asarray(courses.ends), prepend=0)
    found = Courses(areas)
    _fill(found, courses, kept, lengths)
    _put(found.area, courses.area, kept)
    found.area.frombytes(into[np.asarray(now.area)].tobytes())
    for name in (*OF_A_COURSE, *OF_A_STEP):
        getattr(found, name).extend(getattr(now, name))
    ends = np.cumsum(np.concatenate((lengths[kept], np.diff(np.asarray(now.ends), prepend=0))))
    found.ends.frombytes(ends.astype(np.int64).tobytes())
    return found


def _fill(found: Courses, courses: Courses, kept: Bools, lengths: Ints) -> None:
    """All columns of the courses that are kept, but for their areas and ends."""
    kept_steps = np.repeat(kept, lengths)
    for name in (*OF_A_COURSE, *OF_A_STEP):
        _put(getattr(found, name), getattr(courses, name), kept_steps if name in OF_A_STEP else kept)


def _put(column: "array[int]", values: "array[int]", which: Bools) -> None:
    column.frombytes(np.asarray(values)[which].tobytes())
