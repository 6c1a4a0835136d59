"""What is measured of areas, over a window that ends at the moment of the question."""

import asyncio
from collections.abc import Collection, Sequence

from remit.domain.load import Window
from remit.domain.model import Model
from remit.resolution.signals.grouping import groups_of
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import measured_over, series
from remit.resolution.signals.windows import DAYS, ending_with_the_minute, windows
from remit.usecases.desk import Desk
from remit.usecases.measure_now import Told, measure_now
from remit.usecases.measurements import Question, measurements
from remit.usecases.settle_evidence import place_evidence, place_feedback, unsettled
from remit.usecases.snapshot import Moment, Snapshot, zone_of

NO_TERMS = Terms()


async def measure_areas(desk: Desk, snap: Snapshot, asked: Collection[Question], *, days: int = DAYS) -> Told | None:
    """All signals of each question about an area that the model has, in the order of the catalogue.

    None while how records went is still being worked out, as after an upgrade: then nothing can be said. The number of
    statements does not grow with the questions. Whoever asks first after selectors have changed places the records.
    """
    known = [question for question in dict.fromkeys(asked) if question.area in snap.model.areas]
    spans = spans_of(snap, days)
    if snap.moment != Moment():
        return await _then(desk, snap.model, known, spans)
    if not await is_settled(desk, snap):
        return None
    return await measure_now(desk, snap.model, known, spans)


def spans_of(snap: Snapshot, days: int = DAYS) -> tuple[Window, ...]:
    """The window asked about and those before it. That of the present ends with the minute that is running."""
    ending = ending_with_the_minute if snap.moment == Moment() else windows
    return ending(snap.as_of, zone_of(snap.model), days)


async def is_settled(desk: Desk, snap: Snapshot) -> bool:
    """Placing takes seconds and is done at once; working out takes minutes and is left to the worker.

    What was worked out with the statuses of before is used meanwhile: few records differ, if any.
    """
    waiting = await unsettled(desk, snap.model)
    if not all(one.was_worked_out for one in waiting):
        return False
    if any(one.basis.selectors != one.wanted.selectors for one in waiting):
        await place_evidence(desk, snap.model, waiting)
    await place_feedback(desk, snap.model)
    return True


async def _then(desk: Desk, model: Model, asked: Sequence[Question], spans: tuple[Window, ...]) -> Told:
    """Of an earlier moment: measured anew, and kept nowhere."""
    groups = [question.areas(model) for question in asked]
    courses = await desk.evidence.courses(tuple(dict.fromkeys(area for group in groups for area in group)))

    def measured() -> Told:
        placed = groups_of(courses.areas, groups)
        found = series(measured_over(Columns(courses), placed, spans, NO_TERMS, is_present=False))
        return {question: measurements(found, place, spans[0]) for place, question in enumerate(asked)}

    return await asyncio.to_thread(measured)
