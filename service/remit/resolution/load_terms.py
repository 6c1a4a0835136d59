"""What is told of a person's load: each contribution with what makes it, and the signals of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from remit.domain.catalogue import Driver, Minutes
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Contribution, Load, Reading, Signal, Threshold, Verdict, Window
from remit.domain.model import Model
from remit.domain.workload import Worse
from remit.resolution.capacity import capacity_hours
from remit.resolution.judging import judged
from remit.resolution.load import Demand, Drivers, lines
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.catalogue import BY_NAME
from remit.resolution.signals.series import usual
from remit.resolution.thresholds import threshold_of, worse_end

AN_AREA = Threshold(None, None, "an area counts once, however little happens there")
NO_CAPACITY = "no capacity is declared; set capacity_hours of the person"
NO_TIME = "there is no capacity in this window: it is zero, or the person is away all the time"


@dataclass(frozen=True)
class Grounds:
    """What a load rests on besides the demand: one model, the windows, how old the data is, and what is in doubt.

    `doubt` is about everything, `doubts` about what is counted in some areas.
    """

    model: Model
    window: Window
    drivers: Sequence[Drivers]
    data_as_of: datetime | None
    doubt: str | None
    doubts: Mapping[AreaKey, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> Mapping[ResponsibilityKey, tuple[Minutes, ...]]:
        """What makes the work of each responsibility: the same for everybody."""
        return lines(self.model)

    def doubt_at(self, *areas: AreaKey) -> str | None:
        """Why what is counted in these areas cannot be relied on."""
        return self.doubt or next((self.doubts[key] for key in areas if key in self.doubts), None)

    def doubt_of(self, person: OwnerKey, *areas: AreaKey) -> str | None:
        """The same of somebody with a part in these areas; whoever is not active is not judged, as if they had time."""
        found = self.model.people[person]
        gone = None if found.active else f"{found.name} is not active: nothing is asked of them, and nothing is judged."
        return self.doubt_at(*areas) or gone


def load_of(grounds: Grounds, demand: Demand, person: OwnerKey) -> Load:
    """The load of one person of the model."""
    place = demand.places[person]
    hours = float(demand.totals[place])
    signals = person_signals(grounds, demand, person)
    utilisation = signals[1]
    return Load(
        person=person,
        verdict=utilisation.verdict,
        demand_hours=hours,
        capacity_hours=capacity_hours(grounds.model, person, grounds.window),
        utilisation=utilisation.value,
        operational_share=signals[2].value,
        contributions=tuple(_contribution(grounds, demand, int(row)) for row in demand.of(place)),
        signals=signals,
        data_as_of=grounds.data_as_of,
    )


def unknown_load(grounds: Grounds, person: OwnerKey) -> Load:
    """Of somebody of whom nothing can be said, as while it is being worked out how records went."""
    names = (("demand_hours", "hours a week"), ("utilisation", "ratio"), ("operational_share", "ratio"))
    nothing = Reading(None, 0)
    figures = (Figure(name, unit, "", nothing, grounds.window) for name, unit in names)
    signals = tuple(_judged(grounds, figure, person, grounds.doubt) for figure in figures)
    hours = capacity_hours(grounds.model, person, grounds.window)
    return Load(person, Verdict.UNKNOWN, None, hours, None, None, (), signals, grounds.data_as_of)


def person_signals(grounds: Grounds, demand: Demand, person: OwnerKey) -> tuple[Signal, ...]:
    """Demand, utilisation, operational share and breadth, in this order."""
    place, window = demand.places[person], grounds.window
    hours, rows = float(demand.totals[place]), len(demand.of(place))
    capacity = capacity_hours(grounds.model, person, window)
    baseline, spread, previous = (_known(column[place]) for column in (demand.baseline, demand.spread, demand.previous))
    share = float(demand.operational[place]) / hours if hours else None
    breadth = Reading(float(demand.stakes.breadth[place]), int(demand.stakes.breadth[place]))
    figures = (
        Figure("demand_hours", "hours a week", "", Reading(hours, rows), window, baseline, spread, previous),
        Figure(
            "utilisation", "ratio", NO_TIME if capacity is not None else NO_CAPACITY,
            Reading(_over(hours, capacity), rows), window,
            _over(baseline, capacity), _over(spread, capacity), _over(previous, capacity),
        ),
        Figure("operational_share", "ratio", "nothing is asked of the person", Reading(share, rows), window),
        Figure("breadth", "cells", "", breadth, window),
    )  # fmt: skip
    areas = demand.areas_of(place) if grounds.doubts else ()
    return tuple(_judged(grounds, figure, person, grounds.doubt_of(person, *areas)) for figure in figures)


def utilisation_of(grounds: Grounds, demand: Demand, person: OwnerKey) -> tuple[float | None, Verdict]:
    """That alone with its verdict, as `person_signals` has them, for when everybody is looked at."""
    place = demand.places[person]
    doubt = grounds.doubt_of(person, *(demand.areas_of(place) if grounds.doubts else ()))
    capacity = capacity_hours(grounds.model, person, grounds.window)
    value = _over(float(demand.totals[place]), capacity)
    if doubt is not None:
        return value, Verdict.UNKNOWN
    threshold = threshold_of(grounds.model, "utilisation", person=person)
    worse = worse_end(grounds.model, "utilisation")
    before = judged(_over(_known(demand.previous[place]), capacity), threshold, worse)
    return value, judged(value, threshold, worse, before)


def _judged(grounds: Grounds, figure: Figure, person: OwnerKey, doubt: str | None) -> Signal:
    threshold = threshold_of(grounds.model, figure.name, person=person)
    worse = worse_end(grounds.model, figure.name)
    return told(figure, threshold, worse, data_as_of=grounds.data_as_of, doubt=doubt)


def _contribution(grounds: Grounds, demand: Demand, row: int) -> Contribution:
    stakes = demand.stakes
    responsibility = stakes.responsibilities[stakes.responsibility[row]]
    made = grounds.lines.get(responsibility, ())
    return Contribution(
        area=stakes.areas[stakes.area[row]],
        responsibility=responsibility,
        demand_hours=float(demand.hours[row]),
        drivers=tuple(_driver(grounds, demand, row, line) for line in made),
    )


def _driver(grounds: Grounds, demand: Demand, row: int, line: Minutes) -> Signal:
    """One thing that makes the work of a stake: how much there is of it, and what that comes to in time."""
    area, share = int(demand.stakes.area[row]), float(demand.stakes.share[row])
    weekly = float(grounds.drivers[0].a_week(line.driver)[area])
    minutes = f"{weekly:.4g} a week at {line.minutes:g} minutes each, {share:.0%} of it theirs"
    signal = _area_signal(grounds, demand, area, line.driver)
    return replace(signal, explanation=f"{minutes}. {signal.explanation}")


def _area_signal(grounds: Grounds, demand: Demand, area: int, driver: Driver) -> Signal:
    window, key = grounds.window, demand.stakes.areas[area]
    if driver is Driver.AREAS:
        figure = Figure("areas", "areas", "", Reading(1.0, 1), window)
        return told(figure, AN_AREA, Worse.HIGH, data_as_of=grounds.data_as_of, doubt=grounds.doubt_at(key))
    kind = BY_NAME[driver.value]
    before = np.array([_count(one, driver, area) for one in grounds.drivers[1:]]).reshape(-1, 1)
    baseline, spread = usual(before)
    now = grounds.drivers[0]
    reading = Reading(float(now.counts[driver][area]), int(now.samples(driver)[area]))
    figure = Figure(
        kind.name, kind.unit, kind.unknown, reading, window,
        _known(baseline[0]), _known(spread[0]), _known(before[0][0]) if len(before) else None,
    )  # fmt: skip
    threshold, worse = threshold_of(grounds.model, kind.name, area=key), worse_end(grounds.model, kind.name)
    return told(figure, threshold, worse, data_as_of=grounds.data_as_of, doubt=grounds.doubt_at(key))


def _count(drivers: Drivers, driver: Driver, area: int) -> float:
    return float(drivers.counts[driver][area]) if drivers.records(driver)[area] else np.nan


def _over(hours: float | None, capacity: float | None) -> float | None:
    return hours / capacity if hours is not None and capacity else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
