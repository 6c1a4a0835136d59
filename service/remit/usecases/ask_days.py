"""What was told of the days before: signals of areas and loads of people as they were measured, with their holes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from remit.domain.days import KeptDay, LoadPoint, SignalHistory, SignalPoint
from remit.domain.errors import Invalid
from remit.domain.ids import OwnerKey
from remit.domain.load import Reading
from remit.resolution.days import last_ended
from remit.resolution.signals.catalogue import BY_NAME
from remit.usecases.ask_signals import require_names
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Snapshot, zone_of

USUAL_POINTS, MOST_POINTS = 90, 732
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days that have ended, the first and the last among them."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + A_DAY * number for number in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first) // A_DAY + 1


def days_between(snap: Snapshot, first: date | None, last: date | None) -> Days:
    """From one day to another; to the last that has ended where none is named or it is still to come, and from so many
    as are usual before. Raises Invalid for none or too many.
    """
    ended = last_ended(snap.now, zone_of(snap.model))
    to = min(last or ended, ended)
    usual = date.fromordinal(max(1, to.toordinal() - USUAL_POINTS + 1))  # the calendar begins with the year 1
    found = Days(first or usual, to)
    if found.first > found.last:
        raise Invalid(f"there is no day from {found.first} to {found.last}; the last one that has ended is {ended}")
    return _bounded(found)


def names_of(asked: Sequence[str] | None) -> tuple[str, ...]:
    """The signals asked for, or all. Raises Invalid for one that there is not."""
    require_names(asked or ())
    return tuple(BY_NAME if asked is None else asked)


def days_back(snap: Snapshot, days: int) -> Days:
    """So many days, the last that has ended the last of them. Raises Invalid for none or too many."""
    if not 1 <= days <= MOST_POINTS:
        raise Invalid(f"ask for 1 to {MOST_POINTS} days; {USUAL_POINTS} are usual")
    ended = last_ended(snap.now, zone_of(snap.model))
    return Days(ended - A_DAY * (days - 1), ended)


async def signal_histories(
    desk: Desk, asked: Collection[Question], names: Sequence[str], days: Days
) -> Mapping[Question, tuple[SignalHistory, ...]]:
    """Of each question these signals in their order, with a point for each day. One statement."""
    places = {question: (question.area, question.with_below) for question in asked}
    found = await desk.evidence.days.of_areas(tuple(places.values()), names, days.first, days.last)
    series: dict[Question, tuple[SignalHistory, ...]] = {}
    for question, place in places.items():
        told = {kept.day: (kept, readings) for kept, readings in found[place]}
        series[question] = tuple(
            SignalHistory(name, BY_NAME[name].unit, tuple(_signal_point(day, told.get(day), column) for day in days))
            for column, name in enumerate(names)
        )
    return series


async def load_histories(
    desk: Desk, people: Collection[OwnerKey], days: Days
) -> Mapping[OwnerKey, tuple[LoadPoint, ...]]:
    """Of each person a point for each day. One statement."""
    found = await desk.evidence.days.of_people(people, days.first, days.last)
    told = {person: {kept.day: (load, kept) for kept, load in rows} for person, rows in found.items()}
    return {person: tuple(LoadPoint(day, *told[person].get(day, ())) for day in days) for person in people}


def _signal_point(day: date, told: tuple[KeptDay, Sequence[Reading | None]] | None, column: int) -> SignalPoint:
    """A signal that there was not yet was not measured, though others were."""
    if told is None or (reading := told[1][column]) is None:
        return SignalPoint(day)
    return SignalPoint(day, reading, told[0])


def _bounded(days: Days) -> Days:
    if len(days) > MOST_POINTS:
        raise Invalid(f"from {days.first} to {days.last} are {len(days)} days; ask for {MOST_POINTS} at most")
    return days
