"""A `ModelStore` in memory, with the same promises as the one in PostgreSQL."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from remit.domain.catalogue import Letter
from remit.domain.errors import Conflict, Stale
from remit.domain.facts import Body, Fact, Recorded
from remit.domain.history import Edit, Excerpt, Past
from remit.domain.policy import Assignment, Inheritance
from remit.ports import Clock, Head, Recording, Request
from support import memory_history
from support.memory_dismissals import MemoryDismissals

NOTHING = Head(0, "", None)
MOVED_ON = "the model has changed since this change was prepared; look at it again and repeat"


@dataclass(frozen=True, slots=True)
class _Belief:
    """A fact, and the stretch of changes over which it was believed: `closed` None while it still is."""

    fact: Fact[Body]
    opened: int
    closed: int | None = None


class MemoryModels:
    """Every change and every belief ever recorded; stamped by the clock, never backwards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.dismissals = MemoryDismissals(self._keep_new)
        self._heads: list[Head] = []
        self._beliefs: list[_Belief] = []
        self._requests: dict[tuple[str, str], tuple[Request, Head]] = {}
        self._edits: dict[int, Edit] = {}

    async def head(self, known_at: datetime | None = None) -> Head:
        heads = [
            h for h in self._heads if known_at is None or (h.recorded_at is not None and h.recorded_at <= known_at)
        ]
        return heads[-1] if heads else NOTHING

    async def facts(self, head: Head) -> tuple[Fact[Body], ...]:
        return tuple(
            belief.fact
            for belief in self._beliefs
            if belief.opened <= head.id and (belief.closed is None or belief.closed > head.id)
        )

    async def pasts(self, asked: Collection[Excerpt]) -> Mapping[Excerpt, Past]:
        edits = self._edits
        beliefs = [
            (replace(belief.fact, recorded=None), edits[belief.opened], edits.get(belief.closed or 0))
            for belief in self._beliefs
        ]
        return memory_history.pasts(beliefs, asked)

    async def record(self, recording: Recording) -> Head:
        last = await self._still(recording.expected, recording.request)
        closing = Counter((fact.kind, fact.key, fact.valid) for fact in recording.closes)
        still = [b for b in self._beliefs if b.closed is None]
        closed = [b for b in still if (b.fact.kind, b.fact.key, b.fact.valid) in closing]
        if len(closed) != len(recording.closes):
            raise Stale(MOVED_ON)
        _refuse_overlaps([*(b.fact for b in still if b not in closed), *recording.opens])
        at = self._clock()
        if last.recorded_at is not None:
            at = max(at, last.recorded_at + timedelta(microseconds=1))
        new = Head(last.id + 1, recording.digest, at)
        ended = [replace(b, closed=new.id) if b in closed else b for b in self._beliefs]
        begun = [_Belief(replace(f, recorded=Recorded(recording.actor, at)), new.id) for f in recording.opens]
        self._heads.append(new)
        self._keep(recording.request, new)
        self._edits[new.id] = Edit(at, recording.actor, recording.reason, is_first=not last.id)
        self._beliefs = [*ended, *begun]
        return new

    async def keep(self, request: Request, expected: Head) -> None:
        self._keep(request, await self._still(expected, request))

    async def answered(self, actor: str, key: str) -> tuple[Request, Head] | None:
        return self._requests.get((actor, key))

    async def _still(self, expected: Head, request: Request | None) -> Head:
        last = await self.head()
        if last.id != expected.id or (request is not None and (request.actor, request.key) in self._requests):
            raise Stale(MOVED_ON)
        return last

    def _keep_new(self, request: Request) -> bool:
        is_new = (request.actor, request.key) not in self._requests
        if is_new:
            self._keep(request, NOTHING)
        return is_new

    def _keep(self, request: Request | None, head: Head) -> None:
        if request is not None:
            self._requests[request.actor, request.key] = request, head


def _refuse_overlaps(facts: Iterable[Fact[Body]]) -> None:
    """One belief of a row at a time, and one owner expressly accountable where rows are tried together (R27)."""
    taken: list[tuple[tuple[str, ...], str | None, Fact[Body]]] = []
    for fact in facts:
        names: list[tuple[tuple[str, ...], str | None]] = [((fact.kind.value, fact.key), None)]
        body = fact.body
        if isinstance(body, Assignment) and body.letter is Letter.ACCOUNTABLE:
            tried = Inheritance.INHERIT if body.inherit is Inheritance.BLOCK else body.inherit
            names.append((("accountable", body.area, body.responsibility, body.function, tried.value), body.owner))
        for name, owner in names:
            if any(
                name == other and (owner is None or owner != theirs) and fact.valid.overlaps(held.valid)
                for other, theirs, held in taken
            ):
                raise Conflict("two facts of this change exclude each other; nothing was recorded")
        taken += [(name, owner, fact) for name, owner in names]
