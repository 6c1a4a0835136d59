"""What do the signals of areas say, and can their sources be relied on?"""

from collections.abc import Collection, Mapping
from datetime import datetime

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Signal
from remit.domain.model import Model
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.windows import DAYS, windows
from remit.resolution.thresholds import threshold_of, worse_end
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import Measurement, Question, measure_areas
from remit.usecases.snapshot import Snapshot, source_freshness, zone_of

USUAL_DAYS, MOST_DAYS = DAYS, 366
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
    doubts: Mapping[Question, str]
    if found is None:
        found = {question: _unmeasured(snap, days) for question in asked if question.area in snap.model.areas}
        doubts = dict.fromkeys(found, NOT_YET)
    else:
        doubts = await _doubts(desk, snap, found)
    as_of = source_freshness(snap, None).data_as_of
    return {
        question: tuple(_told(snap.model, question, one, doubts.get(question), as_of) for one in measured)
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
    backlogs = frozenset(await desk.evidence.basis()) if snap.degraded else frozenset()
    tied = (key for key, area in snap.model.areas.items() if area.feedback)
    found = {key: _doubt(snap, backlogs, (key,)) for key in tied}
    return _doubt(snap, backlogs, ()), {key: why for key, why in found.items() if why is not None}


async def _doubts(desk: Desk, snap: Snapshot, asked: Collection[Question]) -> Mapping[Question, str]:
    backlogs = frozenset(await desk.evidence.basis()) if snap.degraded else frozenset()
    within = {one: snap.model.under(one.area) if one.with_below else (one.area,) for one in asked}
    found = {one: _doubt(snap, backlogs, areas) for one, areas in within.items()}
    return {one: why for one, why in found.items() if why is not None}


def _doubt(snap: Snapshot, backlogs: Collection[str], areas: Collection[AreaKey]) -> str | None:
    """A source that only brings feedback, and none to these areas, does not count here."""
    if all(state.last_success_at is None for state in snap.states):
        return NEVER_READ
    tied = {key: {one.source for one in area.feedback} for key, area in snap.model.areas.items() if area.feedback}
    here = {source for key in areas for source in tied.get(key, ())}
    elsewhere = {source for sources in tied.values() for source in sources} - here - {*backlogs}
    bad = [source for source in snap.degraded if source not in elsewhere]
    if not bad:
        return None
    names = ", ".join(bad)
    return (
        f"Too old, or in trouble: {names}. Until it was read again the number may be wrong; `remit doctor` tells why."
    )


def _told(model: Model, question: Question, one: Measurement, why: str | None, as_of: datetime | None) -> Signal:
    name = one.kind.name
    figure = Figure(
        name, one.kind.unit, one.kind.unknown, one.reading, one.window, one.baseline, one.spread, one.previous
    )
    threshold = threshold_of(model, name, area=question.area)
    return told(figure, threshold, worse_end(model, name), data_as_of=as_of, doubt=why)


def _unmeasured(snap: Snapshot, days: int) -> tuple[Measurement, ...]:
    """Every signal without a number."""
    window = windows(snap.as_of, zone_of(snap.model), days)[0]
    return tuple(Measurement(kind, window, Reading(None, 0), None, None, None) for kind in SIGNALS)
