"""Keeps every declared fact of the model with both its times."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from remit.domain.facts import Body, Fact
from remit.domain.history import Excerpt, Past
from remit.ports.dismissals import Dismissals
from remit.ports.requests import Request


@dataclass(frozen=True, slots=True)
class Head:
    """The newest change of the model by some moment: `id` 0 before the first; `digest` of the facts declared then."""

    id: int
    digest: str
    recorded_at: datetime | None


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

    @property
    def dismissals(self) -> Dismissals:
        """What was said of changes that were proposed."""
        ...

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
