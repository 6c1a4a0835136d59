"""Keeps what changes come to, and hands it out to subscribers."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from remit.domain.events import ChangeEvent, Delivery, Settled, Shift


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
