"""What use cases need from the world: the model, the mirror of the sources, leases, the kept answers, the time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from remit.domain.answers import Ownership
from remit.domain.events import ChangeEvent, Delivery, Settled, Shift
from remit.domain.facts import Body, Fact
from remit.domain.history import Excerpt, Past
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Gone, History, Parked, Pulled, Reference
from remit.domain.tallies import Account, Tally, Vocabulary

Clock = Callable[[], datetime]
"""The present instant, with an offset."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest change of the model by some moment: `id` 0 before the first; `digest` of the facts declared then."""

    id: int
    digest: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Request:
    """A request to be done once however often it is sent: `changes` names what was asked, `outcome` is the answer."""

    actor: str
    key: str
    changes: bytes
    outcome: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """A change of the model, to be recorded as a whole or not at all; `closes` are believed until now."""

    actor: str
    reason: str
    opens: tuple[Fact[Body], ...]
    closes: tuple[Fact[Body], ...]
    digest: str
    expected: Head
    request: Request | None = None


class ModelStore(Protocol):
    """Keeps every declared fact with both its times; nothing is changed in place or deleted."""

    async def head(self, known_at: datetime | None = None) -> Head:
        """The newest change recorded by `known_at` (None: now)."""
        ...

    async def facts(self, head: Head) -> tuple[Fact[Body], ...]:
        """Every fact believed at that change, whatever its valid time."""
        ...

    async def pasts(self, asked: Collection[Excerpt]) -> Mapping[Excerpt, Past]:
        """What each change did to the rows about each node, newest first; every excerpt asked has an answer."""
        ...

    async def record(self, recording: Recording) -> Head:
        """Record a change, wholly or not at all.

        Raises Stale when the model has moved on from `recording.expected`, and Conflict when two facts of one row, or
        two explicit accountables tried together (R27), would be believed to hold at the same time. Its request, if it
        has one, is kept with it; one of that actor and key that was kept meanwhile raises Stale.
        """
        ...

    async def keep(self, request: Request, expected: Head) -> None:
        """Keep a request that changed nothing. Raises Stale like `record`."""
        ...

    async def answered(self, actor: str, key: str) -> tuple[Request, Head] | None:
        """The request kept under this key, and the newest change after it; None for a key that is new."""
        ...


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An item as the mirror has it: its ancestors' keys, when it was first read, and since when it is gone.

    `lineage` goes from the nearest ancestor up and holds all keys of one that was moved: the one its child tells, the
    present one, and the others by name. `former` holds the item's own other keys.
    """

    item: BacklogItem
    lineage: tuple[str, ...]
    first_seen: datetime
    gone_at: datetime | None = None
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one source's synchronisation. `cursor` is the source's own, opaque here."""

    name: SourceName
    cursor: bytes | None = None
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of a source the mirror holds, and how many wait because they could not be read."""

    records: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """One page to be taken in one transaction: what to write, whose watermark rises by how much, the new cursor.

    `seen` holds the ids of everything readable on the page, changed or not, and of all that is gone: what was parked
    under them is done with.
    """

    source: SourceName
    items: tuple[Pulled, ...]
    events: tuple[BacklogEvent, ...]
    parked: tuple[Parked, ...]
    touched: Mapping[AreaKey, int]
    cursor: bytes | None
    at: datetime
    seen: frozenset[str] = frozenset()
    gone: tuple[Gone, ...] = ()


class MirrorStore(Protocol):
    """Keeps what the sources told, newest version per record, with the raw payload."""

    async def by_keys(self, keys: Collection[str]) -> Mapping[str, Mirrored]:
        """Items by present or former key; a key that never was is absent."""
        ...

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, Mirrored]:
        """Items by their source's own id."""
        ...

    async def histories(self, keys: Collection[str]) -> tuple[History, ...]:
        """All that was told of the items of these keys, present or former, and of every item that was ever above them.

        By source and id; what is gone stays.
        """
        ...

    async def present(self, source: SourceName) -> frozenset[str]:
        """The ids of all items of a source that are not gone."""
        ...

    async def watermarks(self, areas: Collection[AreaKey]) -> Mapping[AreaKey, int]:
        """How often the records of each area have changed; 0 where nothing ever came."""
        ...

    async def take(self, intake: Intake) -> None:
        """Write a page and its cursor, wholly or not at all. What is gone already stays gone since it was."""
        ...

    async def refer(self, source: SourceName, references: Sequence[Reference]) -> None:
        """Write projects, components, statuses and users."""
        ...

    async def sources(self) -> tuple[SourceState, ...]:
        """Every source that was ever tried, by name."""
        ...

    async def counts(self) -> Mapping[SourceName, Counts]:
        """Costs a scan; for the list of sources, not for answers."""
        ...

    async def tallies(self, epics: Collection[str]) -> tuple[Tally, ...]:
        """Every issue that is open and not gone, counted with its like; `epics` are the keys selectors name.

        Costs a scan, as do `accounts` and `vocabulary`: for questions about the whole, not for answers.
        """
        ...

    async def accounts(self) -> tuple[Account, ...]:
        """Everybody who is assignee or reporter of an issue that is not gone, by source and id."""
        ...

    async def vocabulary(self, epics: Collection[str]) -> Vocabulary:
        """The names in use, every criterion among them; of `epics` those that an issue has, had or names as parent."""
        ...

    async def attempted(self, source: SourceName, at: datetime, trouble: str | None) -> None:
        """Note that a synchronisation was tried and what went wrong; None notes its beginning and keeps old trouble."""
        ...

    async def succeeded(
        self, source: SourceName, at: datetime, cursor: bytes | None, trouble: str | None = None
    ) -> None:
        """Note a complete synchronisation; all trouble is over but the one told here."""
        ...


class Outbox(Protocol):
    """Keeps an event for every change, written with the change itself; what it comes to is added later, once."""

    async def untold(self) -> ChangeEvent | None:
        """The oldest one to which that is not added yet."""
        ...

    async def tell(self, change: int, shifts: Sequence[Shift]) -> None:
        """Add it, and let every subscriber it concerns have it. Whoever comes second changes nothing."""
        ...

    async def newest(self) -> int:
        """The newest change to which that is added; 0 before the first."""
        ...

    async def told_after(self, change_id: int, most: int) -> Sequence[tuple[ChangeEvent, tuple[Shift, ...]]]:
        """The changes after that one to which it is added, oldest first, at most so many."""
        ...


class Claim(Protocol):
    """A delivery that nobody else tries meanwhile."""

    @property
    def delivery(self) -> Delivery: ...

    async def settle(self, how: Settled) -> None:
        """Note how the try went. A try whose process is killed before that was none."""
        ...


class Deliveries(Protocol):
    """What subscribers are to be told, in order: of each the oldest event that is neither accepted nor parked."""

    def due(self) -> AbstractAsyncContextManager[Claim | None]:
        """One whose time has come, held until the block ends; None when there is none, or others hold them all."""
        ...


class Leases(Protocol):
    """Lets one process at a time synchronise a source; a lease ends with the process that holds it."""

    def lease(self, source: SourceName) -> AbstractAsyncContextManager[bool]:
        """Whether the lease was free; held until the block ends. Raises Broken when it was lost meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class CellKey:
    """Addresses the kept answers of one area: a change of model, time segment or records makes another key."""

    area: AreaKey
    version: str
    segment: str
    watermark: int


class KeptAnswers(Protocol):
    """A cache of computed ownership: all responsibilities of one area under one key. May forget, never errs."""

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        """What is kept under these keys, exactly as it was put; what is not kept is absent."""
        ...

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        """Keep these, as long as there is room."""
        ...
