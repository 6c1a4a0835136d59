"""Which records are behind a number that was measured of areas?"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from remit.domain.addresses import without_addresses
from remit.domain.courses import NamedCourses
from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Reading, Window
from remit.domain.model import grouped
from remit.domain.tracing import Part, TracedRecord
from remit.ports import Mirrored, MirroredFeedback
from remit.resolution.signals.catalogue import BY_NAME
from remit.resolution.signals.exchanging import only
from remit.resolution.signals.measuring import Columns
from remit.resolution.signals.tracing import Traced, Tracing
from remit.usecases.ask_signals import NOT_YET, require_names
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import NO_TERMS, is_settled
from remit.usecases.pages import Page, page_of
from remit.usecases.snapshot import Moment, Snapshot

Name = tuple[SourceName, str]


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """A page of the records behind a signal of these areas together, over a window."""

    areas: tuple[AreaKey, ...]
    signal: str
    window: Window
    first: int | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class TracedPage:
    """Records with a cursor each, and the number they come to, measured anew.

    `limit_days` is what their stretches of time are held against, where there is such a thing. `doubt` says why there
    are none yet.
    """

    records: tuple[TracedRecord, ...]
    page: Page
    reading: Reading
    limit_days: float | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A part of a page, before it is known what its records are called."""

    names: tuple[Name, ...]
    areas: tuple[AreaKey, ...]
    parts: tuple[Part, ...]
    page: Page
    reading: Reading
    limit_days: float | None


def can_be_traced(signal: str) -> bool:
    """Whether records are counted for the signal of that name."""
    return signal in BY_NAME


async def trace_signals(
    desk: Desk, snap: Snapshot, asked: Collection[TraceQuestion]
) -> Mapping[TraceQuestion, TracedPage]:
    """Of each question a page of its records: role by role as the signal has them, the weightiest first.

    A past window is looked at with what is known today, as the signal is. All records of the areas are read. The number
    of statements grows with the sources alone. Raises Invalid for a signal there is not, or a page there cannot be.
    """
    require_names([one.signal for one in asked])
    is_present = snap.moment == Moment()
    if is_present and not await is_settled(desk, snap):
        return {one: TracedPage((), page_of((), one.first, None), Reading(None, 0), None, NOT_YET) for one in asked}
    areas = tuple(dict.fromkeys(area for one in asked for area in one.areas))
    kinds = frozenset(BY_NAME[one.signal].about for one in asked)
    courses = await desk.evidence.named(areas, kinds)
    found = await asyncio.to_thread(_traced, courses, tuple(asked), is_present=is_present)
    issues, feedback = await _mirrored(desk, found)
    return {
        one: TracedPage(
            tuple(_record(BY_NAME[one.signal].about, *told, issues, feedback) for told in _told(page)),
            page.page,
            page.reading,
            page.limit_days,
        )
        for one, page in found.items()
    }


def _traced(
    courses: NamedCourses, asked: Sequence[TraceQuestion], *, is_present: bool
) -> Mapping[TraceQuestion, _Found]:
    """Records that are asked for together are looked at once, whatever number of them is to be traced."""
    found: dict[TraceQuestion, _Found] = {}
    for areas, questions in grouped((one.areas, one) for one in asked).items():
        mine = _of(courses, areas)
        columns = Columns(mine.courses)
        for window, of_it in grouped((one.window, one) for one in questions).items():
            tracing = Tracing(columns, window, NO_TERMS, is_present=is_present)
            found |= {one: _page(mine, tracing.of(one.signal), one) for one in of_it}
    return found


def _of(courses: NamedCourses, areas: Sequence[AreaKey]) -> NamedCourses:
    """The courses of some of the areas."""
    if set(areas) == set(courses.courses.areas):
        return courses
    places = [place for place, area in enumerate(courses.courses.areas) if area in frozenset(areas)]
    rows = np.flatnonzero(np.isin(np.asarray(courses.courses.area), places))
    return NamedCourses(only(courses.courses, areas), tuple(courses.names[row] for row in rows))


def _page(courses: NamedCourses, traced: Traced, asked: TraceQuestion) -> _Found:
    page = page_of(_Keys(courses.names, traced), asked.first, asked.after)
    numbers = range(page.start, page.start + len(page.keys))
    places = [int(traced.places[number]) for number in numbers]
    return _Found(
        names=tuple(courses.names[place] for place in places),
        areas=tuple(courses.courses.areas[courses.courses.area[place]] for place in places),
        parts=tuple(traced.part(number) for number in numbers),
        page=page,
        reading=traced.reading,
        limit_days=traced.limit_days,
    )


class _Keys(Sequence[str]):
    """What stands for each record in cursors, made when it is looked at: there may be a million."""

    def __init__(self, names: Sequence[Name], traced: Traced) -> None:
        self._names, self._traced = names, traced

    def __len__(self) -> int:
        return len(self._traced)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        source, id_ = self._names[int(self._traced.places[number])]
        return f"{self._traced.roles[number].counts_as} {source} {id_}"


async def _mirrored(
    desk: Desk, found: Mapping[TraceQuestion, _Found]
) -> tuple[Mapping[Name, Mirrored], Mapping[Name, MirroredFeedback]]:
    """Issues and feedback by name. An issue may be feedback as well, of whose text other things may be told."""
    ids: dict[SourceName, set[str]] = {}
    for page in found.values():
        for source, id_ in page.names:
            ids.setdefault(source, set()).add(id_)
    issues: dict[Name, Mirrored] = {}
    feedback: dict[Name, MirroredFeedback] = {}
    for source, mine in sorted(ids.items()):
        issues |= {(source, id_): one for id_, one in (await desk.mirror.by_ids(source, mine)).items()}
        feedback |= {(source, id_): one for id_, one in (await desk.mirror.feedback.by_ids(source, mine)).items()}
    return issues, feedback


def _told(found: _Found) -> Iterator[tuple[Name, AreaKey, Part]]:
    return zip(found.names, found.areas, found.parts, strict=True)


def _record(
    kind: RecordKind,
    name: Name,
    area: AreaKey,
    part: Part,
    issues: Mapping[Name, Mirrored],
    feedback: Mapping[Name, MirroredFeedback],
) -> TracedRecord:
    """Of what customers wrote as much is told as is kept of feedback, and nothing of what is gone."""
    issue, heard = issues.get(name), feedback.get(name)
    mirrored = heard if kind is RecordKind.FEEDBACK else issue
    is_gone = mirrored is None or mirrored.gone_at is not None
    text = heard.item.excerpt if heard is not None else without_addresses(issue.item.summary) if issue else ""
    key = issue.item.key if issue is not None else name[1]
    return TracedRecord(*name, kind, area, key, text or None if not is_gone else None, is_gone, part)
