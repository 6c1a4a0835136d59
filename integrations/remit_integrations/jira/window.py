"""Which stretch of time a run reads, where it stands in it, and the JQL that says so."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

OVERLAP = timedelta(minutes=15)
"""Read again before each window: the index lags by seconds to minutes (Atlassian: search and reconcile, 2026-02)."""
REFERENCES_LAST = timedelta(hours=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Everything updated since `since` (None: ever). `token` is the page to ask for next, None the first.

    There is no upper bound: an issue that keeps changing would never be read. `started_at` is the site's own clock at
    the beginning of the run; the next window begins there, less the overlap.
    """

    started_at: datetime
    since: datetime | None = None
    token: str | None = None
    referred_at: datetime | None = None

    def at(self, token: str | None) -> "Window":
        return replace(self, token=token)

    def next(self) -> "Window":
        """The window of the next run, once this one was read to its end."""
        return Window(self.started_at, self.started_at - OVERLAP, None, self.referred_at)


def resumed(cursor: bytes | None, now: datetime) -> Window:
    """The window a cursor stands for, continued at its page or begun at `now` by the site's clock."""
    if cursor is None:
        return Window(started_at=now)
    window = msgspec.json.decode(cursor, type=Window)
    return window if window.token is not None else replace(window, started_at=now)


def stored(window: Window) -> bytes:
    return msgspec.json.encode(window)


def jql(window: Window, zone: ZoneInfo, narrowed: str = "") -> str:
    """The search of a window. Sorted by key, which stands still while issues change, unlike `updated`."""
    since = window.since or datetime(1970, 1, 2, tzinfo=UTC)
    clause = f'updated >= "{minute(since, zone)}"'
    return f"({narrowed}) AND {clause} ORDER BY key ASC" if narrowed else f"{clause} ORDER BY key ASC"


def minute(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as JQL reads it: to the minute, rounded down, in the zone of the account that asks.

    When clocks go back an hour happens twice and a literal cannot say which; the hour before is asked then.
    """
    local = instant.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local = (local.astimezone(UTC) - HOUR).astimezone(zone)
    return local.strftime("%Y/%m/%d %H:%M")
