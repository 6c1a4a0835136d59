"""Whose traces are these, and do they show that others do the work than declared?"""

import asyncio
from collections.abc import Collection, Mapping

from remit.domain.drift import Drift, Traces
from remit.domain.evidence import Acts
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.people import Person
from remit.domain.records import JIRAS_OWN
from remit.resolution.drift import TRACES, drifts
from remit.resolution.verdicts import Verdicts
from remit.usecases.ask_accounts import AccountRef, people_behind
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import is_settled
from remit.usecases.snapshot import Moment, Snapshot


async def find_drift(
    desk: Desk, snap: Snapshot, cells: Verdicts, window: Window, asked: Collection[AreaKey | None]
) -> Mapping[AreaKey | None, tuple[Drift, ...]] | None:
    """Of each area (None: the organisation) every drift of a window there and below.

    None while it is worked out how records went. `cells` are those of the snapshot's model. The number of statements
    does not grow with areas, people or traces.
    """
    if snap.moment == Moment() and not await is_settled(desk, snap):
        return None
    areas = dict.fromkeys(area for under in asked for area in snap.model.under(under))
    acts = await desk.evidence.acts(tuple(areas), window)
    known = frozenset(trace for traces in TRACES.values() for trace in traces)
    told = [one for one in acts if one.trace in known and not (one.is_custom and one.trace in JIRAS_OWN)]
    accounts = {(one.source, one.account) for one in told if one.account is not None}
    people = await people_behind(desk, snap, accounts)
    left = [_traces(one, people) for one in told]
    weights = dict(desk.catalogue.shares)

    def found() -> Mapping[AreaKey | None, tuple[Drift, ...]]:
        return {under: drifts(snap.model, cells, left, weights, window, under) for under in asked}

    return await asyncio.to_thread(found)


def _traces(acts: Acts, people: Mapping[AccountRef, Person]) -> Traces:
    person = people.get((acts.source, acts.account)) if acts.account is not None else None
    key, function = (person.key, person.function) if person is not None else (None, None)
    return Traces(acts.area, acts.source, acts.account, acts.trace, acts.count, key, function)
