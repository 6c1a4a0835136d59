"""What is measured of areas at present: of one changed record only its area is read again.

It is kept on boards in this process, and what it came to in Redis, for other processes, as long as the minute runs.
"""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import sha256

from remit.domain.courses import Courses
from remit.domain.load import Window
from remit.domain.model import Model
from remit.ports import SignalKey
from remit.resolution.signals.board import Board
from remit.resolution.signals.exchanging import only
from remit.resolution.signals.measuring import Terms
from remit.usecases.boards import KeptBoard, Name
from remit.usecases.desk import Desk
from remit.usecases.marks import Marks
from remit.usecases.measurements import Measurement, Question, figures, measurements_from
from remit.usecases.present_marks import present_marks

Told = Mapping[Question, tuple[Measurement, ...]]
NOTHING = Courses(())


async def measure_now(desk: Desk, model: Model, asked: Sequence[Question], spans: tuple[Window, ...]) -> Told:
    """What boards of this process tell, or another process has told this minute; for the rest a board is built.

    Watermarks are read before courses: what changes in between is read once more, and never missed. A board may have
    been taken into the next minute meanwhile, which its measurements then tell.
    """
    marks = await present_marks(desk)
    name = model.tree, spans[1:]
    boards = {question: board for question in asked if (board := desk.boards.of(name, question)) is not None}
    fetched = await _fetched(desk, _keys(desk, model, [one for one in asked if one not in boards], marks, spans), spans)
    missing = [question for question in asked if question not in boards and question not in fetched]
    if missing:
        async with desk.boards.building(name, missing):
            boards |= await _built(desk, model, name, missing, marks, spans)
    told = await _told(desk, boards, marks, spans[0])
    fresh = [question for question in missing if told[question][0].window == spans[0]]
    await _put(desk, _keys(desk, model, fresh, marks, spans), told)
    return {question: fetched[question] if question in fetched else told[question] for question in asked}


async def _built(
    desk: Desk, model: Model, name: Name, asked: Sequence[Question], marks: Marks, spans: tuple[Window, ...]
) -> Mapping[Question, KeptBoard]:
    """A board for all of these questions, unless whoever asked the same just before has built it."""
    found = {question: board for question in asked if (board := desk.boards.of(name, question)) is not None}
    rest = [question for question in asked if question not in found]
    if not rest:
        return found
    areas = tuple(dict.fromkeys(area for question in rest for area in question.areas(model)))
    courses = await desk.evidence.courses(areas)
    built = await asyncio.to_thread(lambda: Board(model, courses, spans, Terms(), is_present=True))
    kept = KeptBoard(name, model, built, {area: marks.by_area.get(area, 0) for area in areas}, len(courses))
    desk.boards.keep(kept)
    return found | dict.fromkeys(rest, kept)


async def _told(desk: Desk, boards: Mapping[Question, KeptBoard], marks: Marks, present: Window) -> Told:
    """What these boards tell, once the areas that have changed are read anew."""
    groups: dict[KeptBoard, list[Question]] = {}
    for question, board in boards.items():
        groups.setdefault(board, []).append(question)
    late = {board: board.late(asked, marks) for board, asked in groups.items()}
    areas = tuple(dict.fromkeys(area for found, _ in late.values() for area in found))
    courses = await desk.evidence.courses(areas) if areas else NOTHING

    def told() -> dict[Question, tuple[Measurement, ...]]:
        found: dict[Question, tuple[Measurement, ...]] = {}
        for board, asked in groups.items():
            mine, seen = late[board]
            found |= board.told(asked, only(courses, tuple(mine)) if mine else NOTHING, mine, present, seen)
        return found

    return await asyncio.to_thread(told)


def _keys(
    desk: Desk, model: Model, asked: Sequence[Question], marks: Marks, spans: Sequence[Window]
) -> Mapping[Question, SignalKey]:
    """Where what is asked is kept; nowhere, if nothing is."""
    if desk.signals is None:
        return {}
    begin = ",".join([*(span.start.isoformat() for span in spans), spans[0].end.isoformat()])
    return {one: SignalKey(one.area, one.with_below, model.tree, _digest(one, model, marks), begin) for one in asked}


def _digest(question: Question, model: Model, marks: Marks) -> str:
    told = [(area, marks.by_area.get(area, 0)) for area in question.areas(model)]
    return sha256(repr(told).encode()).hexdigest()[:16]


async def _fetched(desk: Desk, keys: Mapping[Question, SignalKey], spans: Sequence[Window]) -> Told:
    if desk.signals is None or not keys:
        return {}
    found = await desk.signals.get(tuple(keys.values()))
    kept = {one: measurements_from(found[key], spans[0]) for one, key in keys.items() if key in found}
    return {question: told for question, told in kept.items() if told is not None}


async def _put(desk: Desk, keys: Mapping[Question, SignalKey], told: Told) -> None:
    if desk.signals is not None and keys:
        await desk.signals.put({key: figures(told[one]) for one, key in keys.items()})
