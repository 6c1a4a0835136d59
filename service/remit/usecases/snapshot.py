"""The model and the state of the sources at one moment, so that one question sees one world."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from remit.domain.answers import Freshness
from remit.domain.facts import Facts
from remit.domain.load import Signal
from remit.domain.model import Model
from remit.ports import Head, SourceState
from remit.usecases.believed_states import believed_states
from remit.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times of a question: what was true at `as_of`, as believed at `known_at`; None is now."""

    as_of: datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a question is answered from. `as_of` is resolved: `now` where the asker named no instant."""

    head: Head
    facts: Facts
    model: Model
    moment: Moment
    as_of: datetime
    now: datetime
    states: tuple[SourceState, ...]
    degraded: tuple[str, ...]

    @property
    def then(self) -> datetime:
        """The present of whoever believed what this is answered from."""
        return min(self.moment.known_at or self.now, self.now)


async def snapshot(desk: Desk, moment: Moment) -> Snapshot:
    """Read what the moment needs: the model's head and the sources, and the facts when they are new here."""
    now = desk.clock()
    head = await desk.models.head(moment.known_at)
    facts = await facts_of(desk, head)
    then = moment.known_at if moment.known_at is not None and moment.known_at < now else None
    states = await believed_states(desk.mirror, now, then)
    as_of = moment.as_of or now
    degraded = degraded_sources(desk, states, then or now)
    return Snapshot(head, facts, desk.shelf.model(facts, as_of), moment, as_of, now, states, degraded)


async def facts_of(desk: Desk, head: Head) -> Facts:
    """Everything believed at that head."""
    name = f"{head.id}.{head.digest}"
    kept = desk.shelf.facts(name)
    if kept is not None:
        return kept
    return desk.shelf.keep(name, Facts(desk.catalogue, await desk.models.facts(head)))


def degraded_sources(desk: Desk, states: tuple[SourceState, ...], now: datetime) -> tuple[str, ...]:
    """Sources in trouble, never read, or not read for longer than `stale_after`."""
    by_name = {state.name: state for state in states}
    names = sorted({*by_name, *(name for name, _ in desk.sources)})
    return tuple(name for name in names if _is_degraded(by_name.get(name), desk, now))


def model_freshness(snap: Snapshot) -> Freshness:
    """The age of an answer that rests on the declared model alone, which is read from the database each time."""
    read_at = snap.then
    return Freshness(read_at, int((snap.now - read_at).total_seconds()), snap.degraded, snap.model.version)


def source_freshness(snap: Snapshot, state: SourceState | None) -> Freshness:
    """The age of an answer that rests on a source: since its last complete synchronisation, up to the answer's then.

    That something is in no source (None) rests on all of them, and is as old as the one read longest ago.
    """
    resting_on = (state,) if state is not None else snap.states
    read = [one.last_success_at for one in resting_on if one.last_success_at is not None]
    success = min(read, default=None)
    return Freshness(success, lag_s(success, snap.then), snap.degraded, snap.model.version)


def signal_freshness(snap: Snapshot, signal: Signal) -> Freshness:
    """The age of a number: of the sources it rests on, where those are known."""
    if signal.degraded is None:
        return source_freshness(snap, None)
    return Freshness(signal.data_as_of, lag_s(signal.data_as_of, snap.then), signal.degraded, snap.model.version)


def zone_of(model: Model) -> ZoneInfo:
    """Where the organisation's days begin (R3)."""
    name = model.areas[model.root].timezone if model.root is not None else None
    return ZoneInfo(name or "UTC")


def lag_s(success: datetime | None, now: datetime) -> int | None:
    """Whole seconds since a source was last read completely; None when it never was."""
    return max(0, int((now - success).total_seconds())) if success is not None else None


def _is_degraded(state: SourceState | None, desk: Desk, now: datetime) -> bool:
    if state is None or state.trouble is not None or state.last_success_at is None:
        return True
    return now - state.last_success_at > desk.stale_after
