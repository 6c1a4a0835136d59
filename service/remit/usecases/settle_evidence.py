"""Bring the evidence up to what it rests on: worked out anew when statuses change, placed anew when selectors do."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from remit.domain.areas import Criterion
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.tallies import Tally
from remit.ports import Basis
from remit.ports.evidence import NO_BASIS
from remit.ports.feedback import Alike
from remit.resolution.courses import Statuses, backlog_course, statuses
from remit.resolution.feedback_matching import areas_of_offers
from remit.resolution.matching import match
from remit.usecases.desk import Desk
from remit.usecases.evidence_basis import basis_of

AT_ONCE = 2_000
"""Items worked out anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A source whose courses rest on something that has changed, with its statuses now."""

    source: SourceName
    known: Statuses
    basis: Basis
    wanted: Basis

    @property
    def was_worked_out(self) -> bool:
        """Whether its courses are there at all, and no more than outdated."""
        return self.basis.statuses != NO_BASIS.statuses


async def unsettled(desk: Desk, model: Model) -> tuple[Unsettled, ...]:
    """Sources whose courses do not rest on the present statuses and the selectors of this model. One statement, and one
    more for each source.
    """
    found = []
    for source, basis in (await desk.evidence.basis()).items():
        known = statuses(await desk.evidence.statuses(source))
        wanted = basis_of(known, model)
        if basis != wanted:
            found.append(Unsettled(source, known, basis, wanted))
    return tuple(found)


async def settle_evidence(desk: Desk, model: Model) -> bool:
    """See to it that all courses rest on the present statuses and on this, the present, model's selectors.

    After a change of selectors a million items take some seconds; worked out anew, as after an upgrade from a version
    without evidence, some minutes. Safe to be cut off at any moment, and to be done twice. Returns whether anything had
    to be done.
    """
    found = await unsettled(desk, model)
    for one in found:
        if one.basis.statuses != one.wanted.statuses:
            await _work_out(desk, one)
    if found:
        await _place(desk, model)
    for one in found:
        await desk.evidence.settle(one.source, one.wanted)
    return await place_feedback(desk, model) or bool(found)


async def place_evidence(desk: Desk, model: Model, found: Sequence[Unsettled]) -> None:
    """Put all courses of these sources into the areas of this, the present, model, and leave the rest to the worker."""
    await _place(desk, model)
    for one in found:
        await desk.evidence.settle(one.source, replace(one.basis, selectors=one.wanted.selectors))


async def place_feedback(desk: Desk, model: Model) -> bool:
    """Put feedback into the areas of this, the present, model; returns whether that had to be done. One statement."""
    if not await desk.mirror.feedback.outdated(model.matching):
        return False
    alike = await desk.mirror.feedback.alike()
    await desk.mirror.feedback.place(feedback_placed(model, alike), model.matching)
    return True


def issues_placed(model: Model, alike: Sequence[Tally]) -> Mapping[Tally, AreaKey | None]:
    """The area of each kind of issue by the selectors of a model."""
    return {one: match(model, one.criteria).area for one in alike}


def feedback_placed(model: Model, alike: Sequence[Alike]) -> Mapping[Alike, AreaKey | None]:
    """The same of feedback: what several areas claim alike is in none."""
    areas = {(source, offers): areas_of_offers(model, source, offers) for source, offers in alike}
    return {one: claimed[0] if len(claimed) == 1 else None for one, claimed in areas.items()}


async def _place(desk: Desk, model: Model) -> None:
    epics = frozenset(value for criterion, value in model.selectors if criterion is Criterion.EPIC)
    alike = await desk.evidence.alike(epics)
    await desk.evidence.place(epics, await asyncio.to_thread(issues_placed, model, alike))


async def _work_out(desk: Desk, one: Unsettled) -> None:
    """All items of a source, in the order of their ids."""
    last = ""
    while found := await desk.evidence.after(one.source, last, AT_ONCE):
        courses = [
            backlog_course(history.item, history.events, one.known, None, history.first_seen, gone_at, history.read_at)
            for history, gone_at in found
        ]
        await desk.evidence.rewrite(courses)
        last = found[-1][0].item.id
