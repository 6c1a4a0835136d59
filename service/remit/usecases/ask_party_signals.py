"""What is measured of all that a person, a team or a function is accountable for?"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Reading, Signal, Threshold, Window
from remit.domain.model import Model
from remit.domain.parties import Party, PartyKind, active_people, is_there
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.grouping import groups_of
from remit.resolution.signals.lag import LAG
from remit.resolution.signals.measuring import Columns
from remit.resolution.signals.series import measured_over, series
from remit.resolution.signals.windows import DAYS
from remit.resolution.thresholds import threshold_of, worse_end
from remit.usecases.ask_signals import NOT_YET, Provenance, provenance_of, require_days, require_names
from remit.usecases.ask_totals import accountability_of
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import NO_TERMS, is_settled, spans_of
from remit.usecases.measurements import Measurement, measurements
from remit.usecases.snapshot import Moment, Snapshot
from remit.usecases.tied import Silence, silence

OF_PEOPLE = tuple(name for name in BY_NAME if name not in LAG)
"""The signals that are told of a person."""
LEAST_OF_A_SCOPE = 2
NOTHING_TO_MEASURE = "no area has them accountable for anything at this moment"
ONE_PERSON = (
    "How late something is, is told of scopes and never of a person, and here at most one person is active. "
    "Ask for the signals of an area."
)
Told = Mapping[Party, tuple[Measurement, ...]]


async def party_signals(
    desk: Desk, snap: Snapshot, asked: Collection[Party], *, days: int = DAYS
) -> Mapping[Party, tuple[Signal, ...]]:
    """The signals of each party that the model has, in the order of the catalogue; of people without those of lag.

    The records are those of the areas in which it is accountable for at least one responsibility, each once. Many
    parties are one read. Raises Invalid for a window that is too short or long.
    """
    require_days(days)
    parties = [party for party in dict.fromkeys(asked) if is_there(snap.model, party)]
    accounts = await accountability_of(desk, snap)
    areas = {party: accounts.areas_of(snap.model, party) for party in parties}
    spans = spans_of(snap, days)
    is_present = snap.moment == Moment()
    provenance = await provenance_of(desk, snap, areas)
    silent = {party: silence(snap, keys) for party, keys in areas.items()}
    if is_present and not await is_settled(desk, snap):
        not_yet = {party: replace(one, doubt=NOT_YET) for party, one in provenance.items()}
        return {
            party: _signals(snap.model, party, _unmeasured(spans[0]), not_yet[party], silent[party])
            for party in parties
        }
    found = await _measured(desk, areas, spans, is_present=is_present)
    return {
        party: _signals(snap.model, party, measured, provenance[party], silent[party])
        for party, measured in found.items()
    }


def require_party_names(kind: PartyKind, names: Collection[str]) -> None:
    """Raises Invalid for a signal that there is not, or that is not told of a person."""
    require_names(names)
    late = [name for name in names if name in LAG]
    if kind is PartyKind.PERSON and late:
        raise Invalid(f"{late[0]!r} tells how late something is: ask for it of an area, a team or a function")


async def _measured(
    desk: Desk, areas: Mapping[Party, Sequence[AreaKey]], spans: tuple[Window, ...], *, is_present: bool
) -> Told:
    nothing = tuple(replace(one, kind=replace(one.kind, unknown=NOTHING_TO_MEASURE)) for one in _unmeasured(spans[0]))
    groups = {party: keys for party, keys in areas.items() if keys}
    if not groups:
        return dict.fromkeys(areas, nothing)
    courses = await desk.evidence.courses(tuple(sorted({area for keys in groups.values() for area in keys})))

    def measured() -> Told:
        placed = groups_of(courses.areas, tuple(groups.values()))
        found = series(measured_over(Columns(courses), placed, spans, NO_TERMS, is_present=is_present))
        some = {party: measurements(found, place, spans[0]) for place, party in enumerate(groups)}
        return {party: some.get(party, nothing) for party in areas}

    return await asyncio.to_thread(measured)


def _unmeasured(window: Window) -> tuple[Measurement, ...]:
    """Every signal without a number."""
    return tuple(Measurement(kind, window, Reading(None, 0), None, None, None) for kind in SIGNALS)


def _signals(
    model: Model, party: Party, measured: Collection[Measurement], provenance: Provenance, silent: Silence
) -> tuple[Signal, ...]:
    """Of a group that is one person at most, the signals of lag say only why they say nothing."""
    if party.kind is PartyKind.PERSON:
        return tuple(_signal(model, party, one, provenance, silent) for one in measured if one.kind.name not in LAG)
    is_scope = len(active_people(model, party)) >= LEAST_OF_A_SCOPE
    return tuple(
        _signal(model, party, one, provenance, silent)
        if is_scope or one.kind.name not in LAG
        else _withheld(model, party, one, provenance, silent)
        for one in measured
    )


def _signal(model: Model, party: Party, one: Measurement, provenance: Provenance, silent: Silence) -> Signal:
    kind = one.kind
    figure = Figure(kind.name, kind.unit, kind.unknown, one.reading, one.window, one.baseline, one.spread, one.previous)
    threshold, worse = _threshold(model, party, kind.name), worse_end(model, kind.name)
    doubt = provenance.doubt or (silent[kind.about] if one.reading.value is not None else None)
    signal = told(figure, threshold, worse, data_as_of=provenance.data_as_of, doubt=doubt)
    return replace(signal, degraded=provenance.degraded)


def _withheld(model: Model, party: Party, one: Measurement, provenance: Provenance, silent: Silence) -> Signal:
    bare = replace(one, reading=Reading(None, 0), baseline=None, spread=None, previous=None)
    return _signal(model, party, bare, replace(provenance, doubt=ONE_PERSON), silent)


def _threshold(model: Model, party: Party, name: str) -> Threshold:
    """What is said of the person, else of the organisation: no area's own limits are those of several areas."""
    alone = OwnerKey(party.key) if party.kind is PartyKind.PERSON else None
    return threshold_of(model, name, person=alone)
