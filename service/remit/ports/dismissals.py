"""Keeps which moves are not to be proposed, and until when."""

from datetime import datetime
from typing import Protocol

from remit.domain.advice import Dismissal


class Dismissals(Protocol):
    """One dismissal of each move: the last one said."""

    async def current(self, now: datetime) -> tuple[Dismissal, ...]:
        """Those that hold at that instant, by move."""
        ...

    async def dismiss(self, dismissal: Dismissal) -> None:
        """Keep it instead of one of the same move."""
        ...
