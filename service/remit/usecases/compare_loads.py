"""What would a change of the model come to in load: who would be asked for more or less?"""

import asyncio
from dataclasses import dataclass, replace

from remit.domain.ids import OwnerKey
from remit.domain.load import Load
from remit.resolution.holding import stakes
from remit.resolution.load import arranged, demand
from remit.usecases.ask_load import Survey, survey
from remit.usecases.ask_signals import USUAL_DAYS
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

    Both worlds have the same records in the same areas: where records would go by other selectors is not foreseen. An
    area that is not there yet has none. Nothing is written.
    """
    was = await survey(desk, before, days=days)
    would_be = await _surveyed(desk, was, after)
    people = sorted({*before.model.people, *after.model.people})
    told = (LoadChange(one, _load(was, before, one), _load(would_be, after, one)) for one in people)
    return tuple(one for one in told if _brief(one.before) != _brief(one.after))


async def _surveyed(desk: Desk, was: Survey, after: Snapshot) -> Survey:
    """The same records under another model."""
    weights = dict(desk.catalogue.shares)
    held = await asyncio.to_thread(stakes, after.model, weights)
    drivers = tuple(arranged(one, was.stakes.areas, held.areas) for one in was.grounds.drivers)
    grounds = replace(was.grounds, model=after.model, drivers=drivers)
    if was.demand is None:
        return Survey(grounds, held, None)
    return Survey(grounds, held, await asyncio.to_thread(demand, after.model, held, drivers))


def _load(found: Survey, snap: Snapshot, person: OwnerKey) -> Load | None:
    return found.load(person) if person in snap.model.people else None


def _brief(told: Load | None) -> object:
    return (told.demand_hours, told.capacity_hours, told.verdict) if told is not None else None
