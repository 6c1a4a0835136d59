"""How much of what makes work is there in each area, and what of that is known already?"""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from remit.domain.courses import Courses
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.ports import CountKey, CountRows
from remit.resolution.load import COLUMNS, Drivers, drivers_of, rows_of
from remit.resolution.signals.grouping import each_alone
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.samples import Ints
from remit.resolution.signals.series import measured_over
from remit.resolution.signals.windows import ending_with_the_day, windows
from remit.usecases.books import Book
from remit.usecases.desk import Desk
from remit.usecases.marks import Marks
from remit.usecases.measure_areas import is_settled
from remit.usecases.present_marks import present_marks
from remit.usecases.snapshot import Moment, Snapshot, zone_of

Counted = Mapping[AreaKey, Ints]


async def count_areas(desk: Desk, snap: Snapshot, areas: tuple[AreaKey, ...], days: int) -> Ints | None:
    """What makes work in each area, over the window asked about and each before it: rows as `drivers_from` reads them.

    None while it cannot be counted. Counts of the present stay until the records of their area change or a new day
    begins: only those are made anew. They go to the end of the day, since a record may come after the question and
    before its area is read: it is in the watermark then, and has to be in the counts.
    """
    spans = spans_counted(snap, days)
    if snap.moment != Moment():
        return rows_of(await _counted(desk, areas, spans))
    if not await is_settled(desk, snap):
        return None
    begin = tuple(span.start for span in spans)
    marks = await present_marks(desk)
    kept = desk.shelf.book(begin) or Book((), {}, marks, np.zeros((0, len(spans), COLUMNS), dtype=np.int64))
    fresh = await _fetched_or_counted(desk, snap, _stale(kept, areas, marks), spans)
    return desk.shelf.keep_book(begin, kept.rewritten(areas, marks, fresh)).rows


def spans_counted(snap: Snapshot, days: int) -> tuple[Window, ...]:
    """The window asked about and those before it, as records are counted over them."""
    ending = ending_with_the_day if snap.moment == Moment() else windows
    return ending(snap.as_of, zone_of(snap.model), days)


def counted_alone(courses: Courses, spans: Sequence[Window]) -> tuple[Drivers, ...]:
    """What makes work in each area of the courses, over each of the windows."""
    # Staleness, for which it matters whether anything happened since, makes no work.
    taken = measured_over(Columns(courses), each_alone(courses.areas), spans, Terms(), is_present=False)
    return tuple(map(drivers_of, taken))


def _stale(kept: Book, areas: tuple[AreaKey, ...], marks: Marks) -> Mapping[AreaKey, int]:
    """The watermarks of the areas to be counted: of which nothing is kept, or whose records have changed since."""
    risen = marks.since(kept.marks)
    if areas == kept.areas:
        return {area: mark for area, mark in risen.items() if area in kept.places}
    return {area: marks.by_area.get(area, 0) for area in areas if area in risen or area not in kept.places}


async def _fetched_or_counted(
    desk: Desk, snap: Snapshot, marks: Mapping[AreaKey, int], spans: Sequence[Window]
) -> Counted:
    """What another process has counted, and the others counted here, for other processes too."""
    begin = ",".join(span.start.isoformat() for span in spans)
    keys = {area: CountKey(area, snap.model.version, mark, begin) for area, mark in marks.items()}
    fetched = await _fetched(desk, keys.values(), len(spans))
    missing = tuple(area for area, key in keys.items() if key not in fetched)
    rows = rows_of(await _counted(desk, missing, spans)) if missing else ()
    fresh = dict(zip(missing, rows, strict=True))
    if fresh and desk.counts is not None:
        await desk.counts.put({keys[area]: tuple(map(tuple, rows.tolist())) for area, rows in fresh.items()})
    return {area: fresh[area] if area in fresh else np.array(fetched[key]) for area, key in keys.items()}


async def _fetched(desk: Desk, keys: Collection[CountKey], windows_: int) -> Mapping[CountKey, CountRows]:
    """Those of the right shape: what other programs keep under our names is no answer."""
    if desk.counts is None or not keys:
        return {}
    found = await desk.counts.get(tuple(keys))
    widths = [COLUMNS] * windows_
    return {key: rows for key, rows in found.items() if [len(row) for row in rows] == widths}


async def _counted(desk: Desk, areas: tuple[AreaKey, ...], spans: Sequence[Window]) -> tuple[Drivers, ...]:
    return await asyncio.to_thread(counted_alone, await desk.evidence.courses(areas), spans)
