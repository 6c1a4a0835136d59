"""A `FeedbackStore` in memory, over the courses and watermarks of a mirror in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from remit.domain.courses import Moving
from remit.domain.evidence import Course, RecordKind
from remit.domain.feedback import FeedbackAct, FeedbackItem, FeedbackState
from remit.domain.feedback_lists import FeedbackExcerpt, FeedbackPage
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Loss
from remit.domain.tallies import FeedbackTally
from remit.ports import Intake, MirroredFeedback
from remit.ports.evidence import OUTDATED
from remit.ports.feedback import Alike
from support.memory_moving import moving

OPEN = (FeedbackState.NEW, FeedbackState.TRIAGED)
Courses = MutableMapping[tuple[SourceName, RecordKind, str], Course]


class MemoryFeedback:
    """What was said, newest version per item."""

    def __init__(self, courses: Courses, marks: Counter[AreaKey]) -> None:
        self.items: dict[tuple[SourceName, str], MirroredFeedback] = {}
        self.acts: dict[tuple[SourceName, str, str], FeedbackAct] = {}
        self.raw: dict[tuple[SourceName, str], bytes] = {}
        self._basis: dict[SourceName, str] = {}
        self._courses, self._marks = courses, marks

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, MirroredFeedback]:
        return {id_: self._whole(source, id_) for id_ in ids if (source, id_) in self.items}

    async def pages(self, asked: Collection[FeedbackExcerpt]) -> Mapping[FeedbackExcerpt, FeedbackPage]:
        return {one: self._page(one) for one in asked}

    async def outdated(self, selectors: str) -> tuple[SourceName, ...]:
        return tuple(sorted(source for source, there in self._basis.items() if there != selectors))

    async def alike(self) -> tuple[Alike, ...]:
        return tuple(dict.fromkeys((source, row.item.offers) for (source, _), row in self.items.items()))

    async def tallies(self, since: datetime) -> tuple[FeedbackTally, ...]:
        there = (row.item for row in self.items.values() if row.gone_at is None)
        told = Counter((one.source, one.offers) for one in there if one.state in OPEN or one.created >= since)
        return tuple(FeedbackTally(*alike, count) for alike, count in sorted(told.items()))

    async def moving(self, areas: Mapping[Alike, AreaKey | None], within: Sequence[AreaKey]) -> Moving:
        told = [
            (row.item, self._courses[source, RecordKind.FEEDBACK, id_]) for (source, id_), row in self.items.items()
        ]
        placed = [(item, course) for item, course in told if (item.source, item.offers) in areas]
        return moving(
            [(course, replace(course, area=areas[item.source, item.offers])) for item, course in placed], within
        )

    async def place(self, areas: Mapping[Alike, AreaKey | None], selectors: str) -> None:
        self._raise()
        for (source, id_), row in self.items.items():
            name = source, RecordKind.FEEDBACK, id_
            if (source, row.item.offers) in areas:
                self._courses[name] = replace(self._courses[name], area=areas[source, row.item.offers])
        self._raise()
        self._basis = dict.fromkeys(self._basis, selectors)

    def present(self, source: SourceName) -> frozenset[str]:
        return frozenset(id_ for (of, id_), row in self.items.items() if of == source and row.gone_at is None)

    def take(self, page: Intake) -> None:
        """Before the page's courses."""
        told = page.feedback
        if told.items:
            there = self._basis.get(page.source, told.selectors)
            self._basis[page.source] = told.selectors if there == told.selectors else OUTDATED
        for pulled in told.items:
            name = page.source, pulled.item.id
            row = self.items.get(name)
            if row is None or _gives_way(row, pulled.item, page.asked_at):
                read_at = page.at if pulled.item.is_dated_after(page.at) else None
                first_seen = row.first_seen if row is not None else page.at
                self.items[name] = MirroredFeedback(pulled.item, first_seen, read_at=read_at)
                self.raw[name] = pulled.raw
        for act in told.acts:
            self.acts.setdefault((act.source, act.item_id, act.id), act)
        for gone in told.gone:
            self._lose(page.source, gone.id, gone.at, gone.how)

    def _lose(self, source: SourceName, id_: str, at: datetime, how: Loss) -> None:
        row = self.items.get((source, id_))
        if row is not None and (row.gone_at is None or how is Loss.DELETED):
            self.items[source, id_] = replace(row, gone_at=row.gone_at or at, gone_how=how)
            name = source, RecordKind.FEEDBACK, id_
            self._courses[name] = replace(self._courses[name], gone_at=self._courses[name].gone_at or at)

    def _page(self, asked: FeedbackExcerpt) -> FeedbackPage:
        found = sorted(
            (row.item for row in self.items.values() if row.gone_at is None and self._is_meant(row.item, asked)),
            key=lambda item: (-item.created.timestamp(), item.source, item.id),
        )
        start = 0
        if (place := asked.after) is not None:
            start = sum(
                (-one.created.timestamp(), one.source, one.id) <= (-place.created.timestamp(), place.source, place.id)
                for one in found
            )
        end = start + asked.first
        return FeedbackPage(tuple(found[start:end]), len(found), end < len(found))

    def _is_meant(self, item: FeedbackItem, asked: FeedbackExcerpt) -> bool:
        area = self._courses[item.source, RecordKind.FEEDBACK, item.id].area
        return (
            (asked.areas is None or area in asked.areas)
            and (not asked.unplaced or area is None)
            and asked.source in (None, item.source)
            and asked.state in (None, item.state)
            and (asked.created_after is None or item.created >= asked.created_after)
            and (asked.created_before is None or item.created < asked.created_before)
        )

    def _raise(self) -> None:
        of_feedback = [course for name, course in self._courses.items() if name[1] is RecordKind.FEEDBACK]
        self._marks.update({course.area for course in of_feedback if course.area is not None})

    def _whole(self, source: SourceName, id_: str) -> MirroredFeedback:
        acts = [act for name, act in self.acts.items() if name[:2] == (source, id_)]
        return replace(self.items[source, id_], acts=tuple(sorted(acts, key=lambda act: (act.at, act.id))))


def _gives_way(row: MirroredFeedback, item: FeedbackItem, asked_at: datetime | None) -> bool:
    if row.gone_at is None:
        return item.updated >= row.item.updated
    return item.updated > row.gone_at or (asked_at is not None and row.gone_at <= asked_at)
