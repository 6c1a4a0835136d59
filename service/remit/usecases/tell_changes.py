"""What is told of each recorded change, in the order of recording: worked out once, by whichever worker comes first."""

import asyncio
from datetime import datetime, timedelta

from remit.domain.events import ChangeEvent, Shift
from remit.domain.facts import Facts
from remit.domain.history import AT_ONCE
from remit.domain.model import model_at
from remit.ports import Outbox
from remit.resolution.consequence import consequence
from remit.usecases.desk import Desk
from remit.usecases.snapshot import facts_of


async def tell_next(desk: Desk, outbox: Outbox) -> bool:
    """Prepare the oldest change of which nothing is told yet, for everybody it concerns; False when there is none."""
    event = await outbox.untold()
    if event is None:
        return False
    await outbox.tell(event.change, await consequence_of(desk, event))
    return True


async def consequence_of(desk: Desk, event: ChangeEvent) -> tuple[Shift, ...]:
    """The cells that were otherwise by what was believed just before the change, both seen when it took effect."""
    was = await desk.models.head(event.recorded_at - timedelta(microseconds=1))
    now = await desk.models.head(event.recorded_at)
    before, after = await facts_of(desk, was), await facts_of(desk, now)
    # In a thread, as a large organisation takes some seconds.
    return await asyncio.to_thread(_between, before, after, took_effect(event))


def took_effect(event: ChangeEvent) -> datetime:
    """When it was recorded, or a moment later: a clock that is ahead of the database's may have set its windows."""
    at = event.recorded_at
    bounds = (bound for row in event.rows for window in row.opened for bound in (window.start, window.end))
    return max((bound for bound in bounds if bound is not None and at < bound <= at + AT_ONCE), default=at)


def _between(before: Facts, after: Facts, at: datetime) -> tuple[Shift, ...]:
    return consequence(model_at(before, at), model_at(after, at))
