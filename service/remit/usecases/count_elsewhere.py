"""What would be counted in each area if other selectors decided where records belong?"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from remit.domain.areas import Criterion
from remit.domain.courses import Moving
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.resolution.load import Drivers
from remit.usecases.count_areas import counted_alone, spans_counted
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import feedback_placed, issues_placed
from remit.usecases.snapshot import Snapshot

Like = TypeVar("Like")
Places = Mapping[Like, AreaKey | None]


async def count_elsewhere(
    desk: Desk, before: Snapshot, after: Snapshot, areas: Sequence[AreaKey], drivers: Sequence[Drivers], days: int
) -> tuple[Drivers, ...]:
    """These counts of `areas`, but with every record where the later model would have it.

    Only what would move is counted anew. Nothing is asked where nothing that decides differs, and otherwise at most
    four questions. Nothing is written.
    """
    if before.model.matching == after.model.matching:
        return tuple(drivers)
    spans = spans_counted(before, days)
    found = tuple(drivers)
    for moving in (
        await _issues(desk, before.model, after.model, areas),
        await _feedback(desk, before.model, after.model, areas),
    ):
        if moving is not None:
            leaving, coming = [
                await asyncio.to_thread(counted_alone, courses, spans) for courses in (moving.leaving, moving.coming)
            ]
            found = tuple(one.exchanged(*moved) for one, *moved in zip(found, leaving, coming, strict=True))
    return found


async def _issues(desk: Desk, before: Model, after: Model, areas: Sequence[AreaKey]) -> Moving | None:
    told = (*before.selectors, *after.selectors)
    epics = frozenset(value for criterion, value in told if criterion is Criterion.EPIC)
    placed = await _differing(issues_placed, before, after, await desk.evidence.alike(epics))
    return await desk.evidence.moving(epics, placed, areas) if placed else None


async def _feedback(desk: Desk, before: Model, after: Model, areas: Sequence[AreaKey]) -> Moving | None:
    alike = await desk.mirror.feedback.alike()
    placed = await _differing(feedback_placed, before, after, alike)
    return await desk.mirror.feedback.moving(placed, areas) if placed else None


async def _differing(
    placed: Callable[[Model, Sequence[Like]], Places[Like]], before: Model, after: Model, alike: Sequence[Like]
) -> Places[Like]:
    """The new area of whatever would get one, or lose its own."""

    def found() -> Places[Like]:
        was, would_be = placed(before, alike), placed(after, alike)
        return {like: area for like, area in would_be.items() if area != was[like]}

    return await asyncio.to_thread(found)
