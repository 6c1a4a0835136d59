"""Keeps what sources send of their own accord until it is applied: each delivery once, whatever is sent again."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from remit.domain.arrivals import Arrival, Waiting
from remit.domain.ids import SourceName


@dataclass(frozen=True, slots=True)
class Aside:
    """A delivery that could not be applied and waits for a person: what it told, and why it waits."""

    source: SourceName
    waiting: Waiting
    reason: str


class Batch(Protocol):
    """Deliveries of one source that nobody else applies meanwhile, oldest first."""

    @property
    def waiting(self) -> Sequence[Waiting]: ...

    async def applied(self, ids: Collection[str]) -> None:
        """These are done with."""
        ...

    async def again(self, ids: Collection[str], reason: str, wait_s: float) -> None:
        """These were tried in vain, and are to be tried once more after so many seconds."""
        ...

    async def aside(self, ids: Collection[str], reason: str) -> None:
        """These wait for a person."""
        ...


class Inbox(Protocol):
    """Deliveries by source and id."""

    async def put(self, arrivals: Sequence[Arrival]) -> int:
        """Keep them durably; how many were new. One that is there already, done or not, stays as it is."""
        ...

    def due(self, source: SourceName, most: int) -> AbstractAsyncContextManager[Batch]:
        """At most so many whose time has come, held until the block ends; a process that dies lets go of them.

        Empty while another process holds some of the same source.
        """
        ...

    async def asides(self) -> Sequence[Aside]:
        """Those that wait for a person, oldest first."""
        ...

    async def settled(self, source: SourceName, ids: Collection[str]) -> None:
        """These, which waited for a person, are done with."""
        ...

    async def sweep(self, before: datetime) -> int:
        """Forget those done with before an instant; how many."""
        ...
