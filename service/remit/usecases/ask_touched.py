"""In how many areas did somebody do something within a window?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from remit.domain.ids import OwnerKey
from remit.domain.load import Load, Signal, Window
from remit.domain.model import Model
from remit.domain.parties import Party, PartyKind, active_people, is_there
from remit.domain.totals import GroupLoad
from remit.resolution.names import some_of
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.breadth import Trail, areas_touched, trails
from remit.resolution.thresholds import threshold_of, worse_end
from remit.resolution.totals import NOT_JUDGED
from remit.usecases.ask_accounts import accounts_of
from remit.usecases.ask_signals import NOT_YET, doubts
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import is_settled
from remit.usecases.snapshot import Moment, Snapshot, source_freshness

NAME = "areas_touched"


@dataclass(frozen=True, slots=True)
class Footprints:
    """What is known of where people acted. `accounts` are those who have any; `doubt` says why it may be wrong."""

    trails: Mapping[OwnerKey, Trail]
    accounts: frozenset[OwnerKey]
    doubt: str | None


async def touched(desk: Desk, snap: Snapshot, asked: Collection[Party], window: Window) -> Mapping[Party, Signal]:
    """The signal `areas_touched` of each party that the model has, over a window.

    Histories of issues and feedback tell it, with the records in the areas of now. The number of statements does not
    grow with the parties.
    """
    parties = [party for party in dict.fromkeys(asked) if is_there(snap.model, party)]
    people = {party: _whose(snap.model, party) for party in parties}
    found = await _footprints(desk, snap, frozenset(chain.from_iterable(people.values())), window)
    return {party: _told(snap, found, party, whose, window) for party, whose in people.items()}


async def with_touched(desk: Desk, snap: Snapshot, loads: Sequence[Load], window: Window) -> tuple[Load, ...]:
    """Loads of that window with this signal beside their others."""
    parties = {load.person: Party(PartyKind.PERSON, load.person) for load in loads}
    found = await touched(desk, snap, parties.values(), window)
    return tuple(replace(load, signals=(*load.signals, found[parties[load.person]])) for load in loads)


async def with_touched_together(
    desk: Desk, snap: Snapshot, loads: Collection[GroupLoad], window: Window
) -> tuple[GroupLoad, ...]:
    """The same of several people together."""
    found = await touched(desk, snap, [load.party for load in loads], window)
    return tuple(replace(load, signals=(*load.signals, found[load.party])) for load in loads)


async def _footprints(desk: Desk, snap: Snapshot, people: frozenset[OwnerKey], window: Window) -> Footprints:
    if snap.moment == Moment() and not await is_settled(desk, snap):
        return Footprints({}, people, NOT_YET)
    everywhere, somewhere = await doubts(desk, snap)
    accounts = await accounts_of(desk, snap, people)
    acts = await desk.evidence.acts(tuple(snap.model.areas), window) if accounts else ()
    doubt = everywhere or next(iter(somewhere.values()), None)
    return Footprints(trails(acts, accounts), frozenset(accounts.values()), doubt)


def _whose(model: Model, party: Party) -> tuple[OwnerKey, ...]:
    """Also somebody alone who is not active may have acted."""
    return (OwnerKey(party.key),) if party.kind is PartyKind.PERSON else active_people(model, party)


def _told(snap: Snapshot, found: Footprints, party: Party, people: Sequence[OwnerKey], window: Window) -> Signal:
    reading, model = areas_touched(found.trails, people), snap.model
    figure = Figure(NAME, "areas", _unknown(model, found, people), reading, window)
    alone = OwnerKey(party.key) if party.kind is PartyKind.PERSON else None
    threshold = threshold_of(model, NAME, person=alone) if alone is not None else NOT_JUDGED
    as_of = source_freshness(snap, None).data_as_of
    return told(figure, threshold, worse_end(model, NAME), data_as_of=as_of, doubt=found.doubt)


def _unknown(model: Model, found: Footprints, people: Sequence[OwnerKey]) -> str:
    strangers = [model.people[key].name for key in people if key not in found.accounts]
    if strangers:
        return f"no account is known of {some_of(strangers)}; set their identities, or their e-mail address"
    silent = [model.people[key].name for key in people if key not in found.trails]
    return f"no source in which they have an account told who did what in this window: {some_of(silent)}"
