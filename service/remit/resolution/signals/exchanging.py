"""Courses of some areas put in place of those that were there, a million others untouched."""

from array import array
from collections.abc import Sequence

import numpy as np

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.resolution.signals.samples import Bools

OF_A_COURSE = ("area", "is_feedback", "created", "updated", "touched", "gone", "has_history", "is_dated")
OF_A_STEP = ("step_at", "step_phase")


def only(courses: Courses, areas: Sequence[AreaKey]) -> Courses:
    """Those of some of the areas."""
    others = tuple(area for area in courses.areas if area not in frozenset(areas))
    return exchanged(courses, Courses(others))


def exchanged(courses: Courses, now: Courses) -> Courses:
    """The same courses, but of the areas of `now` those; areas that were not there follow the others."""
    areas = tuple(dict.fromkeys((*courses.areas, *now.areas)))
    places = {area: place for place, area in enumerate(areas)}
    into = np.array([places[area] for area in now.areas], dtype=np.intc)
    kept = ~np.isin(np.asarray(courses.area), into)
    lengths = np.diff(np.asarray(courses.ends), prepend=0)
    kept_steps = np.repeat(kept, lengths)
    found = Courses(areas)
    for name in (*OF_A_COURSE, *OF_A_STEP):
        _put(getattr(found, name), getattr(courses, name), kept_steps if name in OF_A_STEP else kept)
        if name == "area":
            found.area.frombytes(into[np.asarray(now.area)].tobytes())
        else:
            getattr(found, name).extend(getattr(now, name))
    ends = np.cumsum(np.concatenate((lengths[kept], np.diff(np.asarray(now.ends), prepend=0))))
    found.ends.frombytes(ends.astype(np.int64).tobytes())
    return found


def _put(column: "array[int]", values: "array[int]", which: Bools) -> None:
    column.frombytes(np.asarray(values)[which].tobytes())
