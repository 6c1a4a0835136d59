"""What a day comes to: the signals of all areas, and how loaded everybody is."""

from collections.abc import Iterable, Sequence

from remit.domain.courses import Courses
from remit.domain.days import AreaDay, PersonDay
from remit.domain.ids import OwnerKey
from remit.domain.load import Reading, Window
from remit.domain.model import Model
from remit.resolution.capacity import capacity_hours
from remit.resolution.load import Demand
from remit.resolution.load_terms import Grounds, person_signals
from remit.resolution.signals.base import Readings
from remit.resolution.signals.catalogue import SIGNALS
from remit.resolution.signals.grouping import Groups, each_alone, with_all_below
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import measured_over

NAMES = tuple(kind.name for kind in SIGNALS)
"""In whose order the readings of an area are."""


def area_days(model: Model, courses: Courses, window: Window) -> tuple[AreaDay, ...]:
    """Every area alone, and those that have areas below them with all of these too."""
    columns = Columns(courses)
    alone = _rows(columns, each_alone(courses.areas), window)
    whole = _rows(columns, with_all_below(model, courses.areas), window)
    own = (AreaDay(area, False, _of(alone, place)) for place, area in enumerate(courses.areas))
    below = (
        AreaDay(area, True, _of(whole, place)) for place, area in enumerate(courses.areas) if model.children.get(area)
    )
    return (*own, *below)


def person_days(grounds: Grounds, demand: Demand, people: Iterable[OwnerKey]) -> tuple[PersonDay, ...]:
    """How loaded each of these people of the model is."""
    return tuple(_person_day(grounds, demand, person) for person in people)


def _rows(columns: Columns, groups: Groups, window: Window) -> Sequence[Readings]:
    (taken,) = measured_over(columns, groups, [window], Terms(), is_present=False)
    return [kind.read(taken) for kind in SIGNALS]


def _of(rows: Sequence[Readings], place: int) -> tuple[Reading, ...]:
    return tuple(one.of(place) for one in rows)


def _person_day(grounds: Grounds, demand: Demand, person: OwnerKey) -> PersonDay:
    told = {one.name: one for one in person_signals(grounds, demand, person)}
    return PersonDay(
        person,
        told["demand_hours"].value or 0.0,
        capacity_hours(grounds.model, person, grounds.window),
        told["utilisation"].value,
        told["operational_share"].value,
        told["utilisation"].verdict,
        int(told["breadth"].value or 0),
    )
