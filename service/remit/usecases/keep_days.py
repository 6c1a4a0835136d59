"""Keep what is told of each day that has ended, so that it can be plotted: each once, the last one first."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.resolution.day_values import NAMES, area_days, person_days
from remit.resolution.days import BACK, Footing, due, end_of, last_ended, last_instant_of, span_of
from remit.usecases.ask_load import survey
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import is_settled
from remit.usecases.settle_evidence import unsettled
from remit.usecases.snapshot import Moment, Snapshot, snapshot, source_freshness, zone_of

KEPT_FOR = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class DayTold:
    """A day that was written, and how much was told of it."""

    kept: KeptDay
    areas: int
    people: int


async def due_days(desk: Desk, kept_for: timedelta = KEPT_FOR) -> tuple[date, ...]:
    """The days to be measured now, the last one first. Three statements."""
    snap = await snapshot(desk, Moment())
    if not snap.model.areas:
        return ()
    zone = zone_of(snap.model)
    kept = await desk.evidence.days.kept(last_ended(snap.now, zone) - timedelta(days=BACK))
    return due(snap.now, zone, kept, _footing(snap), kept_for)


async def keep_day(desk: Desk, day: date) -> DayTold | None:
    """Measure a day with what is known now and write it, in place of what was kept of it; wholly or not at all.

    None, and nothing is written, while it is not settled how records went and where they belong, or when that changed
    meanwhile: the day stays due. Measured twice with the same records known, a day comes to the same.
    """
    now = await _settled(desk)
    if now is None:
        return None
    zone = zone_of(now.model)
    then = await snapshot(desk, Moment(as_of=last_instant_of(day, zone)))
    ended_at = end_of(day, zone)
    then = replace(then, degraded=_footing(then).doubted(ended_at))  # what is late for that day is no more certain
    people = await _people(desk, then)
    areas = await _areas(desk, then, day)
    after = await _settled(desk)
    if people is None or after is None or after.model.matching != now.model.matching:
        return None
    as_of = source_freshness(then, None).data_as_of
    kept = KeptDay(day, ended_at, now.now, as_of, then.degraded)
    await desk.evidence.days.keep(kept, NAMES, areas, people)
    return DayTold(kept, len(areas), len(people))


async def forget_days(desk: Desk, kept_for: timedelta = KEPT_FOR) -> int:
    """Drop the days that have ended longer ago than that; returns how many. One transaction for each."""
    snap = await snapshot(desk, Moment())
    first = last_ended(snap.now, zone_of(snap.model)) - timedelta(days=kept_for.days - 1)
    forgotten = 0
    while await desk.evidence.days.forget(first) is not None:
        forgotten += 1
    return forgotten


async def _settled(desk: Desk) -> Snapshot | None:
    """The present, once all records are where its selectors place them, and how they went is worked out."""
    now = await snapshot(desk, Moment())
    if not await is_settled(desk, now) or await unsettled(desk, now.model):
        return None
    return now


async def _areas(desk: Desk, then: Snapshot, day: date) -> tuple[AreaDay, ...]:
    courses = await desk.evidence.courses(tuple(sorted(then.model.areas)))
    return await asyncio.to_thread(area_days, then.model, courses, span_of(day, zone_of(then.model)))


async def _people(desk: Desk, then: Snapshot) -> tuple[PersonDay, ...] | None:
    """Everybody active."""
    found = await survey(desk, then)
    if found.demand is None:
        return None
    active = [key for key, person in sorted(then.model.people.items()) if person.active]
    return await asyncio.to_thread(person_days, found.grounds, found.demand, active)


def _footing(snap: Snapshot) -> Footing:
    return Footing({state.name: state.last_success_at for state in snap.states}, snap.degraded)
