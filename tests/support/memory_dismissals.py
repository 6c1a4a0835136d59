"""A `Dismissals` in memory."""

from datetime import datetime

from remit.domain.advice import Dismissal


class MemoryDismissals:
    def __init__(self) -> None:
        self._rows: dict[str, Dismissal] = {}

    async def current(self, now: datetime) -> tuple[Dismissal, ...]:
        return tuple(row for _, row in sorted(self._rows.items()) if row.until > now)

    async def dismiss(self, dismissal: Dismissal) -> None:
        self._rows[dismissal.move] = dismissal
