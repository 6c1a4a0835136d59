"""How loaded is everybody, and by what?"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey
from remit.domain.load import Load, Verdict, Window
from remit.resolution.holding import Held, Row, Stakes, holders, people_in, stakes
from remit.resolution.load import Demand, Drivers, Earlier, demand, drivers_from, earlier, exchanged, unrecorded
from remit.resolution.load_terms import Grounds, load_of, unknown_load
from remit.resolution.signals.samples import Floats
from remit.resolution.signals.windows import DAYS, length_days, windows
from remit.resolution.standings import VERDICTS, Roster, Standings, no_standings, roster, standings
from remit.usecases.ask_signals import NOT_YET, doubts, require_days
from remit.usecases.count_areas import count_areas
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot, source_freshness, zone_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose loads: those with a part in an area or below it, of a function, with a verdict; None: whoever."""

    under: AreaKey | None = None
    function: FunctionKey | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, eq=False)
class Survey:
    """What everybody is asked for at one moment; `demand` is None while it cannot be told."""

    grounds: Grounds
    stakes: Stakes
    demand: Demand | None
    kept_roster: Roster | None = None

    def load(self, person: OwnerKey) -> Load:
        """That of a person of the model."""
        return load_of(self.grounds, self.demand, person) if self.demand else unknown_load(self.grounds, person)

    def hours_without_records(self, person: OwnerKey) -> float | None:
        """What a person of the model would be asked for if nothing were recorded; None while demand cannot be told."""
        return float(self._unrecorded[self.stakes.places[person]]) if self.demand else None

    @cached_property
    def _unrecorded(self) -> Floats:
        return unrecorded(self.grounds.model, self.stakes, self.grounds.drivers[0])

    def standing(self, person: OwnerKey) -> tuple[float, Verdict]:
        """The utilisation, less than nothing where there is none, and the verdict."""
        value, verdict = self.standings.of(self.stakes.places[person])
        return value if value is not None else -1.0, verdict

    @cached_property
    def roster(self) -> Roster:
        """What everybody is held against."""
        return self.kept_roster or roster(self.grounds.model, self.stakes.people)

    @cached_property
    def standings(self) -> Standings:
        """How loaded everybody is."""
        if self.demand is None:
            return no_standings(len(self.stakes.people))
        return standings(self.grounds, self.demand, self.roster)


async def survey(desk: Desk, snap: Snapshot, *, days: int = DAYS) -> Survey:
    """Everybody at once, since what an area asks for is divided over all who hold it.

    The number of statements grows neither with people nor with areas. Raises Invalid for a window of a length that
    cannot be asked for.
    """
    require_days(days)
    spans = windows(snap.as_of, zone_of(snap.model), days)
    as_of = source_freshness(snap, None).data_as_of
    held = await _stakes(desk, snap)
    rows = await count_areas(desk, snap, held.areas, days)
    if rows is None:
        return Survey(Grounds(snap.model, spans[0], (), as_of, NOT_YET), held, None)
    counted = drivers_from(rows, [length_days(span) for span in spans])
    everywhere, somewhere = await doubts(desk, snap)
    grounds = Grounds(snap.model, spans[0], counted, as_of, everywhere, somewhere)
    before = await _earlier(desk, snap, held, spans, counted)
    asked = await asyncio.to_thread(demand, snap.model, held, counted, before)
    return Survey(grounds, held, asked, _roster(desk, snap, held))


async def loads(
    desk: Desk, snap: Snapshot, people: Collection[OwnerKey], *, days: int = DAYS
) -> Mapping[OwnerKey, Load]:
    """Of each person that the model has; others are absent."""
    found = await survey(desk, snap, days=days)
    return {person: found.load(person) for person in people if person in snap.model.people}


def listed(snap: Snapshot, found: Survey, wanted: Wanted) -> tuple[OwnerKey, ...]:
    """Who is meant, the most loaded first, then by key. Whoever is not active is left out.

    Raises NotFound for an area or a function the model does not have, since "nobody" would be a lie.
    """
    model = snap.model
    if wanted.under is not None and wanted.under not in model.areas:
        raise NotFound(f"there is no area {wanted.under!r} at this instant")
    if wanted.function is not None and wanted.function not in model.functions:
        raise NotFound(f"there is no function {wanted.function!r} at this instant")
    held = found.stakes
    is_meant = found.roster.is_active.copy()
    if wanted.function is not None:
        is_meant &= np.array([model.people[key].function == wanted.function for key in held.people], dtype=np.bool_)
    if wanted.under is not None:
        near = people_in(held, model.under(wanted.under))
        is_meant &= np.array([key in near for key in held.people], dtype=np.bool_)
    if wanted.verdict is not None:
        is_meant &= found.standings.ranks == VERDICTS.index(wanted.verdict)
    chosen = np.flatnonzero(is_meant)
    order = np.argsort(-np.nan_to_num(found.standings.utilisation[chosen], nan=-1.0), kind="stable")
    return tuple(held.people[place] for place in chosen[order].tolist())


def _roster(desk: Desk, snap: Snapshot, held: Stakes) -> Roster:
    """What people are held against; found once for each model and stretch of time."""
    name = snap.model.version, snap.model.segment
    return desk.shelf.roster(name) or desk.shelf.keep_roster(name, roster(snap.model, held.people))


async def _earlier(
    desk: Desk, snap: Snapshot, held: Stakes, spans: Sequence[Window], counted: tuple[Drivers, ...]
) -> Earlier:
    """What the windows before came to; reckoned anew for the areas alone that changed since somebody last asked."""
    if snap.moment != Moment():
        return await asyncio.to_thread(earlier, snap.model, held, counted[1:])
    name = snap.model.version, snap.model.segment, tuple(span.start for span in spans)
    kept = desk.shelf.earlier(name)
    if kept is None:
        found = await asyncio.to_thread(earlier, snap.model, held, counted[1:])
    else:
        was, then = kept
        found = await asyncio.to_thread(exchanged, snap.model, held, then, was, counted[1:])
    desk.shelf.keep_earlier(name, (counted[1:], found))
    return found


async def _stakes(desk: Desk, snap: Snapshot) -> Stakes:
    """Who holds what; found once for each model and stretch of time."""
    name = snap.model.version, snap.model.segment
    kept = desk.shelf.stakes(name)
    if kept is not None:
        return kept
    rows, shares = await held_by(desk, snap), dict(desk.catalogue.shares)
    return desk.shelf.keep_stakes(name, await asyncio.to_thread(stakes, snap.model, shares, rows))


async def held_by(desk: Desk, snap: Snapshot) -> Mapping[AreaKey, Row]:
    """Who holds every cell; found anew only where the model has changed since somebody last asked."""
    kept = desk.shelf.held
    if kept is not None and kept.model is snap.model:
        return kept.rows
    rows = await asyncio.to_thread(holders, snap.model, kept)
    desk.shelf.held = Held(snap.model, rows)
    return rows
