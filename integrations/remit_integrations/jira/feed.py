"""Reads one site of Jira: pages of its backlog from a cursor on, records by id, what it shows."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import structlog
from msgspec import Raw

from remit.domain.errors import Unreadable
from remit.domain.records import BacklogEvent, Gone, Loss, Parked, Pulled, Reference
from remit.usecases.take_records import Page
from remit_integrations.ahead import gathered, one_ahead, side_by_side
from remit_integrations.decoding import glimpsed, parked, seen_id
from remit_integrations.http import IN_FLIGHT, Caller
from remit_integrations.jira import calls, greeting
from remit_integrations.jira.cloud import Cloud
from remit_integrations.jira.custom import Custom
from remit_integrations.jira.datacenter import DataCenter
from remit_integrations.jira.dialect import Dialect
from remit_integrations.jira.fields import Discovery
from remit_integrations.jira.history import events
from remit_integrations.jira.payloads import FIELDS, IssueReader
from remit_integrations.jira.requests import requests
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.jira.window import PART_ISSUES, Part, Window, jql, kept, resumed, stored
from remit_integrations.keeping import EXCERPTS, Keeping
from remit_integrations.source import Census, Doubt, Greeting

log = structlog.get_logger()
HANDFUL = 500
"""Of a backlog read in parts so many issues are written at once: a transaction costs as much as reading dozens."""


class JiraFeed:
    """An open connection to one site, of the kind it says it is when greeted."""

    def __init__(
        self, call: Caller, settings: JiraSettings, discovery: Discovery | None = None, keeping: Keeping = EXCERPTS
    ) -> None:
        self._call, self._settings, self._keeping = call, settings, keeping
        self._discovery = discovery or Discovery()
        asked = (*FIELDS, *([settings.team_field] if settings.team_field else []), *sorted(settings.requests))
        self._scope = sha256("\n".join((settings.url, settings.jql, *asked)).encode()).hexdigest()[:16]
        self._dialect: Dialect = Cloud(call)
        self._zone = ZoneInfo("UTC")
        self._now = datetime.now(UTC)
        self._resumed: tuple[bytes | None, Window] | None = None
        self._know(Custom())

    async def greet(self) -> Greeting:
        """`/myself` before any search: one with a dead token answers an empty list, not 401."""
        api, self._now = await greeting.server(self._call)
        self._dialect = Cloud(self._call) if api == greeting.CLOUD else DataCenter(self._call)
        who, self._zone = await greeting.myself(self._call, api)
        self._resumed = None
        return Greeting(who, (self._now - datetime.now(UTC)).total_seconds())

    async def withheld(self) -> Sequence[str]:
        return await self._dialect.withheld()

    async def estimate(self, cursor: bytes | None) -> int | None:
        return await self._dialect.count(self._jql(await self._window(cursor)))

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        if (await self._window(cursor)).refers(self._now):
            async for batch in self._dialect.references():
                yield batch

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """Pages of the window as they come; the parts of a whole backlog side by side."""
        window = await self._window(cursor)
        if window.refers(self._now):
            window = replace(window, referred_at=self._now)
        if window.since is None and not window.under_way:
            window = await self._divided(window)
        unread = [index for index, part in enumerate(window.parts) if not part.read]
        parts = [self._part(window, window.parts[index]) for index in unread]
        async with aclosing(side_by_side(parts, at_once=IN_FLIGHT)) as pages:
            async for number, (page, token) in pages:
                window = window.at(unread[number], token)
                if page.items or page.parked or window.read:  # an empty page's progress goes with the next one's
                    yield replace(page, cursor=stored(window.next() if window.read else window))

    def is_whole(self, cursor: bytes | None) -> bool:
        return cursor is None

    def census(self, cursor: bytes | None) -> Census:
        window = kept(cursor, self._scope)
        if window is None:
            return Census(due=True)
        doubt = Doubt(window.doubted_at, window.doubt) if window.doubted_at is not None else None
        return Census(window.counts(self._now), doubt)

    def counted(self, cursor: bytes, doubt: Doubt | None) -> bytes:
        window = kept(cursor, self._scope)
        if window is None:
            return cursor
        since, says = (doubt.since, doubt.says) if doubt is not None else (None, "")
        return stored(replace(window, counted_at=self._now, doubted_at=since, doubt=says))

    async def shown(self) -> AsyncGenerator[Collection[str], None]:
        async with aclosing(self._dialect.ids(self._jql(Window(self._now)))) as batches:
            async for batch in batches:
                yield batch

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        if not ids:
            return
        present = await greeting.server_time(self._call, self._dialect.api)
        self._know(await self._discovery.custom(self._call, self._dialect.api, present))
        for start in range(0, len(ids), calls.AT_ONCE):
            yield await self._by_id(ids[start : start + calls.AT_ONCE], present)

    async def _by_id(self, ids: Sequence[str], present: datetime) -> Page:
        told, absent = await self._dialect.by_id(ids, self._fields)
        if absent:
            await greeting.still_somebody(self._call, self._dialect.api)
        shown = [seen_id(bytes(raw)) for raw in told]
        outside = await self._outside([id_ for id_ in ids if id_ in shown])
        page = await self._page([raw for raw, id_ in zip(told, shown, strict=True) if id_ not in outside])
        gone = [Gone(NAME, id_, present, how) for id_, how in absent.items()]
        gone += [Gone(NAME, id_, present, Loss.LEFT_OUT) for id_ in sorted(outside)]
        return replace(page, gone=tuple(gone), asked_at=present)

    async def _outside(self, ids: Sequence[str]) -> frozenset[str]:
        """Those issues that are there, but not among those to mirror: no search will tell of their changes."""
        asked = [id_ for id_ in ids if id_.isdecimal()]
        if not self._settings.jql or not asked:
            return frozenset()
        return frozenset(asked) - await self._dialect.within(asked, self._settings.jql)

    async def _divided(self, window: Window) -> Window:
        """With latency the number of requests in flight decides: 100 ms a page allow one stream 1,000 issues a second.

        The parts are made of creation times, which never change.
        """
        count = await self._dialect.count(self._jql(window))
        if count is None or count < 2 * PART_ISSUES:
            return window
        oldest = await self._dialect.oldest(self._jql(window))
        return window.divided(oldest, count) if oldest is not None else window

    async def _part(self, window: Window, part: Part) -> AsyncGenerator[tuple[Page, str | None], None]:
        """A part's pages, each with the token of the one after it; searched ahead while histories are read."""
        search = self._dialect.found(self._jql(window, part), part.token, self._fields)
        if len(window.parts) > 1:
            search = gathered(search, HANDFUL)
        async with aclosing(one_ahead(search)) as searched:
            async for issues, token in searched:
                page = await self._page(issues)
                if token is None:  # a credential that died meanwhile ends a search early, with 200
                    await greeting.still_somebody(self._call, self._dialect.api)
                yield page, token

    async def _page(self, issues: Sequence[Raw]) -> Page:
        read = [self._reader.read(bytes(raw)) for raw in issues]
        items = tuple(record for record in read if isinstance(record, Pulled))
        broken = [record for record in read if isinstance(record, Parked)]
        changes: list[BacklogEvent] = []
        if items:
            async for histories in self._dialect.histories(items):
                for raw in histories:
                    _read_history(self._dialect, raw, changes, broken)
        feedback, acts = requests(items, changes, self._settings.requests, self._keeping)
        parked = tuple({one.id: one for one in broken}.values())
        return Page(items, tuple(changes), parked, feedback=feedback, acts=acts)

    async def _window(self, cursor: bytes | None) -> Window:
        """The same for the whole of a run: greeting begins another."""
        if self._resumed is None or self._resumed[0] != cursor:
            window = resumed(cursor, self._now, self._scope, str(self._zone))
            custom = await self._discovery.custom(self._call, self._dialect.api, self._now, window.custom)
            self._know(custom)
            self._resumed = (cursor, window.reading(custom, self._now))
        return self._resumed[1]

    def _know(self, custom: Custom) -> None:
        team = self._settings.team_field
        self._fields = tuple(dict.fromkeys((*FIELDS, *([team] if team else []), *custom.ids)))
        self._reader = IssueReader(NAME, team, custom)

    def _jql(self, window: Window, part: Part | None = None) -> str:
        return jql(window, self._zone, self._settings.jql, part)


def _read_history(dialect: Dialect, raw: bytes, changes: list[BacklogEvent], broken: list[Parked]) -> None:
    """Add an issue's events; an entry that cannot be read is parked under the issue, and the rest goes on."""
    try:
        issue_id, entries = dialect.history(raw)
    except Unreadable as wrong:
        broken.append(parked(NAME, f"changelog/{glimpsed(raw)}", wrong, raw))
        return
    for entry in entries:
        try:
            changes.extend(events(NAME, issue_id, entry))
        except Unreadable as wrong:
            broken.append(parked(NAME, f"{issue_id}/changelog/{glimpsed(entry)}", wrong, entry))
