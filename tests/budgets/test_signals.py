"""What it costs to measure a large organisation, and to measure it again after one record has changed."""

import asyncio
import gc
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.courses import Courses
from remit.domain.model import Model
from remit.domain.records import BacklogItem, Pulled, StatusCategory
from remit.ports import Basis
from remit.resolution.signals.board import Board
from remit.resolution.signals.measuring import Terms
from remit.resolution.signals.windows import windows
from remit.storage.engine import reading
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas
from remit.usecases.measurements import Question
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.budgets import Section, Stopwatch, resident_mb
from support.databases import Databases
from support.desks import JIRA
from support.large_records import NOW, filled

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
ABOUT = """A generated organisation of five levels, a hundred issues an area, each with two changes of its status, in a
database. Work out: the course of each issue from its history, as after an upgrade. Place: every course put into its
area after selectors have changed. Read: all courses into columns; its limit fetches the same rows as text and leaves
them so. Measure: every signal of every area, of its own records and with all below, over seven windows. First
question: the signals of the whole organisation with nothing kept, by the use case. A new minute: the same again when
only time has gone on. One record: an issue is done, from the page to the signals of its area and of every area above,
each alone and with all below, by the use case; of that, the question alone. Wall clock; one record is the median of
fifty, each in another area. Growth is for ten times as many areas and issues: 10 is linear, 1 does not depend on the
size."""
PER_AREA = 100
SMALL, LARGE = 1_000, 10_000
TRIES = 50
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, and megabytes."""

    work_out_s: float
    place_s: float
    rows_s: float
    read_s: float
    measure_s: float
    first_s: float
    minute_s: float
    record_s: float
    asked_s: float
    columns_mb: float
    measured_mb: float


AS_TEXT = text("SELECT source, id, area, created::text, updated::text, touched_at::text, step_at::text FROM evidence")


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    with Stopwatch() as watch:
        made = await work()
    return watch.spent.wall_s, made


async def as_text(engine: AsyncEngine) -> int:
    async with reading(engine, within_s=600) as connection:
        return len((await connection.execute(AS_TEXT)).all())


async def placed_anew(desk: Desk, model: Model) -> float:
    """Seconds to put into its area every course that is in none."""
    (basis,) = (await desk.evidence.basis()).values()
    await desk.evidence.place([], dict.fromkeys(await desk.evidence.alike([]), None))
    await desk.evidence.settle(JIRA, Basis(basis.statuses, ""))
    spent_s, _ = await timed(lambda: settle_evidence(desk, model))
    return spent_s


async def cost(databases: Databases, areas: int) -> Cost:
    async with filled(databases, areas, PER_AREA) as (engine, desk):
        model = (await snapshot(desk, Moment())).model
        keys = tuple(sorted(model.areas))
        work_out_s, _ = await timed(lambda: settle_evidence(desk, model))
        place_s = await placed_anew(desk, model)
        rows_s, _ = await timed(lambda: as_text(engine))
        gc.collect()
        before_mb = resident_mb()
        read_s, courses = await timed(lambda: desk.evidence.courses(keys))
        assert len(courses) == areas * PER_AREA
        read_mb = resident_mb()
        measure_s, board = await timed(lambda: asyncio.to_thread(measured, model, courses))
        measured_mb = resident_mb()
        del board
        everything = [Question(one, True) for one in model.areas if model.areas[one].parent is None]
        first_s, _ = await timed(lambda: asked(desk, everything))
        later = replace(desk, clock=lambda: NOW + timedelta(minutes=1))
        minute_s, _ = await timed(lambda: asked(later, everything))
        spent = [await one_record(later, model, str(number + 1)) for number in range(TRIES)]
        return Cost(
            work_out_s,
            place_s,
            rows_s,
            read_s,
            measure_s,
            first_s,
            minute_s,
            statistics.median(record_s for record_s, _ in spent),
            statistics.median(asked_s for _, asked_s in spent),
            read_mb - before_mb,
            measured_mb - read_mb,
        )


def measured(model: Model, courses: Courses) -> Board:
    board = Board(model, courses, windows(NOW, UTC), Terms(), is_present=True)
    board.show(courses.areas)
    return board


async def asked(desk: Desk, questions: Sequence[Question]) -> None:
    found = await measure_areas(desk, await snapshot(desk, Moment()), questions)
    assert found is not None
    assert len(found) == len(questions)


async def one_record(desk: Desk, model: Model, id_: str) -> tuple[float, float]:
    """Seconds from the page with an issue that is done to all its signals, and of these to ask."""
    item = (await desk.mirror.by_ids(JIRA, [id_]))[id_].item
    done = replace(
        item, status="Closed", category=StatusCategory.DONE, resolved=NOW, updated=NOW + timedelta(seconds=1)
    )
    area = next(area for area, known in model.areas.items() if offers(known.name, item))
    questions = [Question(above, with_below) for above in model.paths[area] for with_below in (False, True)]
    with Stopwatch() as whole:
        await take_records(desk, JIRA, Page((Pulled(done, b"{}"),)))
        with Stopwatch() as alone:
            await asked(desk, questions)
    return whole.spent.wall_s, alone.spent.wall_s


def offers(name: str, item: BacklogItem) -> bool:
    return name.lower().replace("-", " ") == item.components[0]


async def test_measuring_a_whole_organisation(databases: Databases, section: Callable[[str, str], Section]) -> None:
    shown = section("6. Signals of a whole organisation", ABOUT)
    small, large = await cost(databases, SMALL), await cost(databases, LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):
        what = f"{size:,} areas, {size * PER_AREA:,} issues"
        per_s = size * PER_AREA / told.work_out_s
        shown.add(f"{what}: read as text (limit)", f"{told.rows_s:.2f} s", "1.00")
        shown.add(f"{what}: read", f"{told.read_s:.2f} s, {told.columns_mb:.0f} MB", f"{told.read_s / told.rows_s:.2f}")
        figure = f"{told.measure_s:.2f} s, {told.measured_mb:.0f} MB"
        shown.add(f"{what}: measure", figure, f"{told.measure_s / told.rows_s:.2f}")
        shown.add(f"{what}: place", f"{told.place_s:.2f} s", f"{told.place_s / told.rows_s:.2f}")
        shown.add(f"{what}: work out", f"{told.work_out_s:.1f} s, {per_s:,.0f} issues/s")
        shown.add(f"{what}: first question", f"{told.first_s:.2f} s", f"{told.first_s / told.rows_s:.2f}")
        shown.add(f"{what}: a new minute", f"{told.minute_s * 1000:.0f} ms", f"{told.minute_s / told.rows_s:.2f}")
        shown.add(f"{what}: one record", f"{told.record_s * 1000:.1f} ms")
        shown.add(f"{what}: one record, the question alone", f"{told.asked_s * 1000:.1f} ms")
    for name, growth in (
        ("read", large.read_s / small.read_s),
        ("measure", large.measure_s / small.measure_s),
        ("one record", large.record_s / small.record_s),
        ("a new minute", large.minute_s / small.minute_s),
        ("one record, the question alone", large.asked_s / small.asked_s),
    ):
        shown.add(f"growth for ten times as much: {name}", f"{growth:.2f}", f"{growth:.2f}")
