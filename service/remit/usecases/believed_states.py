"""How do the sources stand, as far as the clocks of those that read them are to be believed?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from remit.domain.ids import SourceName
from remit.domain.intervals import instant_text
from remit.ports import MirrorStore, SourceState

AHEAD_AT_MOST = timedelta(minutes=5)
"""Clocks differ by as much without harm: an answer may be older than it says by no more than this."""


async def believed_states(
    mirror: MirrorStore, now: datetime, known_at: datetime | None = None
) -> tuple[SourceState, ...]:
    """What the mirror has of every source, at an earlier instant or now; of successes that are still to come, as a
    clock that is ahead leaves them, the last one before them. One statement, and one more where there are any.
    """
    states = await mirror.sources(known_at)
    if not any(_is_ahead(state, now) for state in states):
        return states
    before = {state.name: state for state in await mirror.sources(now)}
    return tuple(_doubted(state, before) if _is_ahead(state, now) else state for state in states)


def _is_ahead(state: SourceState, now: datetime) -> bool:
    return state.last_success_at is not None and state.last_success_at - now > AHEAD_AT_MOST


def _doubted(state: SourceState, before: Mapping[SourceName, SourceState]) -> SourceState:
    told = instant_text(state.last_success_at.replace(microsecond=0)) if state.last_success_at is not None else "-"
    ahead = (
        f"it is said to be read completely at {told}, which is still to come: the clock of a worker and the clock here "
        "differ; set both by the same time server, and run `remit sync`"
    )
    believed = before[state.name].last_success_at if state.name in before else None
    trouble = f"{state.trouble}; and {ahead}" if state.trouble is not None else ahead
    return replace(state, last_success_at=believed, trouble=trouble)
