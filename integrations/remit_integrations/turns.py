"""When a source's turn comes: every so often, gently after trouble, and not before it wants to be called again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from remit.domain.errors import RemitError
from remit.ports import SourceState
from remit_integrations.waits import asked_to_wait_s

SLOWEST_FACTOR = 12
"""After repeated trouble a source is tried at least every twelfth turn: hourly at the default five minutes."""
LONGEST_WAIT_S = 2 * 3600.0
"""Whatever a source asks for; the longest quota known is of an hour (Atlassian, 2026-03)."""


@dataclass(frozen=True, slots=True)
class Retry:
    """After trouble: how many runs in a row have ended badly, and after how many seconds to try again."""

    failures: int
    wait_s: float


def retry(trouble: RemitError, failures: int, every_s: float) -> Retry:
    """What follows from one more run that ended badly, after so many others.

    A source that says when it may be called again is up and well: that is no failure, and its wish is kept.
    """
    told_s = asked_to_wait_s(trouble)
    if told_s is not None:
        return Retry(failures, min(max(every_s, told_s), LONGEST_WAIT_S))
    return Retry(failures + 1, every_s * min(SLOWEST_FACTOR, 2 ** min(failures, 10)))


def due_in_s(state: SourceState | None, now: datetime, every_s: float) -> float:
    """Seconds until a source's turn comes, 0 when it has come. Counted from what all processes know."""
    if state is None:
        return 0.0
    due = state.retry_at
    if due is None and state.last_success_at is not None:
        due = state.last_success_at + timedelta(seconds=every_s)
    return max(0.0, (due - now).total_seconds()) if due is not None else 0.0
