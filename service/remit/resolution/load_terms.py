"""What is told of a person's load: each contribution with what makes it, and the signals of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import overload

import numpy as np

from remit.domain.catalogue import Driver, Minutes
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Contribution, Load, Reading, Signal, Threshold, Verdict, Window
from remit.domain.model import Model
from remit.domain.workload import Worse
from remit.resolution.capacity import capacity_hours, capacity_of
from remit.resolution.judging import judged
from remit.resolution.load import Demand, Drivers, lines
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.catalogue import BY_NAME
from remit.resolution.signals.samples import Floats, Ints
from remit.resolution.signals.series import usual
from remit.resolution.thresholds import threshold_of, worse_end

AN_AREA = Threshold(None, None, "an area counts once, however little happens there")
NO_CAPACITY = "no capacity is declared; set capacity_hours of the person"
NO_TIME = "there is no capacity in this window: it is zero, or the person was away for nearly all of it"


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

    def absence_of(self, person: OwnerKey) -> str | None:
        """Why the utilisation of somebody is not judged who was away for most of the window."""
        if not capacity_of(self.model, person, self.window).is_away:
            return None
        return (
            f"{self.model.people[person].name} was away for most of this window: others did what came in, or it waits."
        )


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
        contributions=Contributions(grounds, demand, place),
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
    told = capacity_of(grounds.model, person, window)
    capacity = told.divisor
    baseline, spread, previous = (_known(column[place]) for column in (demand.baseline, demand.spread, demand.previous))
    share = float(demand.operational[place]) / hours if hours else None
    breadth = Reading(float(demand.stakes.breadth[place]), int(demand.stakes.breadth[place]))
    figures = (
        Figure("demand_hours", "hours a week", "", Reading(hours, rows), window, baseline, spread, previous),
        Figure(
            "utilisation", "ratio", NO_TIME if told.hours is not None else NO_CAPACITY,
            Reading(_over(hours, capacity), rows), window,
            _over(baseline, capacity), _over(spread, capacity), _over(previous, capacity),
        ),
        Figure("operational_share", "ratio", "nothing is asked of the person", Reading(share, rows), window),
        Figure("breadth", "cells", "", breadth, window),
    )  # fmt: skip
    areas = demand.areas_of(place) if grounds.doubts else ()
    doubt = grounds.doubt_of(person, *areas)
    away = grounds.absence_of(person) if capacity is not None else None
    doubts = {"utilisation": doubt or away}
    return tuple(_judged(grounds, figure, person, doubts.get(figure.name, doubt)) for figure in figures)


def utilisation_of(grounds: Grounds, demand: Demand, person: OwnerKey) -> tuple[float | None, Verdict]:
    """That alone with its verdict, as `person_signals` has them, for when everybody is looked at."""
    place = demand.places[person]
    areas = demand.areas_of(place) if grounds.doubts else ()
    doubt = grounds.doubt_of(person, *areas) or grounds.absence_of(person)
    capacity = capacity_of(grounds.model, person, grounds.window).divisor
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


class Contributions(Sequence[Contribution]):
    """What is asked of one person, the largest first; worked out once somebody looks at one of them.

    Somebody may have hundreds, each with what makes it, and whoever only asks how loaded people are looks at none.
    """

    def __init__(self, grounds: Grounds, demand: Demand, place: int) -> None:
        self._grounds, self._demand, self._rows = grounds, demand, demand.of(place)

    @cached_property
    def _told(self) -> tuple[Contribution, ...]:
        return _contributions(self._grounds, self._demand, self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Contribution: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Contribution]: ...
    def __getitem__(self, place: int | slice) -> Contribution | Sequence[Contribution]:
        return self._told[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._told == tuple(other)

    def __hash__(self) -> int:
        return hash(self._told)

    def __repr__(self) -> str:
        return repr(self._told)


def _contributions(grounds: Grounds, demand: Demand, rows: Ints) -> tuple[Contribution, ...]:
    stakes = demand.stakes
    made = [grounds.lines.get(responsibility, ()) for responsibility in stakes.responsibilities]
    wanted = {line.driver for what in np.unique(stakes.responsibility[rows]).tolist() for line in made[what]}
    places = np.unique(stakes.area[rows])
    told = {driver: _area_signals(grounds, stakes.areas, driver, places) for driver in wanted}
    columns = (stakes.area[rows], stakes.responsibility[rows], stakes.share[rows], demand.hours[rows])
    return tuple(
        Contribution(
            area=stakes.areas[area],
            responsibility=stakes.responsibilities[what],
            demand_hours=hours,
            drivers=tuple(_driver(*told[line.driver][area], line, share) for line in made[what]),
        )
        for area, what, share, hours in zip(*(column.tolist() for column in columns), strict=True)
    )


def _driver(weekly: float, signal: Signal, line: Minutes, share: float) -> Signal:
    """One thing that makes the work of a stake: how much there is of it, and what that comes to in time."""
    minutes = f"{weekly:.4g} a week at {line.minutes:g} minutes each, {share:.0%} of it theirs"
    return replace(signal, explanation=f"{minutes}. {signal.explanation}")


def _area_signals(
    grounds: Grounds, areas: Sequence[AreaKey], driver: Driver, places: Ints
) -> Mapping[int, tuple[float, Signal]]:
    """Of each of these areas, by place: how much there is in a week, and what is told of it."""
    weekly = grounds.drivers[0].a_week(driver)[places].tolist()
    figures = _figures(grounds, driver, places)
    return {
        place: (units, _area_signal(grounds, areas[place], driver, figure))
        for place, units, figure in zip(places.tolist(), weekly, figures, strict=True)
    }


def _area_signal(grounds: Grounds, area: AreaKey, driver: Driver, figure: Figure) -> Signal:
    threshold, worse = AN_AREA, Worse.HIGH
    if driver is not Driver.AREAS:
        threshold = threshold_of(grounds.model, figure.name, area=area)
        worse = worse_end(grounds.model, figure.name)
    return told(figure, threshold, worse, data_as_of=grounds.data_as_of, doubt=grounds.doubt_at(area))


def _figures(grounds: Grounds, driver: Driver, places: Ints) -> Sequence[Figure]:
    window = grounds.window
    if driver is Driver.AREAS:
        return [Figure("areas", "areas", "", Reading(1.0, 1), window)] * len(places)
    kind, now = BY_NAME[driver.value], grounds.drivers[0]
    before = np.array([_counts(one, driver, places) for one in grounds.drivers[1:]]).reshape(-1, len(places))
    baseline, spread = usual(before)
    previous = before[0] if len(before) else np.full(len(places), np.nan)
    columns = (now.counts[driver][places], now.samples(driver)[places], baseline, spread, previous)
    return [
        Figure(kind.name, kind.unit, kind.unknown, Reading(float(value), sample), window, *map(_known, compared))
        for value, sample, *compared in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _counts(drivers: Drivers, driver: Driver, places: Ints) -> Floats:
    return np.where(drivers.records(driver)[places] > 0, drivers.counts[driver][places], np.nan)


def _over(hours: float | None, capacity: float | None) -> float | None:
    return hours / capacity if hours is not None and capacity else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
