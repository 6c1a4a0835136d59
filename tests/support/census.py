"""A source that a test fills with ids, to be counted."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import msgspec

from remit.domain.records import Gone, Loss, Pulled, Reference
from remit.usecases.take_records import Page
from remit_integrations.source import Census, Doubt, Feed, Greeting, Source
from support.desks import JIRA, AClock, an_issue, pulled

DAY = timedelta(days=1)


def a_record(id_: str) -> Pulled:
    return pulled(replace(an_issue(f"SHOP-{id_}"), id=id_))


def numbered(count: int) -> set[str]:
    return {str(number) for number in range(1, count + 1)}


@dataclass(slots=True)
class AFeed:
    """`there` is what the source has, of which its search does not show `unindexed`; it counts once a day.

    `lingering` is what its search shows again though it is no more. `confirms` is called before each batch of records
    asked for by id.
    """

    clock: AClock
    there: set[str]
    unindexed: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    lingering: set[str] = field(default_factory=set)
    confirms: Callable[[], None] = lambda: None
    greeted: int = 0
    asked: list[str] = field(default_factory=list)

    def source(self) -> Source:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Feed]:
            yield self

        return Source(JIRA, "a kind", opened)

    async def greet(self) -> Greeting:
        self.greeted += 1
        return Greeting("me", 0.0)

    async def withheld(self) -> Sequence[str]:
        return ()

    async def estimate(self, cursor: bytes | None) -> int | None:
        return len(self.there)

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        for none in ():
            yield none

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """All of it from the beginning; nothing from a cursor but what lingers."""
        there = self.there - self.left_out if cursor is None else set[str]()
        yield Page(tuple(a_record(id_) for id_ in sorted(there | self.lingering)), cursor=cursor or b"{}")

    def is_whole(self, cursor: bytes | None) -> bool:
        return cursor is None

    def census(self, cursor: bytes | None) -> Census:
        told = msgspec.json.decode(cursor or b"{}", type=dict[str, object])
        if "counted" not in told:
            return Census(due=True)
        counted = msgspec.convert(told["counted"], type(self.clock.now))
        return Census(self.clock() - counted >= DAY, msgspec.convert(told["doubt"], Doubt | None))

    async def shown(self) -> AsyncGenerator[Collection[str], None]:
        yield frozenset(self.there - self.unindexed - self.left_out)

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        self.asked += ids
        for start in range(0, len(ids), 100):
            self.confirms()
            batch = ids[start : start + 100]
            inside = [id_ for id_ in batch if id_ in self.there - self.left_out]
            gone = [Gone(JIRA, id_, self.clock(), self._how(id_)) for id_ in batch if id_ not in inside]
            yield Page(tuple(map(a_record, inside)), gone=tuple(gone), asked_at=self.clock())

    def _how(self, id_: str) -> Loss:
        return Loss.LEFT_OUT if id_ in self.there else Loss.NOT_VISIBLE

    def counted(self, cursor: bytes, doubt: Doubt | None) -> bytes:
        return msgspec.json.encode({"counted": self.clock(), "doubt": doubt})
