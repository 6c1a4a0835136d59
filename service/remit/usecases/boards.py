"""What is measured at present, kept in this process on boards, and brought up to date area by area."""

import threading
from asyncio import Lock
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from weakref import WeakValueDictionary

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.resolution.signals.board import Board
from remit.resolution.signals.exchanging import only
from remit.resolution.signals.windows import length_days
from remit.usecases.marks import Marks
from remit.usecases.measurements import Measurement, Question, measurements

MOST_RECORDS, MOST_BOARDS = 2_000_000, 256
"""A million records in ten thousand areas hold some 400 MB (measured 2026-11)."""

MarkOf = Mapping[AreaKey, int]
Name = tuple[str, tuple[Window, ...]]
"""The tree, and the windows that are over: a board of others is of no use."""


class KeptBoard:
    """A board beside the watermarks its areas were read at. Any thread may use it, one at a time."""

    def __init__(self, name: Name, model: Model, board: Board, marks: MarkOf, records: int) -> None:
        self.name, self.records = name, records
        self._board, self._marks, self._seen = board, dict(marks), Marks()
        self._paths = model.paths
        self._areas = frozenset(board.areas)
        self._whole = _whole(model, board.areas)
        self._one_at_a_time = threading.Lock()

    def covers(self, question: Question) -> bool:
        """Whether everything is here that the question counts."""
        return question.area in (self._whole if question.with_below else self._areas)

    def stale(self, marks: MarkOf) -> list[AreaKey]:
        """Which of these areas, of those that are here, were read at an earlier watermark."""
        return [area for area, mark in marks.items() if area in self._areas and self._marks[area] < mark]

    def late(self, asked: Collection[Question], marks: Marks) -> tuple[MarkOf, Marks | None]:
        """Which areas that are asked about have changed since they were read, and when all of them are up to date then.

        Only what has changed since somebody last looked is looked through, however many areas are here.
        """
        changed = marks.since(self._seen)
        stale = self.stale(changed)
        alone = {question.area for question in asked}
        above = {question.area for question in asked if question.with_below}
        mine = [area for area in stale if area in alone or not above.isdisjoint(self._paths[area])]
        return {area: changed[area] for area in mine}, marks if len(mine) == len(stale) else None

    def told(
        self, asked: Iterable[Question], courses: Courses, marks: MarkOf, present: Window, seen: Marks | None = None
    ) -> Mapping[Question, tuple[Measurement, ...]]:
        """What is asked, with these courses, which were read at these watermarks, and up to the present or later.
        `seen` tells as of when all areas are up to date with them.

        A question that was given up leaves its thread running, and one that read its courses earlier may come later, so
        that either may find the board further than itself: a board is never taken back.
        """
        with self._one_at_a_time:
            if newer := [area for area in courses.areas if self._marks[area] < marks[area]]:
                self._board.take(courses if len(newer) == len(courses.areas) else only(courses, newer))
                self._marks |= {area: marks[area] for area in newer}
            self._seen = seen or self._seen
            if present.end > self._board.present.end:
                self._board.roll(present)
            shown = self._board.show(tuple(dict.fromkeys(question.area for question in asked)))
        places = {area: place for place, area in enumerate(shown.areas)}
        return {
            one: measurements(shown.below if one.with_below else shown.own, places[one.area], self._board.present)
            for one in asked
        }


class Boards:
    """Boards of this process, the longest unused leave first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, KeptBoard] = OrderedDict()
        self._building: WeakValueDictionary[object, Lock] = WeakValueDictionary()

    def of(self, name: Name, question: Question) -> KeptBoard | None:
        """One that has all the question is about."""
        for key, kept in reversed(self._kept.items()):
            if kept.name == name and kept.covers(question):
                self._kept.move_to_end(key)
                return kept
        return None

    def keep(self, board: KeptBoard) -> None:
        """This one is there from now on, and those of an earlier day with windows as long are not."""
        over = [key for key, kept in self._kept.items() if _is_later(board.name, kept.name)]
        for key in over:
            del self._kept[key]
        self._kept[id(board)] = board
        while len(self._kept) > MOST_BOARDS or (len(self._kept) > 1 and self._records > MOST_RECORDS):
            self._kept.popitem(last=False)

    def building(self, name: Name, asked: Collection[Question]) -> Lock:
        """Held by whoever builds a board for these questions, so that others who ask the same wait for it."""
        key = name, frozenset(asked)
        lock = self._building.get(key)
        if lock is None:
            lock = self._building[key] = Lock()
        return lock

    @property
    def _records(self) -> int:
        return sum(kept.records for kept in self._kept.values())


def _is_later(name: Name, other: Name) -> bool:
    """Whether windows as long begin a day or more later. One with a change of clocks in it is as long, too."""
    (_, windows), (_, others) = name, other
    return round(length_days(windows[0])) == round(length_days(others[0])) and windows[0].start > others[0].start


def _whole(model: Model, areas: Collection[AreaKey]) -> frozenset[AreaKey]:
    """Those of the areas that are there with everything below them."""
    here = frozenset(areas)
    missing = {above for area, path in model.paths.items() if area not in here for above in path}
    return here - missing
