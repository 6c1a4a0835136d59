"""A `MirrorStore` and `Leases` in memory, with the same promises as those in PostgreSQL."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, replace
from datetime import UTC, datetime

from remit.domain.areas import Criterion
from remit.domain.evidence import Course, RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import (
    DEEPEST,
    PARENT_FIELDS,
    BacklogItem,
    History,
    Lapse,
    Loss,
    Reference,
    SeenEvent,
    StatusCategory,
    criteria_of,
    former_key,
    normalised,
)
from remit.domain.tallies import Account, Tally, Vocabulary
from remit.ports import SUCCESSES_KEPT_FOR, Basis, Counts, Held, Intake, Mirrored, SourceState
from remit.ports.evidence import NO_BASIS, OUTDATED
from support.memory_feedback import MemoryFeedback
from support.memory_marks import MemoryMarks
from support.memory_parked import MemoryParked
from support.memory_rows import Row, gives_way, lapse_of


class MemoryMirror(MemoryMarks):
    """What the sources told, newest version per record."""

    def __init__(self) -> None:
        self.items: dict[tuple[SourceName, str], Row] = {}
        self.events: dict[tuple[SourceName, str, str, int], SeenEvent] = {}
        self.parked = MemoryParked()
        self.references: dict[tuple[SourceName, str, str], Reference] = {}
        self._keys: dict[tuple[SourceName, str], str] = {}
        self._states: dict[SourceName, SourceState] = {}
        self._successes: dict[SourceName, set[datetime]] = defaultdict(set)
        self.lapses: dict[tuple[SourceName, str], list[Lapse]] = defaultdict(list)
        self.marks: Counter[AreaKey] = Counter()
        self.courses: dict[tuple[SourceName, RecordKind, str], Course] = {}
        self.basis: dict[SourceName, Basis] = {}
        self.feedback = MemoryFeedback(self.courses, self.marks)

    async def by_keys(self, keys: Collection[str]) -> Mapping[str, Mirrored]:
        found: dict[str, Mirrored] = {}
        for (source, key), id_ in sorted(self._keys.items()):
            if key in keys and (source, id_) in self.items:
                found.setdefault(key, self._mirrored(source, id_))
        return found

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, Mirrored]:
        return {id_: self._mirrored(source, id_) for id_ in ids if (source, id_) in self.items}

    def _mirrored(self, source: SourceName, id_: str) -> Mirrored:
        row = self.items[source, id_]
        former = tuple(key for key in self._keys_of(source, id_) if key != row.item.key)
        lineage = self._lineage(source, row.item)
        is_request = self.is_request(source, id_)
        return Mirrored(row.item, lineage, row.first_seen, row.gone_at, row.gone_how, former, is_request, row.read_at)

    def is_request(self, source: SourceName, id_: str) -> bool:
        said = self.feedback.items.get((source, id_))
        return said is not None and said.gone_at in (None, self.items[source, id_].gone_at)

    def _keys_of(self, source: SourceName, id_: str) -> list[str]:
        return sorted(key for (of, key), named in self._keys.items() if (of, named) == (source, id_))

    async def histories(self, keys: Collection[str]) -> tuple[History, ...]:
        reached = {(source, id_) for (source, key), id_ in self._keys.items() if key in keys}
        for _ in range(DEEPEST):
            reached |= {above for one in reached for above in self._ever_above(*one)}
        return tuple(self._history(source, id_) for source, id_ in sorted(reached & self.items.keys()))

    def _history(self, source: SourceName, id_: str) -> History:
        row = self.items[source, id_]
        events = [event for name, event in sorted(self.events.items()) if name[:2] == (source, id_)]
        in_order = tuple(sorted(events, key=lambda seen: seen.event.at))
        keys, lapses = tuple(self._keys_of(source, id_)), tuple(self.lapses[source, id_])
        return History(row.item, keys, row.first_seen, in_order, lapses, row.read_at)

    def _ever_above(self, source: SourceName, id_: str) -> Iterator[tuple[SourceName, str]]:
        told = [self.items[source, id_].item.parent] if (source, id_) in self.items else []
        for name, seen in self.events.items():
            if name[:2] == (source, id_) and seen.event.field.lower() in PARENT_FIELDS:
                told += [seen.event.from_text, seen.event.to_text]
                yield from ((source, value) for value in (seen.event.from_value, seen.event.to_value) if value)
        yield from ((source, self._keys[source, key]) for key in told if key and (source, key) in self._keys)

    def _lineage(self, source: SourceName, item: BacklogItem) -> tuple[str, ...]:
        """Of each ancestor the key its child tells, the one it has now, and its others; ends before a repeat."""
        lineage: list[str] = []
        seen = {item.id}
        told = item.parent
        for _ in range(DEEPEST):
            if told is None:
                break
            above = self._keys.get((source, told))
            if above in seen:
                break
            row = self.items.get((source, above)) if above is not None else None
            lineage.append(told)
            if row is None or above is None:
                break
            others = {row.item.key: None} | dict.fromkeys(self._keys_of(source, above))
            lineage += [key for key in others if key != told]
            seen.add(row.item.id)
            told = row.item.parent
        return tuple(lineage)

    async def present(self, source: SourceName) -> frozenset[str]:
        of_backlog = (id_ for (of, id_), row in self.items.items() if of == source and row.gone_at is None)
        return frozenset(of_backlog) | self.feedback.present(source)

    async def take(self, intake: Intake) -> None:
        self._rest_on(intake.source, intake.basis)
        self.feedback.take(intake)
        for course in intake.courses:
            self._follow(course)
        for pulled in intake.items:
            name = intake.source, pulled.item.id
            there = self.items.get(name)
            if there is None or gives_way(there, pulled.item, intake.asked_at):
                first_seen = there.first_seen if there is not None else intake.at
                read_at = intake.at if pulled.item.is_dated_after(intake.at) else None
                self.lapses[name] += lapse_of(there, intake.asked_at)
                self.items[name] = Row(pulled.item, pulled.raw, first_seen, read_at=read_at)
        told = {(one.source, one.item_id, one.change_id, one.position): one for one in intake.events}
        for change, event in told.items():
            self.events.setdefault(change, SeenEvent(event, intake.at))
            if (former := former_key(event)) is not None:
                self._keys[intake.source, former] = event.item_id
        for pulled in intake.items:
            self._keys[intake.source, pulled.item.key] = pulled.item.id
        for gone in intake.gone:
            there = self.items.get((intake.source, gone.id))
            if there is not None and (there.gone_at is None or gone.how is Loss.DELETED):
                self.lose(intake.source, gone.id, there.gone_at or gone.at, gone.how)
        self.parked.take(intake)
        self.marks.update(intake.touched)
        state = self._state(intake.source)
        self._states[intake.source] = replace(state, cursor=intake.cursor or state.cursor, last_attempt_at=intake.at)

    async def refer(self, source: SourceName, references: Sequence[Reference]) -> None:
        self.references |= {(source, reference.kind, reference.id): reference for reference in references}

    async def sources(self, known_at: datetime | None = None) -> tuple[SourceState, ...]:
        states = [self._states[name] for name in sorted(self._states)]
        return tuple(states if known_at is None else [self._then(state.name, known_at) for state in states])

    def _then(self, source: SourceName, known_at: datetime) -> SourceState:
        successes = [at for at in self._successes[source] if at <= known_at]
        return SourceState(source, last_success_at=max(successes, default=None))

    async def counts(self) -> Mapping[SourceName, Counts]:
        rows = [*self.items.items(), *self.feedback.items.items()]
        held = Counter(source for (source, _), row in rows if row.gone_at is None)
        waiting = Counter(source for source, _ in self.parked)
        return {source: Counts(held[source], waiting[source]) for source in {*held, *waiting}}

    async def forget_parked(self, source: SourceName, before: datetime) -> None:
        self.parked.forget(source, before)

    async def tallies(self, epics: Collection[str]) -> tuple[Tally, ...]:
        counts: Counter[Tally] = Counter()
        for (source, id_), row in self.items.items():
            item = row.item
            if row.gone_at is None and item.category is not StatusCategory.DONE:
                above = self.above(source, id_) & set(epics)
                many = (tuple(sorted(set(told))) for told in (item.components, item.labels, item.team))
                counts[Tally(source, item.project, item.type, *many, tuple(sorted(above)), 0)] += 1
        return tuple(sorted((replace(tally, count=n) for tally, n in counts.items()), key=repr))

    async def accounts(self) -> tuple[Account, ...]:
        present = [(source, row.item) for (source, _), row in self.items.items() if row.gone_at is None]
        assigned = Counter((source, item.assignee) for source, item in present if item.assignee is not None)
        reported = Counter((source, item.reporter) for source, item in present if item.reporter is not None)
        both = Counter((source, item.reporter) for source, item in present if item.reporter == item.assignee)
        users = {(source, id_): one for (source, kind, id_), one in self.references.items() if kind == "user"}
        names = {who: one.name for who, one in users.items()}
        emails = {who: one.email for who, one in users.items()}
        return tuple(
            Account(
                *who,
                names.get(who) or None,
                assigned[who] + reported[who] - both[who],
                assigned[who],
                reported[who],
                emails.get(who),
            )
            for who in sorted({*assigned, *reported})
        )

    async def emails(self, accounts: Collection[tuple[SourceName, str]]) -> Mapping[tuple[SourceName, str], str]:
        users = {(source, id_): one for (source, kind, id_), one in self.references.items() if kind == "user"}
        return {who: email for who in accounts if who in users and (email := users[who].email) is not None}

    async def addressed(self, emails: Collection[str]) -> Mapping[tuple[SourceName, str], str]:
        wanted = {email.lower() for email in emails}
        users = {(source, id_): one.email for (source, kind, id_), one in self.references.items() if kind == "user"}
        return {who: email for who, email in users.items() if email is not None and email.lower() in wanted}

    async def vocabulary(self, epics: Collection[str]) -> Vocabulary:
        offered = [criteria_of(row.item) for row in self.items.values()]
        used = {one: {name for criteria in offered for name in criteria[one]} for one in Criterion}
        references = self.references.values()
        used[Criterion.PROJECT] |= {one.key for one in references if one.kind == "project" and one.key is not None}
        used[Criterion.COMPONENT] |= {one.name for one in references if one.kind == "component"}
        keys = {key for _, key in self._keys} | {row.item.parent for row in self.items.values()}
        used[Criterion.EPIC] = {epic for epic in epics if epic in keys}
        return {criterion: frozenset(map(normalised, names)) for criterion, names in used.items()}

    async def attempted(
        self,
        source: SourceName,
        at: datetime,
        trouble: str | None,
        *,
        failures: int = 1,
        retry_at: datetime | None = None,
    ) -> None:
        state = replace(self._state(source), last_attempt_at=at)
        told = {"trouble": trouble, "failures": failures, "retry_at": retry_at}
        self._states[source] = replace(state, **told) if trouble is not None else state

    async def succeeded(
        self, source: SourceName, at: datetime, cursor: bytes | None, trouble: str | None = None
    ) -> None:
        self._states[source] = SourceState(source, cursor, at, at, trouble)
        old, recent = set[datetime](), set[datetime]()
        for success in {*self._successes[source], at}:
            (old if success < at - SUCCESSES_KEPT_FOR else recent).add(success)
        newest = {success.astimezone(UTC).date(): success for success in sorted(old)}
        self._successes[source] = recent | set(newest.values())

    def _rest_on(self, source: SourceName, basis: Basis) -> None:
        """What courses rest on that were written before: the same, or something that has to be computed anew."""
        is_late = source not in self.basis and any(of == source for of, _ in self.items)
        there = NO_BASIS if is_late else self.basis.get(source, basis)
        if basis != NO_BASIS:
            kept = (
                old if old in (new, "") else OUTDATED for old, new in zip(astuple(there), astuple(basis), strict=True)
            )
            self.basis[source] = Basis(*kept)

    def _follow(self, course: Course) -> None:
        there = self.courses.get((course.source, course.kind, course.id))
        if there is None or there.gone_at is not None or there.updated <= course.updated:
            self.courses[course.source, course.kind, course.id] = course

    def above(self, source: SourceName, id_: str) -> set[str]:
        """All keys of an item and of what is above it."""
        item = self.items[source, id_].item
        return {
            key for key in (item.key, item.parent, *self._keys_of(source, id_), *self._lineage(source, item)) if key
        }

    def lose(self, source: SourceName, id_: str, at: datetime, how: Loss = Loss.NOT_VISIBLE) -> None:
        """Note that a record is deleted or no longer visible since `at`."""
        self.items[source, id_] = replace(self.items[source, id_], gone_at=at, gone_how=how)
        name = source, RecordKind.BACKLOG, id_
        if name in self.courses:
            self.courses[name] = replace(self.courses[name], gone_at=self.courses[name].gone_at or at)

    def _state(self, source: SourceName) -> SourceState:
        return self._states.get(source, SourceState(source))


class _HeldHere:
    """A lease within this process cannot be lost."""

    async def still(self) -> None:
        return


class MemoryLeases:
    """One holder per source within this process."""

    def __init__(self) -> None:
        self._held: set[SourceName] = set()

    @asynccontextmanager
    async def lease(self, source: SourceName) -> AsyncIterator[Held | None]:
        free = source not in self._held
        self._held.add(source)
        try:
            yield _HeldHere() if free else None
        finally:
            if free:
                self._held.discard(source)
