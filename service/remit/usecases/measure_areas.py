"""What is measured of areas, over a window that ends at the moment of the question."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Window
from remit.resolution.signals.base import SignalKind
from remit.resolution.signals.catalogue import SIGNALS
from remit.resolution.signals.grouping import groups_of
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.samples import Floats
from remit.resolution.signals.series import measured_over, series
from remit.resolution.signals.windows import DAYS, windows
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import place_evidence, place_feedback, unsettled
from remit.usecases.snapshot import Moment, Snapshot, zone_of

NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Measurement:
    """A signal of an area: the number, what is usual, and how far that spreads; None where the records do not say.

    `previous` is the number of the window just before.
    """

    kind: SignalKind
    window: Window
    reading: Reading
    baseline: float | None
    spread: float | None
    previous: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """Of an area alone, or of it with everything below."""

    area: AreaKey
    with_below: bool = False


async def measure_areas(
    desk: Desk, snap: Snapshot, asked: Collection[Question], *, days: int = DAYS, terms: Terms = NO_TERMS
) -> Mapping[Question, tuple[Measurement, ...]] | None:
    """All signals of each question about an area that the model has, in the order of the catalogue.

    None while how records went is still being worked out, as after an upgrade: then nothing can be said. The number of
    statements does not grow with the questions. Whoever asks first after selectors have changed places the records.
    """
    is_present = snap.moment == Moment()
    if is_present and not await is_settled(desk, snap):
        return None
    known = [question for question in dict.fromkeys(asked) if question.area in snap.model.areas]
    groups = [snap.model.under(one.area) if one.with_below else (one.area,) for one in known]
    areas = tuple(dict.fromkeys(area for group in groups for area in group))
    spans = windows(snap.as_of, zone_of(snap.model), days)
    courses = await desk.evidence.courses(areas)
    found = await asyncio.to_thread(_measured, courses, groups, spans, terms, is_present)
    return dict(zip(known, found, strict=True))


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


def _measured(
    courses: Courses, groups: list[tuple[AreaKey, ...]], spans: tuple[Window, ...], terms: Terms, is_present: bool
) -> list[tuple[Measurement, ...]]:
    taken = measured_over(Columns(courses), groups_of(courses.areas, groups), spans, terms, is_present=is_present)
    found = series(taken)
    return [
        tuple(
            Measurement(
                kind,
                spans[0],
                found[kind.name].now.of(place),
                _known(found[kind.name].baseline, place),
                _known(found[kind.name].spread, place),
                _known(found[kind.name].previous, place),
            )
            for kind in SIGNALS
        )
        for place in range(len(groups))
    ]


def _known(values: Floats, place: int) -> float | None:
    value = float(values[place])
    return None if np.isnan(value) else value
