"""The seam every source fits: settings of its own, a greeting, references, and pages from a cursor."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel

from remit.domain.arrivals import Arrival
from remit.domain.ids import SourceName
from remit.domain.records import Reference
from remit.ports import Paces, Vault
from remit.usecases.take_records import Page
from remit_integrations.keeping import EXCERPTS, Keeping


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a source said of itself and of us when greeted: `who` is the account, `clock_skew_s` its clock less ours."""

    who: str
    clock_skew_s: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a census could not believe, and since when; told as the source's trouble until one finds all well."""

    since: datetime
    says: str


@dataclass(frozen=True, slots=True)
class Census:
    """Whether a census is due, and what the last one doubted."""

    due: bool
    doubt: Doubt | None = None


class Feed(Protocol):
    """An open connection to a source. Every call raises a SourceTrouble that says who can act."""

    async def greet(self) -> Greeting:
        """Prove the address and the credentials; comes first in every run."""
        ...

    async def withheld(self) -> Sequence[str]:
        """What the account may not read, in words; a run does without. For those who look after the source."""
        ...

    async def estimate(self, cursor: bytes | None) -> int | None:
        """About how many records `pages` will bring, for progress only; None when the source does not say."""
        ...

    def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        """Projects, components, statuses and users, in batches; nothing when they were read not long ago."""
        ...

    def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """Everything new since the cursor (None: from the beginning). Each page's cursor resumes right after it.

        The last page's cursor starts the next run. There is always a last page, if an empty one.
        """
        ...

    def is_whole(self, cursor: bytes | None) -> bool:
        """Whether `pages` from there bring everything the source shows, and not only what is new."""
        ...

    def census(self, cursor: bytes | None) -> Census:
        """How it stands with counting what the source still shows, as a cursor says."""
        ...

    def shown(self) -> AsyncGenerator[Collection[str], None]:
        """The ids of everything the source shows now, in batches; one may be missing that is there all the same."""
        ...

    def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        """These records, each asked for by its id: as they are now, or as gone; what cannot be told now is left out.

        The pages have no cursor.
        """
        ...

    def counted(self, cursor: bytes, doubt: Doubt | None) -> bytes:
        """A cursor after a census."""
        ...


class FeedbackFeed:
    """What a source of feedback answers where its vendor has nothing to say. `greet` and `pages` are each source's own.

    Without `confirmed` a delivery is acknowledged, and what it hints at comes with the next reading.
    """

    async def withheld(self) -> Sequence[str]:
        return ()

    async def estimate(self, cursor: bytes | None) -> int | None:
        return None

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        nothing: tuple[Sequence[Reference], ...] = ()
        for one in nothing:
            yield one

    def is_whole(self, cursor: bytes | None) -> bool:
        return cursor is None

    def census(self, cursor: bytes | None) -> Census:
        return Census(due=False)

    async def shown(self) -> AsyncGenerator[Collection[str], None]:
        nothing: tuple[Collection[str], ...] = ()
        for one in nothing:
            yield one

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        nothing: tuple[Page, ...] = ()
        for one in nothing:
            yield one

    def counted(self, cursor: bytes, doubt: Doubt | None) -> bytes:
        return cursor


Read = Callable[[Mapping[str, str], bytes], Arrival]
"""A delivery's headers, whose names are in small letters, and its raw body, to what it hints at.

Raises Forbidden when it is not signed as it should be, and Invalid when it cannot be read.
"""


Tend = Callable[[], Awaitable[None]]
"""Sees to it that a source goes on sending; safe to repeat. Raises SourceTrouble."""


@dataclass(frozen=True, slots=True)
class Source:
    """One configured source. `team_field` is the name its changes give to the field that holds an item's team (R36).

    `read` understands what it sends of its own accord; None without a secret. `sends` is false where nothing is
    taken at all. `tend` is to be done every hour or so; None where there is nothing to do.
    """

    name: SourceName
    kind: str
    open: Callable[[], AbstractAsyncContextManager[Feed]]
    team_field: str | None = None
    read: Read | None = None
    tend: Tend | None = None
    sends: bool = True


@dataclass(frozen=True, slots=True)
class Shared:
    """What the processes that read a source share: the budget of requests, credentials that change, and how much of
    what customers write may be kept.

    None stands for a process that is alone: a test, or a question asked once.
    """

    paces: Paces | None = None
    vault: Vault | None = None
    keeping: Keeping = EXCERPTS


ALONE = Shared()


@dataclass(frozen=True, slots=True)
class SourceKind:
    """What a file in `sources/` registers: how its settings look, and how a source is made of them."""

    name: str
    settings: type[BaseModel]
    build: Callable[[BaseModel, Shared], Source]
