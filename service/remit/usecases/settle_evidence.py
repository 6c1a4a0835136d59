"""Bring the evidence up to what it rests on: computed anew when statuses change, placed anew when selectors do."""

import asyncio
from collections.abc import Mapping, Sequence

from remit.domain.areas import Criterion
from remit.domain.evidence import Course
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.tallies import Tally
from remit.ports import Basis
from remit.resolution.courses import Statuses, backlog_course, statuses
from remit.resolution.matching import match
from remit.usecases.desk import Desk

AT_ONCE = 2_000
"""Items computed anew in one transaction."""


async def settle_evidence(desk: Desk, model: Model) -> bool:
    """Before signals are computed: see to it that all courses rest on the present statuses and selectors.

    Costs one or two statements when they do, which is the rule. After a change of selectors a million items take some
    seconds; computed anew, as after an upgrade from a version without evidence, some minutes. Safe to be cut off at any
    moment, and to be done twice. Returns whether anything had to be done.
    """
    unsettled: dict[SourceName, Basis] = {}
    for source, basis in (await desk.evidence.basis()).items():
        known = statuses(await desk.evidence.statuses(source))
        wanted = Basis(known.digest, model.matching)
        if basis.statuses != wanted.statuses:
            await _compute(desk, source, known)
        if basis != wanted:
            unsettled[source] = wanted
    if not unsettled:
        return False
    epics = frozenset(value for criterion, value in model.selectors if criterion is Criterion.EPIC)
    alike = await desk.evidence.alike(epics)
    await desk.evidence.place(epics, await asyncio.to_thread(_areas, model, alike))
    for source, wanted in unsettled.items():
        await desk.evidence.settle(source, wanted)
    return True


async def _compute(desk: Desk, source: SourceName, known: Statuses) -> None:
    """All items of a source, in the order of their ids."""
    last = ""
    while found := await desk.evidence.after(source, last, AT_ONCE):
        courses: Sequence[Course] = [
            backlog_course(history.item, history.events, known, None, history.first_seen, gone_at)
            for history, gone_at in found
        ]
        await desk.evidence.rewrite(courses)
        last = found[-1][0].item.id


def _areas(model: Model, alike: Sequence[Tally]) -> Mapping[Tally, AreaKey | None]:
    return {one: match(model, one.criteria).area for one in alike}
