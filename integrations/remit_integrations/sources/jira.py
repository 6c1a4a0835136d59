"""Jira Cloud as a source of backlog items and their history."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import structlog
from pydantic import BaseModel, SecretStr, field_validator

from remit.domain.errors import Invalid, Rejected, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, Parked, Pulled, Reference
from remit.usecases.take_records import Page
from remit_integrations.ahead import one_ahead
from remit_integrations.http import Caller, Patience, calling
from remit_integrations.jira import calls
from remit_integrations.jira.payloads import FIELDS, Found, IssueReader, events
from remit_integrations.jira.window import REFERENCES_LAST, Window, jql, resumed, stored
from remit_integrations.source import Feed, Greeting, Source, SourceKind

log = structlog.get_logger()
NAME = SourceName("jira")


class JiraSettings(BaseModel):
    """`REMIT_JIRA_...`: the site, an account with an API token, and what to mirror."""

    url: str
    email: str | None = None
    token: SecretStr | None = None
    jql: str = ""
    team_field: str | None = None

    @field_validator("url")
    @classmethod
    def _is_a_site(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("write the site's address, for example https://acme.atlassian.net")
        return url.rstrip("/")

    @field_validator("jql")
    @classmethod
    def _restricts_only(cls, narrowed: str) -> str:
        if re.search(r"\border\s+by\b", narrowed, re.IGNORECASE):
            raise ValueError("leave out ORDER BY; only say which issues to mirror")
        return narrowed.strip()


class JiraFeed:
    """An open connection to one site."""

    def __init__(self, call: Caller, settings: JiraSettings) -> None:
        self._call, self._settings = call, settings
        self._reader = IssueReader(NAME, settings.team_field)
        self._zone = ZoneInfo("UTC")
        self._now = datetime.now(UTC)

    async def greet(self) -> Greeting:
        """`/myself` first: a search with a dead token answers an empty list, not 401."""
        me, self._zone = await calls.myself(self._call)
        self._now = await calls.server_time(self._call)
        return Greeting(me.account_id, (self._now - datetime.now(UTC)).total_seconds())

    async def estimate(self, cursor: bytes | None) -> int | None:
        return await calls.approximate_count(self._call, self._jql(resumed(cursor, self._now)))

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        window = resumed(cursor, self._now)
        if window.referred_at is not None and self._now - window.referred_at < REFERENCES_LAST:
            return
        async for batch in calls.references(self._call, NAME):
            yield batch

    async def pages(self, cursor: bytes | None) -> AsyncIterator[Page]:
        """Pages of the window, each read ahead while the one before is written; tokens die after a week."""
        window = resumed(cursor, self._now)
        if window.referred_at is None or self._now - window.referred_at >= REFERENCES_LAST:
            window = Window(window.started_at, window.since, window.token, self._now)
        async with aclosing(one_ahead(self._found(window))) as searched:
            async for found, resume in searched:
                yield await self._page(found, resume)

    async def _found(self, window: Window) -> AsyncIterator[tuple[Found, Window]]:
        seen: set[str] = set()
        token = window.token
        while True:
            try:
                found = await calls.search(self._call, self._jql(window), token, self._fields())
            except Rejected as refused:
                if token is None or token != window.token or refused.facts.get("status") != 400:
                    raise
                log.warning("jira.token_refused", source=NAME)  # expired: begin the same window again
                token, window = None, window.at(None)
                continue
            token = found.next_page_token or None
            if token is not None:
                calls.fresh(token, seen)
            yield found, window.at(token) if token is not None else window.next()
            if token is None:
                return

    async def _page(self, found: Found, resume: Window) -> Page:
        read = [self._reader.read(bytes(raw)) for raw in found.issues or ()]
        items = tuple(record for record in read if isinstance(record, Pulled))
        parked = [record for record in read if isinstance(record, Parked)]
        changes: list[BacklogEvent] = []
        if items:
            async for batch in calls.changelogs(self._call, {pulled.item.id for pulled in items}):
                for history in batch:
                    for raw in history.change_histories or ():
                        _read_history(history.issue_id, bytes(raw), changes, parked)
        return Page(items, tuple(changes), tuple(parked), stored(resume))

    def _jql(self, window: Window) -> str:
        return jql(window, self._zone, self._settings.jql)

    def _fields(self) -> list[str]:
        return [*FIELDS, *([self._settings.team_field] if self._settings.team_field else [])]


def _read_history(issue_id: str, raw: bytes, changes: list[BacklogEvent], parked: list[Parked]) -> None:
    """Add an entry's events, or park the entry when it cannot be read; the rest of the history goes on."""
    try:
        changes.extend(list(events(NAME, issue_id, raw)))
    except Unreadable as wrong:
        parked.append(Parked(NAME, f"{issue_id}/changelog", wrong.message, raw))


def jira(settings: JiraSettings, patience: Patience | None = None) -> Source:
    """A site of Jira Cloud; raises Invalid when the account is missing."""
    if settings.email is None or settings.token is None:
        raise Invalid("the Jira source needs REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN beside REMIT_JIRA_URL")
    auth = (settings.email, settings.token.get_secret_value())

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        names = "REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
        async with calling(settings.url, what="Jira", settings=names, auth=auth, patience=patience) as call:
            yield JiraFeed(call, settings)

    return Source(NAME, "jira", opened)


SOURCE = SourceKind("jira", JiraSettings, lambda settings: jira(cast("JiraSettings", settings)))
