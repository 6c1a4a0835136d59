"""What would a change of the model come to in load: who would be asked for more or less?"""

import asyncio
from dataclasses import dataclass, replace

from remit.domain.ids import OwnerKey
from remit.domain.load import Load
from remit.resolution.holding import stakes
from remit.resolution.load import arranged, demand
from remit.resolution.load_terms import Grounds
from remit.usecases.ask_load import Survey, survey
from remit.usecases.ask_signals import USUAL_DAYS, doubts
from remit.usecases.count_elsewhere import count_elsewhere
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LoadChange:
    """Somebody whose load would not be as it is; None where one of the models has no such person."""

    person: OwnerKey
    before: Load | None
    after: Load | None


async def load_changes(
    desk: Desk, before: Snapshot, after: Snapshot, *, days: int = USUAL_DAYS
) -> tuple[LoadChange, ...]:
    """Everybody whose demand, capacity or verdict would change, by key.

    Both worlds have the same records, each in the area that its model's selectors choose. Nothing is written.
    """
    was = await survey(desk, before, days=days)
    would_be = await _surveyed(desk, was, before, after, days)
    people = sorted({*before.model.people, *after.model.people})
    told = (LoadChange(one, _load(was, before, one), _load(would_be, after, one)) for one in people)
    return tuple(one for one in told if _brief(one.before) != _brief(one.after))


async def _surveyed(desk: Desk, was: Survey, before: Snapshot, after: Snapshot, days: int) -> Survey:
    """The same records under another model."""
    held = await asyncio.to_thread(stakes, after.model, dict(desk.catalogue.shares))
    drivers = tuple(arranged(one, was.stakes.areas, held.areas) for one in was.grounds.drivers)
    if was.demand is None:
        return Survey(replace(was.grounds, model=after.model, drivers=drivers), held, None)
    everywhere, somewhere = await doubts(desk, after)  # selectors also tie feedback to areas
    drivers = await count_elsewhere(desk, before, after, held.areas, drivers, days)
    grounds = Grounds(after.model, was.grounds.window, drivers, was.grounds.data_as_of, everywhere, somewhere)
    return Survey(grounds, held, await asyncio.to_thread(demand, after.model, held, drivers))


def _load(found: Survey, snap: Snapshot, person: OwnerKey) -> Load | None:
    return found.load(person) if person in snap.model.people else None


def _brief(told: Load | None) -> object:
    return (told.demand_hours, told.capacity_hours, told.verdict) if told is not None else None
