"""Keeps what the sources told, and how their synchronisation stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from remit.domain.evidence import Course
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Gone, History, Loss, Parked, Pulled, Reference
from remit.domain.tallies import Account, Tally, Vocabulary
from remit.ports.evidence import NO_BASIS, Basis
from remit.ports.feedback import NO_FEEDBACK, FeedbackIntake, FeedbackStore

SUCCESSES_KEPT_FOR = timedelta(days=8)
"""A day longer than an answer may be old, unless `REMIT_UNKNOWN_AFTER` says otherwise."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An item as the mirror has it: its ancestors' keys, when it was first read, and since when it is gone.

    `lineage` goes from the nearest ancestor up and holds all keys of one that was moved: the one its child tells, the
    present one, and the others by name. `former` holds the item's own other keys. `is_request`: it is kept as feedback,
    too, and counts as that alone. `read_at` is when this version was read, if it is dated after that.
    """

    item: BacklogItem
    lineage: tuple[str, ...]
    first_seen: datetime
    gone_at: datetime | None = None
    gone_how: Loss | None = None
    former: tuple[str, ...] = ()
    is_request: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one source's synchronisation. `cursor` is the source's own, opaque here.

    `failures` counts the runs that ended badly since the last that ended well; until `retry_at` it is left alone.
    """

    name: SourceName
    cursor: bytes | None = None
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    trouble: str | None = None
    failures: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of a source the mirror holds, and how many wait for a person because they could not be read.

    `aside` are deliveries that wait for a person, `waiting` those still to be applied.
    """

    records: int = 0
    parked: int = 0
    aside: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """One page to be taken in one transaction: what to write, whose watermark rises by how much, the new cursor.

    `asked_at` is when the source was asked for these very records by their ids, by its own clock; None for a page of a
    search, whose index may show what is gone. `seen` holds the ids of everything readable on the page, changed or not,
    and of all that is gone: what was parked under them is done with.

    `courses` are those of its records, computed on `basis`; where other courses of the source rest on another one, all
    are to be computed anew.
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
    asked_at: datetime | None = None
    courses: tuple[Course, ...] = ()
    basis: Basis = NO_BASIS
    feedback: FeedbackIntake = NO_FEEDBACK


class MirrorStore(Protocol):
    """Keeps what the sources told, newest version per record, with the raw payload."""

    @property
    def feedback(self) -> FeedbackStore:
        """What it holds of feedback."""
        ...

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
        """The ids of all items of a source that are not gone, feedback among them."""
        ...

    async def watermarks(self, areas: Collection[AreaKey]) -> Mapping[AreaKey, int]:
        """How often the records of each area have changed; 0 where nothing ever came."""
        ...

    async def risen(self, sums: Sequence[int]) -> Mapping[int, Mapping[AreaKey, int]]:
        """The watermarks of each bundle of areas whose watermarks come to another sum than is told here in its place.

        Areas are bundled by their key, into as many bundles as sums are told. Marks only rise: the same sum means that
        no record of any of these areas has changed.
        """
        ...

    async def take(self, intake: Intake) -> None:
        """Write a page and its cursor, wholly or not at all. A page without a cursor leaves the place where it is.

        What is gone already stays gone since it was, also when it is told to be deleted only later; it is back only
        with a page that asked for it by its id at that instant or after.
        """
        ...

    async def refer(self, source: SourceName, references: Sequence[Reference]) -> None:
        """Write projects, components, statuses and users."""
        ...

    async def sources(self, known_at: datetime | None = None) -> tuple[SourceState, ...]:
        """Every source that was ever tried, by name.

        At an earlier instant each with the last success it had by then and nothing else, since only successes are kept:
        all of `SUCCESSES_KEPT_FOR`, and of the days before the last one of each (in UTC).
        """
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

    async def emails(self, accounts: Collection[tuple[SourceName, str]]) -> Mapping[tuple[SourceName, str], str]:
        """The e-mail addresses of accounts, named by source and the source's own id, where a source told them."""
        ...

    async def addressed(self, emails: Collection[str]) -> Mapping[tuple[SourceName, str], str]:
        """The accounts that a source tells one of these addresses of, whatever letters are capital, each with it."""
        ...

    async def vocabulary(self, epics: Collection[str]) -> Vocabulary:
        """The names in use, every criterion among them; of `epics` those that an issue has, had or names as parent."""
        ...

    async def attempted(
        self,
        source: SourceName,
        at: datetime,
        trouble: str | None,
        *,
        failures: int = 1,
        retry_at: datetime | None = None,
    ) -> None:
        """Note that a synchronisation was tried and what went wrong, how often in a row, and when to try again.

        None for `trouble` notes its beginning and keeps what was noted of old trouble.
        """
        ...

    async def succeeded(
        self, source: SourceName, at: datetime, cursor: bytes | None, trouble: str | None = None
    ) -> None:
        """Note a complete synchronisation; all trouble is over but the one told here."""
        ...

    async def forget_parked(self, source: SourceName, before: datetime) -> None:
        """What was parked before then, and not again since, is no longer there to be read."""
        ...
