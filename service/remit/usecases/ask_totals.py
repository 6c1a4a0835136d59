"""How loaded are the members of a team, or the people of a function, together?"""

import asyncio
from collections.abc import Collection, Mapping

from remit.domain.load import Verdict
from remit.domain.parties import Party, PartyKind, active_people, is_there
from remit.domain.totals import GroupLoad, Standing
from remit.resolution.accountability import Accountability, accountability
from remit.resolution.totals import group_load, sums, unknown_group_load
from remit.usecases.ask_load import Survey, held_by
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot


async def group_loads(desk: Desk, snap: Snapshot, found: Survey, asked: Collection[Party]) -> Mapping[Party, GroupLoad]:
    """Of each group that the model has, as a survey of the same moment tells of everybody; nothing more is read."""
    groups = [party for party in dict.fromkeys(asked) if is_there(snap.model, party)]
    if found.demand is None:
        return {party: unknown_group_load(found.grounds, party, _standings(found, party)) for party in groups}
    accounts = await accountability_of(desk, snap)

    def told() -> Mapping[Party, GroupLoad]:
        summed = sums(found.grounds, found.stakes, accounts, groups)
        return {party: group_load(found.grounds, summed, accounts, party, _standings(found, party)) for party in groups}

    return await asyncio.to_thread(told)


def groups_of(snap: Snapshot, kind: PartyKind) -> tuple[Party, ...]:
    """All teams, or all functions, by key."""
    keys = snap.model.teams if kind is PartyKind.TEAM else snap.model.functions
    return tuple(Party(kind, key) for key in sorted(keys))


def ranked(loads: Collection[GroupLoad], verdict: Verdict | None = None) -> tuple[GroupLoad, ...]:
    """The most loaded first, then by key: those with a verdict, or all."""
    chosen = [one for one in loads if verdict in (None, one.verdict)]
    return tuple(sorted(chosen, key=lambda one: (-(one.utilisation if one.utilisation is not None else -1), one.party)))


async def accountability_of(desk: Desk, snap: Snapshot) -> Accountability:
    """Who is accountable for what; found once for each model and stretch of time."""
    name = snap.model.version, snap.model.segment
    kept = desk.shelf.accountability(name)
    if kept is not None:
        return kept
    rows, shares = await held_by(desk, snap), dict(desk.catalogue.shares)
    found = await asyncio.to_thread(accountability, snap.model, shares, rows)
    return desk.shelf.keep_accountability(name, found)


def _standings(found: Survey, party: Party) -> tuple[Standing, ...]:
    people = {key: found.standing(key) for key in active_people(found.grounds.model, party)}
    return tuple(Standing(key, value if value >= 0 else None, verdict) for key, (value, verdict) in people.items())
