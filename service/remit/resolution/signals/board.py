"""What is measured of every area and of everything below each, where one changed area costs its ancestors only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.resolution.signals.base import Taken
from remit.resolution.signals.grouping import Groups, each_alone, with_all_below
from remit.resolution.signals.measuring import Columns, Measured, Terms, joined
from remit.resolution.signals.series import Series, measured_over, series


@dataclass(frozen=True, slots=True)
class Shown:
    """Signals of some areas, by name; each in the order of `areas`: of its own records, and with all below it."""

    areas: tuple[AreaKey, ...]
    own: Mapping[str, Series]
    below: Mapping[str, Series]


class Board:
    """The windows of one question, measured for a whole model at once, and kept up to date area by area.

    A changed record changes what is measured of its area, and of each area above by exactly the difference: counts are
    added up and samples exchanged, so that nothing else is looked at. Not to be used from several threads at once.
    """

    def __init__(
        self, model: Model, courses: Courses, spans: Sequence[Window], terms: Terms, *, is_present: bool
    ) -> None:
        self._areas, self._paths = courses.areas, model.paths
        self._places = {area: place for place, area in enumerate(courses.areas)}
        self._spans, self._terms, self._is_present = tuple(spans), terms, is_present
        columns = Columns(courses)
        self._own = self._measured(columns, each_alone(courses.areas))
        self._below = self._measured(columns, with_all_below(model, courses.areas))
        self._own_later: dict[AreaKey, tuple[Measured, ...]] = {}
        self._below_later: dict[AreaKey, tuple[Measured, ...]] = {}

    def put(self, area: AreaKey, courses: Courses) -> Shown:
        """These are the courses of this area now; what that comes to for it and for every area above."""
        before = self._of(area, self._own, self._own_later)
        alone = self._measured(Columns(courses), each_alone((area,)))
        after = tuple(one.measured.group(0) for one in alone)
        path = tuple(above for above in self._paths[area] if above in self._places)
        for above in path:
            whole = self._of(above, self._below, self._below_later)
            self._below_later[above] = tuple(
                now.exchanged(old, new) for now, old, new in zip(whole, before, after, strict=True)
            )
        self._own_later[area] = after
        return self.show(path)

    def show(self, areas: Sequence[AreaKey]) -> Shown:
        """The signals of these areas, which all are on the board. All of them at once cost little more than one."""
        if tuple(areas) == self._areas and not self._own_later:
            return Shown(self._areas, series(self._own), series(self._below))
        own = [self._of(area, self._own, self._own_later) for area in areas]
        below = [self._of(area, self._below, self._below_later) for area in areas]
        return Shown(tuple(areas), self._series(own), self._series(below))

    def _measured(self, columns: Columns, groups: Groups) -> tuple[Taken, ...]:
        return measured_over(columns, groups, self._spans, self._terms, is_present=self._is_present)

    def _series(self, groups: Sequence[tuple[Measured, ...]]) -> Mapping[str, Series]:
        spans = zip(self._own, zip(*groups, strict=True), strict=True)
        return series([replace(taken, measured=joined(parts)) for taken, parts in spans])

    def _of(
        self, area: AreaKey, whole: Sequence[Taken], later: Mapping[AreaKey, tuple[Measured, ...]]
    ) -> tuple[Measured, ...]:
        if area in later:
            return later[area]
        return tuple(taken.measured.group(self._places[area]) for taken in whole)
