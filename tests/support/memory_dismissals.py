"""A `Dismissals` in memory."""

from collections.abc import Callable
from datetime import datetime

from remit.domain.advice import Dismissal
from remit.ports import Request


class MemoryDismissals:
    """`keep` keeps a request unless one of its actor and key is kept already, and tells whether it did."""

    def __init__(self, keep: Callable[[Request], bool]) -> None:
        self._keep = keep
        self._rows: dict[str, Dismissal] = {}

    async def current(self, now: datetime) -> tuple[Dismissal, ...]:
        return tuple(row for _, row in sorted(self._rows.items()) if row.until > now)

    async def dismiss(self, dismissal: Dismissal, request: Request | None = None) -> bool:
        if request is not None and not self._keep(request):
            return False
        self._rows[dismissal.move] = dismissal
        return True

    async def restore(self, move: str) -> bool:
        return self._rows.pop(move, None) is not None
