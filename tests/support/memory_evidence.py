"""An `EvidenceStore` in memory, over a mirror in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from remit.domain.courses import Courses, Moving, NamedCourses, pack
from remit.domain.evidence import Acts, Course, RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Window
from remit.domain.records import History, Reference, SeenEvent, is_custom
from remit.domain.tallies import Tally
from remit.ports import Basis
from remit.ports.evidence import NO_BASIS
from support.memory_days import MemoryDays
from support.memory_mirror import MemoryMirror
from support.memory_moving import moving


def _unnamed_last(counted: tuple[tuple[SourceName, str | None, AreaKey, str, bool], int]) -> object:
    source, account, *rest = counted[0]
    return source, account is None, account or "", rest


class MemoryEvidence:
    """Reads the courses that the mirror was given, and writes them there."""

    def __init__(self, mirror: MemoryMirror) -> None:
        self._mirror = mirror
        self.days = MemoryDays()

    async def changes(self, source: SourceName, ids: Collection[str]) -> Mapping[str, tuple[SeenEvent, ...]]:
        found: dict[str, list[SeenEvent]] = defaultdict(list)
        for (of, id_, _, _), seen in sorted(
            self._mirror.events.items(), key=lambda entry: (entry[1].event.at, entry[0])
        ):
            if of == source and id_ in ids:
                found[id_].append(seen)
        return {id_: tuple(events) for id_, events in found.items()}

    async def statuses(self, source: SourceName) -> Sequence[Reference]:
        references = sorted(self._mirror.references.items())
        return [told for (of, kind, _), told in references if (of, kind) == (source, "status")]

    async def courses(self, areas: Sequence[AreaKey]) -> Courses:
        return pack(areas, self._mirror.courses.values())

    async def named(self, areas: Sequence[AreaKey], kinds: Collection[RecordKind]) -> NamedCourses:
        found = [one for one in self._mirror.courses.values() if one.area in areas and one.kind in kinds]
        found.sort(key=lambda one: (one.source, one.id, one.kind))
        return NamedCourses(pack(areas, found), tuple((one.source, one.id) for one in found))

    async def acts(self, areas: Collection[AreaKey], window: Window) -> tuple[Acts, ...]:
        counts: Counter[tuple[SourceName, str | None, AreaKey, str, bool]] = Counter()
        seen: set[tuple[SourceName, str, str, str, bool]] = set()
        for (source, id_, change, _), told in self._mirror.events.items():
            course = self._mirror.courses.get((source, RecordKind.BACKLOG, id_))
            event, trace = told.event, told.event.field.lower()
            area = course.area if course is not None else None
            at = min(event.at, told.seen_at)
            if area not in areas or area is None or not window.start <= at < window.end:
                continue
            if (source, id_, change, trace, is_custom(event)) not in seen:
                seen.add((source, id_, change, trace, is_custom(event)))
                counts[source, event.author, area, trace, is_custom(event)] += 1
        for act in self._mirror.feedback.acts.values():
            answered = self._mirror.courses.get((act.source, RecordKind.FEEDBACK, act.item_id))
            area = answered.area if answered is not None else None
            if area in areas and area is not None and window.start <= act.at < window.end:
                counts[act.source, act.author, area, f"feedback {act.kind}", False] += 1
        return tuple(Acts(*who, count, custom) for (*who, custom), count in sorted(counts.items(), key=_unnamed_last))

    async def silent(self) -> Mapping[RecordKind, frozenset[SourceName]]:
        events = {of for (of, *_), seen in self._mirror.events.items() if seen.event.author is not None}
        acts = {of for (of, *_), act in self._mirror.feedback.acts.items() if act.author is not None}
        issues = {of for (of, _), row in self._mirror.items.items() if row.gone_at is None}
        feedback = {of for (of, _), row in self._mirror.feedback.items.items() if row.gone_at is None}
        return {RecordKind.BACKLOG: frozenset(issues - events), RecordKind.FEEDBACK: frozenset(feedback - acts)}

    async def basis(self) -> Mapping[SourceName, Basis]:
        return {
            source: self._mirror.basis.get(source, NO_BASIS) for source in sorted({of for of, _ in self._mirror.items})
        }

    async def after(self, source: SourceName, id_: str, most: int) -> tuple[tuple[History, datetime | None], ...]:
        ids = sorted(id_told for of, id_told in self._mirror.items if of == source and id_told > id_)[:most]
        return tuple((self._mirror._history(source, one), self._mirror.items[source, one].gone_at) for one in ids)

    async def rewrite(self, courses: Sequence[Course]) -> None:
        for course in courses:
            name = course.source, course.kind, course.id
            there = self._mirror.courses.get(name)
            self._mirror.courses[name] = replace(course, area=there.area if there is not None else course.area)

    async def alike(self, epics: Collection[str]) -> tuple[Tally, ...]:
        counts = Counter(self._like(*name, epics) for name in self._mirror.items)
        return tuple(replace(tally, count=count) for tally, count in counts.items())

    async def moving(
        self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None], within: Sequence[AreaKey]
    ) -> Moving:
        alike = {replace(tally, count=0): area for tally, area in areas.items()}
        pairs = []
        for (source, kind, id_), course in self._mirror.courses.items():
            if kind is RecordKind.BACKLOG and (like := self._like(source, id_, epics)) in alike:
                area = None if self._mirror.is_request(source, id_) else alike[like]
                pairs.append((course, replace(course, area=area)))
        return moving(pairs, within)

    async def place(self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None]) -> None:
        alike = {replace(tally, count=0): area for tally, area in areas.items()}
        for (source, kind, id_), course in self._mirror.courses.items():
            if kind is RecordKind.BACKLOG:
                area = None if self._mirror.is_request(source, id_) else alike[self._like(source, id_, epics)]
                self._mirror.courses[source, kind, id_] = replace(course, area=area)
        there = {course.area for course in self._mirror.courses.values() if course.area is not None}
        self._mirror.marks.update({*self._mirror.marks, *there})

    async def are_parents(self, source: SourceName, keys: Collection[str]) -> bool:
        return any(of == source and row.item.parent in keys for (of, _), row in self._mirror.items.items())

    async def settle(self, source: SourceName, basis: Basis) -> None:
        self._mirror.basis[source] = basis

    def _like(self, source: SourceName, id_: str, epics: Collection[str]) -> Tally:
        item = self._mirror.items[source, id_].item
        above = self._mirror.above(source, id_) & set(epics)
        return Tally(source, item.project, item.type, item.components, item.labels, item.team, tuple(sorted(above)), 0)
