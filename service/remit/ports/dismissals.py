"""Keeps which moves are not to be proposed, and until when."""

from datetime import datetime
from typing import Protocol

from remit.domain.advice import Dismissal
from remit.ports.requests import Request


class Dismissals(Protocol):
    """One dismissal of each move: the last one said."""

    async def current(self, now: datetime) -> tuple[Dismissal, ...]:
        """Those that hold at that instant, by move."""
        ...

    async def dismiss(self, dismissal: Dismissal, request: Request | None = None) -> bool:
        """Keep it instead of one of the same move, and its request, if it has one, with it.

        False, and nothing was written, where a request of that actor and key is kept already.
        """
        ...

    async def restore(self, move: str) -> bool:
        """Forget that a move was dismissed; False where it is not."""
        ...
