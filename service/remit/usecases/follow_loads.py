"""Follow how loaded people are, from now on: one look every few seconds, however many follow."""

import asyncio
from collections.abc import AsyncGenerator, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import LoadShift
from remit.domain.model import Model
from remit.resolution.holding import Stakes, people_in
from remit.resolution.load_shifts import Weights, end_of_day, shifts, weighed
from remit.usecases.ask_load import Survey, survey
from remit.usecases.desk import Desk
from remit.usecases.present_marks import present_marks
from remit.usecases.snapshot import Moment, Snapshot, snapshot, zone_of

LOOKS_EVERY_S = 5.0
ANEW_AFTER = timedelta(minutes=5)
"""As a day goes on, what came lately is spread over more time: a verdict may become another though nothing happened."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How loaded everybody was at one moment, and what it rests on; `shifts` are those since the look before."""

    number: int
    basis: Hashable
    snap: Snapshot
    found: Survey
    weights: Weights
    shifts: tuple[LoadShift, ...]


@dataclass(frozen=True, slots=True, eq=False)
class News:
    """Whose load is another than `since`, as of `snap`; `was` is the world before, for whoever is no more."""

    since: datetime
    was: Snapshot
    snap: Snapshot
    found: Survey
    shifts: tuple[LoadShift, ...]


class LoadFeed:
    """One per process: everybody who follows shares its looks, and nobody looks while nobody follows."""

    def __init__(self, desk: Desk, every_s: float = LOOKS_EVERY_S, anew_after: timedelta = ANEW_AFTER) -> None:
        self._desk, self._every_s, self._anew_after = desk, every_s, anew_after
        self._followers, self._again_at = 0, float("-inf")
        self._newest: Look | None = None
        self._looking: asyncio.Task[Look] | None = None

    async def news(self, under: AreaKey | None = None) -> AsyncGenerator[News, None]:
        """What becomes otherwise from now on, for those with a part in an area or below it, or for everybody.

        Whoever is slow misses no change but hears several as one, so that nothing is kept for them. What fails when it
        is looked is raised to all who follow.
        """
        self._followers += 1
        try:
            seen = await self._latest()
            while True:
                await asyncio.sleep(self._every_s)
                look = await self._latest()
                if look is not seen:
                    told = await asyncio.to_thread(_told, seen, look, under)
                    was, seen = seen.snap, look
                    if told:
                        yield News(was.as_of, was, look.snap, look.found, told)
        finally:
            self._followers -= 1
            if not self._followers:
                self._forget()

    async def _latest(self) -> Look:
        """The newest look, as of a moment ago; the same for all who ask meanwhile."""
        if self._looking is None or (self._looking.done() and asyncio.get_running_loop().time() >= self._again_at):
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Look:
        """Looks anew where what a load rests on has changed, or some minutes have passed. Else a few statements."""
        try:
            snap, last = await snapshot(self._desk, Moment()), self._newest
            basis = await _basis(self._desk, snap)
            if last is None or basis != last.basis or snap.as_of - last.snap.as_of >= self._anew_after:
                self._newest = last = await self._evaluated(snap, basis, last)
            return last
        finally:
            self._again_at = asyncio.get_running_loop().time() + self._every_s

    async def _evaluated(self, snap: Snapshot, basis: Hashable, last: Look | None) -> Look:
        found = await survey(self._desk, snap)
        until = end_of_day(snap.as_of, zone_of(snap.model))

        def look() -> Look:
            weights = weighed(found.grounds, found.stakes, found.demand, until)
            if last is None:
                return Look(1, basis, snap, found, weights, ())
            return Look(last.number + 1, basis, snap, found, weights, shifts(last.weights, weights))

        return await asyncio.to_thread(look)

    def _forget(self) -> None:
        """What nobody follows is not kept, and a look nobody waits for is broken off."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._newest = None


async def _basis(desk: Desk, snap: Snapshot) -> Hashable:
    """What loads rest on besides the time of the day: the model, the records of all areas, and what is in doubt.

    Watermarks are read before records: what changes in between is looked at once more, and never missed.
    """
    marks = await present_marks(desk)
    was_read = any(state.last_success_at is not None for state in snap.states)
    today = snap.as_of.astimezone(zone_of(snap.model)).date()
    model = snap.model.version, snap.model.segment
    return model, marks.sums, snap.degraded, was_read, today


def _told(seen: Look, look: Look, under: AreaKey | None) -> tuple[LoadShift, ...]:
    """Of what has changed since, that about whoever is meant, before or now."""
    found = look.shifts if look.number == seen.number + 1 else shifts(seen.weights, look.weights)
    if not found:
        return ()
    then = _meant(seen.snap.model, seen.found.stakes, under)
    meant = then | _meant(look.snap.model, look.found.stakes, under)
    return tuple(one for one in found if one.person in meant)


def _meant(model: Model, held: Stakes, under: AreaKey | None) -> frozenset[OwnerKey]:
    """Whoever is active, and has a part in that area or below it."""
    active = frozenset(key for key, one in model.people.items() if one.active)
    if under is None:
        return active
    return active & people_in(held, model.under(under)) if under in model.areas else frozenset()
