"""How many hours a week is each person asked for, and by what?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from remit.domain.catalogue import Driver, Minutes
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.resolution.holding import Stakes, within_areas
from remit.resolution.signals.base import DAYS_A_WEEK, Taken
from remit.resolution.signals.samples import Floats, Ints
from remit.resolution.signals.series import usual

OPERATIONS = FunctionKey("product_operations")
MINUTES_AN_HOUR = 60
GRAIN = 2**20
"""Hours are told in whole parts of which an hour has so many, 3.4 ms each. Binary fractions up to 2^33 hours of that
grain are added up by any machine without rounding: contributions come to the total exactly, in whatever order."""
LEVELS = frozenset((Driver.OPEN_ITEMS, Driver.WIP))
"""Counted at the end of the window, not over it."""


@dataclass(frozen=True, eq=False)
class Drivers:
    """What makes work, counted of each area alone over one window of so many days.

    `issues` and `feedback` are how many records there were by its end.
    """

    counts: Mapping[Driver, Ints]
    issues: Ints
    feedback: Ints
    days: float

    def records(self, driver: Driver) -> Ints:
        """Those of the kind that a driver counts."""
        return self.feedback if driver is Driver.FEEDBACK_ARRIVALS else self.issues

    def samples(self, driver: Driver) -> Ints:
        """Over how many records each count was taken: those that are there, or those that came."""
        return self.issues if driver in LEVELS else self.counts[driver]

    def of(self, places: Ints) -> "Drivers":
        """Those of some areas alone."""
        counts = {driver: values[places] for driver, values in self.counts.items()}
        return Drivers(counts, self.issues[places], self.feedback[places], self.days)

    def exchanged(self, old: "Drivers", new: "Drivers") -> "Drivers":
        """With the records counted in `new` in place of those in `old`, which are among its own."""
        counts = {driver: held - old.counts[driver] + new.counts[driver] for driver, held in self.counts.items()}
        feedback = self.feedback - old.feedback + new.feedback
        return Drivers(counts, self.issues - old.issues + new.issues, feedback, self.days)

    def a_week(self, driver: Driver) -> Floats:
        """Units of each area: as many as there are at the end, or as came in a week of the window."""
        if driver is Driver.AREAS:
            return np.ones(len(self.issues))
        if driver in LEVELS:
            return self.counts[driver].astype(np.float64)
        return self.counts[driver] * DAYS_A_WEEK / self.days


def drivers_of(taken: Taken) -> Drivers:
    """What was measured of areas alone, as far as it makes work."""
    measured = taken.measured
    counts = {
        Driver.OPEN_ITEMS: measured.open_items,
        Driver.WIP: measured.wip,
        Driver.ARRIVALS: measured.arrivals,
        Driver.COMPLETIONS: measured.completions,
        Driver.FEEDBACK_ARRIVALS: measured.feedback_arrivals,
    }
    return Drivers(counts, measured.records, measured.feedback, taken.days)


COUNTED = tuple(driver for driver in Driver if driver is not Driver.AREAS)
COLUMNS = len(COUNTED) + 2
"""Numbers kept of an area and a window: what is counted, and how many records there were."""


def rows_of(windows: Sequence[Drivers]) -> Ints:
    """All counts of each area over these windows, to be kept: by area, window, and what is counted."""
    each = [np.array([*(one.counts[driver] for driver in COUNTED), one.issues, one.feedback]) for one in windows]
    return np.array(each).transpose(2, 0, 1)


def drivers_from(rows: Ints, days: Sequence[float]) -> tuple[Drivers, ...]:
    """The other way round; `days` is how long each window is now."""
    return tuple(
        Drivers(
            {driver: rows[:, place, column] for column, driver in enumerate(COUNTED)},
            rows[:, place, len(COUNTED)],
            rows[:, place, len(COUNTED) + 1],
            length,
        )
        for place, length in enumerate(days)
    )


def arranged(drivers: Drivers, areas: Sequence[AreaKey], wanted: Sequence[AreaKey]) -> Drivers:
    """Counts of `areas` in the order of others; of an area that is not among them, nothing."""
    places = {area: place for place, area in enumerate(areas)}
    chosen = np.array([places.get(area, len(areas)) for area in wanted], dtype=np.int64)

    def column(values: Ints) -> Ints:
        return np.append(values, 0)[chosen]

    counts = {driver: column(values) for driver, values in drivers.counts.items()}
    return Drivers(counts, column(drivers.issues), column(drivers.feedback), drivers.days)


@dataclass(frozen=True, eq=False)
class Demand:
    """Hours a week: of each stake `hours`, and of each person all together and those of operations.

    `baseline` and `spread` are of the windows before, `previous` is the one just before; nan where there were too few
    windows by whose end any area of the person had a record.
    """

    stakes: Stakes
    hours: Floats
    baseline: Floats
    spread: Floats
    previous: Floats
    is_operational: Sequence[bool]

    @cached_property
    def totals(self) -> Floats:
        return _by_person(self.stakes, self.hours)

    @cached_property
    def operational(self) -> Floats:
        """Those for responsibilities that the catalogue would have product operations lead."""
        chosen = np.array(self.is_operational, dtype=np.bool_)[self.stakes.responsibility]
        return _by_person(self.stakes, np.where(chosen, self.hours, 0.0))

    @property
    def places(self) -> Mapping[OwnerKey, int]:
        return self.stakes.places

    def areas_of(self, person: int) -> tuple[AreaKey, ...]:
        """Every area in which a person has a stake."""
        return tuple(self.stakes.areas[place] for place in np.unique(self.stakes.area[self.stakes.of(person)]))

    def of(self, person: int) -> Ints:
        """Which stakes a person has that ask for any time, the largest first."""
        rows = self.stakes.of(person)
        rows = rows[self.hours[rows] > 0]
        return rows[np.argsort(-self.hours[rows], kind="stable")]


@dataclass(frozen=True, eq=False)
class Earlier:
    """Of each person what the windows before came to, a row for each window, and what is usual in them.

    `records` is how many there were in the person's areas by the end of each.
    """

    hours: Floats
    records: Floats
    baseline: Floats
    spread: Floats

    @property
    def previous(self) -> Floats:
        """What the window just before came to, where there was any record by its end."""
        known = _where_known(self.hours, self.records)
        return known[0] if len(known) else np.full(known.shape[1], np.nan)


def earlier(model: Model, stakes: Stakes, windows: Sequence[Drivers]) -> Earlier:
    """That of these windows, nearest first."""
    hours, records = _by_window(model, stakes, windows)
    return Earlier(hours, records, *usual(_where_known(hours, records)))


def exchanged(model: Model, stakes: Stakes, was: Earlier, before: Sequence[Drivers], now: Sequence[Drivers]) -> Earlier:
    """As `earlier` of what is counted now, from what it was of the counts before, with the areas alone that differ.

    Sums of hours are exact: what is taken away leaves nothing behind.
    """
    changed = _differing(before, now)
    if not len(changed):
        return was
    there = within_areas(stakes, changed)
    (old, old_records), (new, new_records) = (
        _by_window(model, there, [one.of(changed) for one in windows]) for windows in (before, now)
    )
    hours, records = was.hours - old + new, was.records - old_records + new_records
    people = np.unique(there.person)
    baseline, spread = was.baseline.copy(), was.spread.copy()
    baseline[people], spread[people] = usual(_where_known(hours[:, people], records[:, people]))
    return Earlier(hours, records, baseline, spread)


def demand(model: Model, stakes: Stakes, windows: Sequence[Drivers], before: Earlier | None = None) -> Demand:
    """What the first window asks for, and the others for comparison; with the holders and minutes of this model.

    `before` is what the others came to, where that is known already.
    """
    compared = before or earlier(model, stakes, windows[1:])
    operational = [model.responsibilities[key].split.lead == OPERATIONS for key in stakes.responsibilities]
    hours = _hours(model, stakes, windows[0])
    return Demand(stakes, hours, compared.baseline, compared.spread, compared.previous, operational)


def unrecorded(model: Model, stakes: Stakes, drivers: Drivers) -> Floats:
    """Hours a week of each person if nothing at all were recorded: what areas take, however little happens there."""
    nothing = {driver: np.zeros_like(held) for driver, held in drivers.counts.items()}
    return _by_person(stakes, _hours(model, stakes, replace(drivers, counts=nothing)))


def lines(model: Model) -> Mapping[ResponsibilityKey, tuple[Minutes, ...]]:
    """What makes the work of each responsibility, where anything does."""
    found: dict[ResponsibilityKey, list[Minutes]] = {}
    for _, row in sorted(model.minutes.items()):
        body = row.body if isinstance(row, Fact) else row
        if body.minutes:
            found.setdefault(body.responsibility, []).append(body)
    return {key: tuple(rows) for key, rows in found.items()}


def needed(
    model: Model, responsibilities: Sequence[ResponsibilityKey], areas: Sequence[AreaKey], drivers: Drivers
) -> Floats:
    """Hours a week that each responsibility takes in each area, a row for each responsibility."""
    found = np.zeros((len(responsibilities), len(areas)))
    told = lines(model)
    for place, responsibility in enumerate(responsibilities):
        for line in told.get(responsibility, ()):
            found[place] += drivers.a_week(line.driver) * line.minutes / MINUTES_AN_HOUR
    return found


def _hours(model: Model, stakes: Stakes, drivers: Drivers) -> Floats:
    """Of each stake: what the area needs of the responsibility, times the share, to the grain."""
    hours = needed(model, stakes.responsibilities, stakes.areas, drivers)[stakes.responsibility, stakes.area]
    grains: Floats = np.rint(hours * stakes.share * GRAIN) / GRAIN
    return grains


def _by_window(model: Model, stakes: Stakes, windows: Sequence[Drivers]) -> tuple[Floats, Floats]:
    """Of each window and person the hours, and how many records there were by its end."""
    hours = [_by_person(stakes, _hours(model, stakes, one)) for one in windows]
    records = [_by_person(stakes, (one.issues + one.feedback)[stakes.area].astype(np.float64)) for one in windows]
    shape = len(windows), len(stakes.people)
    return np.array(hours).reshape(shape), np.array(records).reshape(shape)


def _where_known(hours: Floats, records: Floats) -> Floats:
    """The hours; nan for whom no area had a record by then."""
    return np.where(records > 0, hours, np.nan)


def _differing(before: Sequence[Drivers], now: Sequence[Drivers]) -> Ints:
    """The areas, by place, of which anything is counted otherwise."""
    differs = np.zeros(len(now[0].issues) if now else 0, dtype=np.bool_)
    for was, one in zip(before, now, strict=True):
        pairs = [(was.issues, one.issues), (was.feedback, one.feedback)]
        for then, there in (*pairs, *((was.counts[driver], values) for driver, values in one.counts.items())):
            differs |= then != there
    return np.flatnonzero(differs)


def _by_person(stakes: Stakes, values: Floats) -> Floats:
    return np.bincount(stakes.person, weights=values, minlength=len(stakes.people)).astype(np.float64)
