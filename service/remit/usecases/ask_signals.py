"""What do the signals of areas say, and can their sources be relied on?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Signal
from remit.domain.model import Model
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.windows import DAYS, windows
from remit.resolution.thresholds import threshold_of, worse_end
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas
from remit.usecases.measurements import Measurement, Question
from remit.usecases.snapshot import Snapshot, source_freshness, zone_of
from remit.usecases.tied import Silence, silence

USUAL_DAYS, MOST_DAYS = DAYS, 366
Asked = TypeVar("Asked")
NOT_YET = "It is still being worked out how records went, as after an upgrade; ask again in some minutes."
NEVER_READ = "No source was ever read: configure one, or wait for its first synchronisation."


async def area_signals(
    desk: Desk, snap: Snapshot, asked: Collection[Question], *, days: int = DAYS
) -> Mapping[Question, tuple[Signal, ...]]:
    """All signals of each question about an area that the model has, in the order of the catalogue.

    The number of statements does not grow with the questions. Raises Invalid for a window that is too short or long.
    """
    require_days(days)
    found = await measure_areas(desk, snap, asked, days=days)
    is_settled = found is not None
    if found is None:
        found = {question: _unmeasured(snap, days) for question in asked if question.area in snap.model.areas}
    model = snap.model
    within = {one: model.under(one.area) if one.with_below else (one.area,) for one in found}
    provenance = await provenance_of(desk, snap, within)
    silent = {one: silence(snap, areas) for one, areas in within.items()}
    if not is_settled:
        provenance = {question: replace(one, doubt=NOT_YET) for question, one in provenance.items()}
    return {
        question: tuple(_told(model, question, one, provenance[question], silent[question]) for one in measured)
        for question, measured in found.items()
    }


def require_days(days: int) -> None:
    """Raises Invalid for a window that is too short or too long."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"a window has 1 to {MOST_DAYS} days; 28 are usual")


def require_names(names: Collection[str]) -> None:
    """Raises Invalid for a signal of areas that there is not."""
    for name in names:
        if name not in BY_NAME:
            raise Invalid(f"there is no signal {name!r} of areas; take some of {', '.join(BY_NAME)}")


async def doubts(desk: Desk, snap: Snapshot) -> tuple[str | None, Mapping[AreaKey, str]]:
    """Why nothing can be relied on that is counted anywhere, and of areas that feedback is tied to, there.

    None, and absent, where everything is fresh. One statement at most.
    """
    ties = await _ties(desk, snap)
    found = {key: _doubt(snap, ties, (key,)) for key in ties.areas}
    return _doubt(snap, ties, ()), {key: why for key, why in found.items() if why is not None}


@dataclass(frozen=True, slots=True)
class _Ties:
    """To which sources of feedback areas are tied, and which sources bring issues; empty where nothing is in doubt."""

    areas: Mapping[AreaKey, frozenset[str]]
    sources: frozenset[str]
    backlogs: frozenset[str]

    def elsewhere(self, areas: Iterable[AreaKey]) -> frozenset[str]:
        """Sources that only bring feedback, and none to these areas."""
        here = frozenset(source for key in areas for source in self.areas.get(key, ()))
        return self.sources - here - self.backlogs


async def _ties(desk: Desk, snap: Snapshot) -> _Ties:
    """Gathered once, however many areas are asked about: there may be ten thousand."""
    if not snap.degraded:
        return _Ties({}, frozenset(), frozenset())
    areas = {
        key: frozenset(str(one.source) for one in area.feedback)
        for key, area in snap.model.areas.items()
        if area.feedback
    }
    return _Ties(areas, frozenset().union(*areas.values()), frozenset(await desk.evidence.basis()))


@dataclass(frozen=True, slots=True)
class Provenance:
    """What numbers of some areas rest on: since when it is read, what of it is in doubt, and a sentence if any is."""

    data_as_of: datetime | None
    degraded: tuple[str, ...]
    doubt: str | None


async def provenance_of(
    desk: Desk, snap: Snapshot, asked: Mapping[Asked, Collection[AreaKey]]
) -> Mapping[Asked, Provenance]:
    """Of what is counted in each of these groups of areas. Where every source is fresh it makes no difference on which
    of them a number rests, and nothing is read.
    """
    ties = await _ties(desk, snap)
    found = {}
    for one, areas in asked.items():
        elsewhere = ties.elsewhere(areas)
        degraded = tuple(source for source in snap.degraded if source not in elsewhere)
        read = [state.last_success_at for state in snap.states if state.name not in elsewhere]
        as_of = min((at for at in read if at is not None), default=source_freshness(snap, None).data_as_of)
        found[one] = Provenance(as_of, degraded, _doubt(snap, ties, areas))
    return found


def _doubt(snap: Snapshot, ties: _Ties, areas: Iterable[AreaKey]) -> str | None:
    """A source that only brings feedback, and none to these areas, does not count here."""
    if all(state.last_success_at is None for state in snap.states):
        return NEVER_READ
    elsewhere = ties.elsewhere(areas) if snap.degraded else frozenset()
    bad = [source for source in snap.degraded if source not in elsewhere]
    if not bad:
        return None
    names = ", ".join(bad)
    return (
        f"Too old, or in trouble: {names}. Until it was read again the number may be wrong; `remit doctor` tells why."
    )


def _told(model: Model, question: Question, one: Measurement, provenance: Provenance, silent: Silence) -> Signal:
    name = one.kind.name
    figure = Figure(
        name, one.kind.unit, one.kind.unknown, one.reading, one.window, one.baseline, one.spread, one.previous
    )
    threshold = threshold_of(model, name, area=question.area)
    worse = worse_end(model, name)
    doubt = provenance.doubt or (silent[one.kind.about] if one.reading.value is not None else None)
    signal = told(figure, threshold, worse, data_as_of=provenance.data_as_of, doubt=doubt)
    return replace(signal, degraded=provenance.degraded)


def _unmeasured(snap: Snapshot, days: int) -> tuple[Measurement, ...]:
    """Every signal without a number."""
    window = windows(snap.as_of, zone_of(snap.model), days)[0]
    return tuple(Measurement(kind, window, Reading(None, 0), None, None, None) for kind in SIGNALS)
