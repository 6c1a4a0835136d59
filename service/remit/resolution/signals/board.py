"""What is measured of areas and of everything below each, where one changed area costs its ancestors only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.resolution.signals.base import Taken
from remit.resolution.signals.exchanging import exchanged
from remit.resolution.signals.grouping import Groups, each_alone, with_all_below
from remit.resolution.signals.measuring import Columns, Measured, Terms, joined
from remit.resolution.signals.series import Series, measured_over, series

MOST_LATER = 500
"""Areas kept apart from the whole before it is measured anew."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Signals of some areas, by name; each in the order of `areas`: of its own records, and with all below it."""

    areas: tuple[AreaKey, ...]
    own: Mapping[str, Series]
    below: Mapping[str, Series]


class Board:
    """The windows of one question, measured for many areas at once, and kept up to date area by area.

    A changed record changes what is measured of its area, and of each area above by exactly the difference: counts are
    added up and samples exchanged, so that nothing else is looked at. As time goes on only the first window is measured
    anew. What is below an area is told as far as it is on the board. Not to be used from several threads at once.
    """

    def __init__(
        self, model: Model, courses: Courses, spans: Sequence[Window], terms: Terms, *, is_present: bool
    ) -> None:
        self.areas, self._paths = courses.areas, model.paths
        self._places = {area: place for place, area in enumerate(courses.areas)}
        self._spans, self._terms, self._is_present = tuple(spans), terms, is_present
        self._alone, self._with_below = each_alone(courses.areas), with_all_below(model, courses.areas)
        self._courses, self._changed = courses, Courses(())
        self._own: tuple[Taken, ...] = ()
        self._below: tuple[Taken, ...] = ()
        self._own_later: dict[AreaKey, tuple[Measured, ...]] = {}
        self._below_later: dict[AreaKey, tuple[Measured, ...]] = {}
        self._start()

    @property
    def present(self) -> Window:
        """The first window."""
        return self._spans[0]

    def take(self, courses: Courses) -> tuple[AreaKey, ...]:
        """These are the courses of these areas now. Returns the areas that changes: themselves and all above."""
        self._changed = exchanged(self._changed, courses)
        if len(self._own_later) + len(courses.areas) > MOST_LATER:
            self._courses, self._changed = exchanged(self._courses, self._changed), Courses(())
            self._start()
            return self.areas
        taken = self._measured(Columns(courses), each_alone(courses.areas), self._spans)
        touched: dict[AreaKey, None] = {}
        for place, area in enumerate(courses.areas):
            self._take(area, tuple(one.measured.group(place) for one in taken))
            touched |= dict.fromkeys(above for above in self._paths[area] if above in self._places)
        return tuple(touched)

    def roll(self, present: Window) -> None:
        """The first window ends later now; those before it stay as they are."""
        self._courses, self._changed = exchanged(self._courses, self._changed), Courses(())
        self._spans = (present, *self._spans[1:])
        columns = Columns(self._courses)
        self._own = (*self._measured(columns, self._alone, [present]), *self._own[1:])
        self._below = (*self._measured(columns, self._with_below, [present]), *self._below[1:])
        self._own_later = self._rolled(self._own[0].measured, self._own_later)
        self._below_later = self._rolled(self._below[0].measured, self._below_later)

    def show(self, areas: Collection[AreaKey]) -> Shown:
        """The signals of these areas, which all are on the board. All of them at once cost little more than one."""
        asked = tuple(areas)
        if asked == self.areas and not self._own_later:
            return Shown(asked, series(self._own), series(self._below))
        own = [self._of(area, self._own, self._own_later) for area in asked]
        below = [self._of(area, self._below, self._below_later) for area in asked]
        return Shown(asked, self._series(own), self._series(below))

    def _start(self) -> None:
        columns = Columns(self._courses)
        self._own = self._measured(columns, self._alone, self._spans)
        self._below = self._measured(columns, self._with_below, self._spans)
        self._own_later, self._below_later = {}, {}

    def _take(self, area: AreaKey, after: tuple[Measured, ...]) -> None:
        before = self._of(area, self._own, self._own_later)
        for above in self._paths[area]:
            if above in self._places:
                whole = self._of(above, self._below, self._below_later)
                self._below_later[above] = tuple(
                    now.exchanged(old, new) for now, old, new in zip(whole, before, after, strict=True)
                )
        self._own_later[area] = after

    def _rolled(
        self, present: Measured, later: Mapping[AreaKey, tuple[Measured, ...]]
    ) -> dict[AreaKey, tuple[Measured, ...]]:
        return {area: (present.group(self._places[area]), *parts[1:]) for area, parts in later.items()}

    def _measured(self, columns: Columns, groups: Groups, spans: Sequence[Window]) -> tuple[Taken, ...]:
        return measured_over(columns, groups, spans, self._terms, is_present=self._is_present)

    def _series(self, groups: Sequence[tuple[Measured, ...]]) -> Mapping[str, Series]:
        spans = zip(self._own, zip(*groups, strict=True), strict=True)
        return series([replace(taken, measured=joined(parts)) for taken, parts in spans])

    def _of(
        self, area: AreaKey, whole: Sequence[Taken], later: Mapping[AreaKey, tuple[Measured, ...]]
    ) -> tuple[Measured, ...]:
        if area in later:
            return later[area]
        return tuple(taken.measured.group(self._places[area]) for taken in whole)
