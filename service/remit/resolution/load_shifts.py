"""Whose load became another between two looks, and not merely because the clock went on?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from remit.domain.ids import OwnerKey
from remit.domain.load import LoadBrief, LoadShift, Verdict, Window
from remit.resolution.capacity import capacity_hours
from remit.resolution.holding import Stakes
from remit.resolution.load import Demand, demand
from remit.resolution.load_terms import Grounds, utilisation_of
from remit.resolution.signals.windows import length_days


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a load rests on whatever time of the day it is: the numbers of now, taken over the whole of today."""

    demand_hours: float | None
    capacity_hours: float | None
    operational_share: float | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """How loaded somebody is: as it is told at that moment, and what does not move with the clock."""

    told: LoadBrief
    lasting: Lasting


Weights = Mapping[OwnerKey, Weighed]


def end_of_day(at: datetime, zone: tzinfo) -> datetime:
    """When the day that runs at a moment is over."""
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def weighed(grounds: Grounds, held: Stakes, asked: Demand | None, today_ends: datetime) -> Weights:
    """Of everybody in the model; `asked` is None while it cannot be told."""
    whole = Window(grounds.window.start, today_ends)
    if asked is None:
        return {person: _unknown(grounds, person, whole) for person in held.people}
    days = float(round(length_days(whole)))  # whole, though clocks may change on one of them
    over_whole_days = demand(grounds.model, held, [replace(grounds.drivers[0], days=days)])
    return {
        person: Weighed(
            _brief(grounds, asked, person),
            Lasting(
                float(over_whole_days.totals[place]),
                capacity_hours(grounds.model, person, whole),
                _share(over_whole_days, place),
            ),
        )
        for place, person in enumerate(held.people)
    }


def shifts(before: Weights, after: Weights) -> tuple[LoadShift, ...]:
    """Everybody whose verdict is another, or who is asked for more or less by the same clock.

    Those with another verdict come first, then the most loaded, then by key.
    """
    told = [
        LoadShift(person, was.told if was else None, now.told if now else None)
        for person in before.keys() | after.keys()
        if _differ(was := before.get(person), now := after.get(person))
    ]
    return tuple(sorted(told, key=_place))


def _differ(was: Weighed | None, now: Weighed | None) -> bool:
    if was is None or now is None:
        return was is not now
    return (was.told.verdict, was.lasting) != (now.told.verdict, now.lasting)


def _place(shift: LoadShift) -> tuple[bool, float, OwnerKey]:
    was, now = shift.before, shift.after
    is_same = was is not None and now is not None and was.verdict is now.verdict
    utilisation = now.utilisation if now is not None else None
    return is_same, -utilisation if utilisation is not None else 1.0, shift.person


def _brief(grounds: Grounds, asked: Demand, person: OwnerKey) -> LoadBrief:
    place = asked.places[person]
    utilisation, verdict = utilisation_of(grounds, asked, person)
    return LoadBrief(
        verdict=verdict,
        demand_hours=float(asked.totals[place]),
        capacity_hours=capacity_hours(grounds.model, person, grounds.window),
        utilisation=utilisation,
        operational_share=_share(asked, place),
    )


def _unknown(grounds: Grounds, person: OwnerKey, whole: Window) -> Weighed:
    model = grounds.model
    told = LoadBrief(Verdict.UNKNOWN, None, capacity_hours(model, person, grounds.window), None, None)
    return Weighed(told, Lasting(None, capacity_hours(model, person, whole), None))


def _share(asked: Demand, place: int) -> float | None:
    hours = float(asked.totals[place])
    return float(asked.operational[place]) / hours if hours else None
