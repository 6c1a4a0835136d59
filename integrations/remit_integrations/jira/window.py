"""Which stretch of time a run reads, where it stands in it, and the JQL that says so."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import structlog

from remit_integrations.jira.custom import Custom

log = structlog.get_logger()

NO_FIELDS = Custom()

OVERLAP = timedelta(minutes=15)
"""Read again before each window: the index lags by seconds to minutes (Atlassian: search and reconcile, 2026-02)."""
TRAILING = timedelta(hours=12)
"""Read again now and then: lags of hours are known, and other products reach back as far."""
TRAILING_EVERY = timedelta(hours=1)
REFERENCES_LAST = timedelta(hours=1)
HOUR = timedelta(hours=1)
COUNTED_EVERY = timedelta(days=1)
"""A census costs a request per 5,000 issues; in doubt it is held more often, so that what was mended is soon seen."""
DOUBTED_EVERY = HOUR

PART_ISSUES = 500
MOST_PARTS = 64
FIRST_JIRA = datetime(2002, 1, 1, tzinfo=UTC)
"""Issues that say they are older were imported with such dates, and are few."""

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Part:
    """The issues of a window that were created within `[start, end)`; None is unbounded. An issue is in one part for
    ever, so that parts can be read side by side. `token` is the page to ask for next, None the first.
    """

    start: Instant | None = None
    end: Instant | None = None
    token: str | None = None
    read: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Everything updated since `since` (None: ever), in one part or several.

    There is no upper bound: an issue that keeps changing would never be read. `started_at` is the site's own clock at
    the beginning of the run; the next window begins there, less the overlap. `trailed_at` is when a run last reached
    back further. `scope` stands for what is asked of which site: when it changes, older issues may be in it. `zone` is
    the account's: in another one the bounds of parts would be said in other words, and tokens are bound to words.
    `custom` are the site's own fields that what was read before was read with, or a part of them.
    `counted_at` is when a census was last held; `doubt` is what it could not believe, since `doubted_at`.
    """

    started_at: Instant
    since: Instant | None = None
    parts: tuple[Part, ...] = (Part(),)
    referred_at: Instant | None = None
    trailed_at: Instant | None = None
    scope: str = ""
    zone: str = ""
    counted_at: Instant | None = None
    doubted_at: Instant | None = None
    doubt: str = ""
    custom: Custom = NO_FIELDS

    @property
    def under_way(self) -> bool:
        """Whether some of it has been read already."""
        return any(part.read or part.token is not None for part in self.parts)

    @property
    def read(self) -> bool:
        return all(part.read for part in self.parts)

    def at(self, index: int, token: str | None) -> "Window":
        """The same window once a page of a part was read: to go on there at `token`, or None when it was the last."""
        part = replace(self.parts[index], token=token, read=token is None)
        return replace(self, parts=(*self.parts[:index], part, *self.parts[index + 1 :]))

    def divided(self, oldest: datetime, issues: int) -> "Window":
        """The same window in parts of about equal time, as many as so many issues are worth."""
        count, oldest = min(MOST_PARTS, issues // PART_ISSUES), max(oldest, FIRST_JIRA)
        step = (self.started_at - oldest) / max(count, 1)
        bounds = [(oldest + step * number).replace(second=0, microsecond=0) for number in range(1, count)]
        ends = zip([None, *bounds], [*bounds, None], strict=True)
        return replace(self, parts=tuple(Part(start, end) for start, end in ends))

    def refers(self, now: datetime) -> bool:
        """Whether projects, components, statuses and users are due to be read again."""
        return self.referred_at is None or not timedelta(0) <= now - self.referred_at < REFERENCES_LAST

    def counts(self, now: datetime) -> bool:
        """Whether a census is due."""
        every = COUNTED_EVERY if self.doubted_at is None else DOUBTED_EVERY
        return self.counted_at is None or not timedelta(0) <= now - self.counted_at < every

    def reading(self, custom: Custom, now: datetime) -> "Window":
        """The window with these fields of the site's own. What was read without one of them is read again.

        A new field alone would be read as it comes, since to fill it changes issues; but boards also begin to estimate
        in fields that were there long before.
        """
        added = frozenset(custom.ids) - frozenset(self.custom.ids)
        if not added or (self.since is None and not self.under_way):
            return replace(self, custom=custom)
        log.info("jira.fields_added", fields=sorted(added))
        return replace(self, started_at=now, trailed_at=now, since=None, parts=(Part(),), custom=custom)

    def next(self) -> "Window":
        """The window of the next run, once this one was read to its end."""
        return replace(self, since=self.started_at - OVERLAP, parts=(Part(),))


def resumed(cursor: bytes | None, now: datetime, scope: str = "", zone: str = "") -> Window:
    """The window a cursor stands for, continued at its page or begun at `now` by the site's clock.

    It reaches back to the beginning without a cursor, with one that cannot be read, and when the scope has changed.
    """
    whole = Window(started_at=now, trailed_at=now, scope=scope, zone=zone)
    if cursor is None:
        return whole
    try:
        window = msgspec.json.decode(cursor, type=Window)
        goes_on = window.under_way and window.zone == zone
        begun = window if goes_on else _begun(replace(window, parts=(Part(),), zone=zone), now)
    except (msgspec.MsgspecError, UnicodeDecodeError, OverflowError) as wrong:
        log.warning("jira.cursor_unreadable", reason=str(wrong))
        return whole
    if window.scope != scope:
        log.warning("jira.scope_changed")
        return whole
    return begun


def kept(cursor: bytes | None, scope: str = "") -> Window | None:
    """The window as a cursor holds it; None without one, with one that cannot be read or is of another scope."""
    try:
        window = msgspec.json.decode(cursor or b"", type=Window)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return window if window.scope == scope else None


def _begun(window: Window, now: datetime) -> Window:
    """A new window where the last one ended. A clock that went back must not leave a gap."""
    if window.since is None:
        return replace(window, started_at=now, trailed_at=now)
    since = min(window.since, now - OVERLAP)
    if window.trailed_at is not None and timedelta(0) <= now - window.trailed_at < TRAILING_EVERY:
        return replace(window, started_at=now, since=since)
    return replace(window, started_at=now, since=since - (TRAILING - OVERLAP), trailed_at=now)


def stored(window: Window) -> bytes:
    return msgspec.json.encode(window)


def jql(window: Window, zone: ZoneInfo, narrowed: str = "", part: Part | None = None) -> str:
    """The search of a window or a part of it. Sorted by key, which stands still while issues change, unlike `updated`.

    Two neighbouring parts say their common bound in the same words: whatever these mean to the site, none is between.
    """
    since = window.since or datetime(1970, 1, 2, tzinfo=UTC)
    clauses = [f"({narrowed})"] if narrowed else []
    clauses.append(f'updated >= "{minute(since, zone)}"')
    if part is not None and part.start is not None:
        clauses.append(f'created >= "{minute(part.start, zone)}"')
    if part is not None and part.end is not None:
        clauses.append(f'created < "{minute(part.end, zone)}"')
    return f"{' AND '.join(clauses)} ORDER BY key ASC"


def minute(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as JQL reads it: to the minute, rounded down, in the zone of the account that asks.

    When clocks go back an hour happens twice and a literal cannot say which: it is one whose later reading is not
    after the instant.
    """
    asked = instant
    while True:
        local = asked.astimezone(zone).replace(second=0, microsecond=0)
        if max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)) <= instant:
            return local.strftime("%Y/%m/%d %H:%M")
        asked -= HOUR
