"""The calls of Jira Cloud's REST API v3 that are used here, each with its paging."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import Reference
from remit_integrations.http import Caller
from remit_integrations.jira.decoding import decoded, instant, needed, text
from remit_integrations.jira.payloads import FIELDS, Found, Histories

log = structlog.get_logger()
API = "/rest/api/3"
PAGE = 100
CHANGELOG_ISSUES = 1000
CHANGELOG_PAGE = 10_000
MOST_PAGES = 100_000
"""More than any site has: a paging that never ends is a fault of the site's, not a long backlog."""

SCOPED = "a token with scopes is good for https://api.atlassian.com/ex/jira/CLOUD-ID only"
LAST_ZONE = "Etc/GMT+12"
"""Twelve hours behind UTC, in the inverted sign of that name."""


class Myself(Struct, rename="camel"):
    account_id: str
    time_zone: str | None = None


class ServerInfo(Struct, rename="camel"):
    deployment_type: str | None = None
    server_time: str | None = None


class Values(Struct, rename="camel"):
    """A page by `startAt`."""

    values: list[Raw] | None = None
    is_last: bool | None = None
    total: int | None = None


class Entry(Struct, rename="camel"):
    """A project, component, status or user."""

    id: str | int | None = None
    key: str | None = None
    name: str | None = None
    account_id: str | None = None
    display_name: str | None = None
    active: bool | None = None


class Count(Struct):
    count: int | None = None


class Created(Struct):
    created: str | int | None = None


class Oldest(Struct):
    fields: Created


async def myself(call: Caller) -> tuple[Myself, ZoneInfo]:
    """Who we are to the site, and the time zone its JQL reads our times in.

    A zone that is not told, or not known here, becomes the one whose clocks are last: times written in it are read too
    early wherever the account is, so more is read again and nothing is missed.
    """
    try:
        told: Myself = decoded(await call.get(f"{API}/myself"), Myself, "the account")
    except Rejected as refused:
        if refused.facts.get("status") != 401:
            raise
        raise Rejected(f"{refused.message} ({SCOPED})", **refused.facts) from refused
    try:
        return told, ZoneInfo(told.time_zone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        log.warning("jira.zone_unknown", zone=told.time_zone)
        return told, ZoneInfo(LAST_ZONE)


async def server_time(call: Caller) -> datetime:
    """The site's own clock; raises Rejected when the site is no Cloud site, whose API is another."""
    told: ServerInfo = decoded(await call.get(f"{API}/serverInfo"), ServerInfo, "the server")
    if told.deployment_type != "Cloud":
        raise Rejected(f"{call.what} is Jira {told.deployment_type or 'of an unknown kind'}; only Cloud is read")
    try:
        return instant(told.server_time)
    except Unreadable as wrong:
        raise Unavailable(f"Jira does not tell its time ({wrong.message}); try again later") from wrong


async def search(call: Caller, jql: str, token: str | None, fields: Sequence[str] = FIELDS) -> Found:
    """One page of the search; it may hold fewer issues than asked for."""
    body: dict[str, object] = {"jql": jql, "maxResults": PAGE, "fields": list(fields)}
    if token is not None:
        body["nextPageToken"] = token
    found: Found = decoded(await call.post(f"{API}/search/jql", body), Found, "issues")
    if found.issues is None:
        raise Unavailable("Jira's answer about issues has no issues; try again later")
    return found


async def approximate_count(call: Caller, jql: str) -> int | None:
    clause = jql.rpartition(" ORDER BY ")[0]
    told: Count = decoded(await call.post(f"{API}/search/approximate-count", {"jql": clause}), Count, "a count")
    return told.count


async def oldest(call: Caller, jql: str) -> datetime | None:
    """When the first of the issues of a search was created; None when there is none, or it does not tell."""
    clause = jql.rpartition(" ORDER BY ")[0]
    body: dict[str, object] = {"jql": f"{clause} ORDER BY created ASC", "maxResults": 1, "fields": ["created"]}
    found: Found = decoded(await call.post(f"{API}/search/jql", body), Found, "the oldest issue")
    for raw in found.issues or ():
        try:
            return instant(decoded(bytes(raw), Oldest, "the oldest issue").fields.created)
        except (Unreadable, Unavailable) as wrong:
            log.warning("jira.oldest_unreadable", reason=wrong.message)
    return None


async def changelogs(call: Caller, ids: Collection[str]) -> AsyncIterator[Sequence[Raw]]:
    """The whole history of these issues, unread, page by page (`expand=changelog` stops at 40 entries an issue)."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHANGELOG_ISSUES):
        body: dict[str, object] = {
            "issueIdsOrKeys": wanted[start : start + CHANGELOG_ISSUES],
            "maxResults": CHANGELOG_PAGE,
        }
        seen: set[str] = set()
        while True:
            page: Histories = decoded(await call.post(f"{API}/changelog/bulkfetch", body), Histories, "changelogs")
            yield page.issue_change_logs or ()
            if not page.next_page_token:
                break
            body["nextPageToken"] = fresh(page.next_page_token, seen)


def fresh(token: str, seen: set[str]) -> str:
    """A page token not met before; raises Unavailable when the site's paging runs in a circle."""
    if token in seen or len(seen) >= MOST_PAGES:
        raise Unavailable("Jira's paging runs in a circle; what was read is kept, try again later")
    seen.add(token)
    return token


async def references(call: Caller, source: SourceName) -> AsyncIterator[Sequence[Reference]]:
    """Projects, their components, statuses, users: in batches as they come. What has no id is left out.

    Raises Rejected when there is no project at all: an account without permissions meets empty lists, not refusals.
    """
    projects: list[Reference] = []
    async for values in _values(call, f"{API}/project/search"):
        read = _references(source, "project", values)
        projects.extend(read)
        yield read
    if not projects:
        raise Rejected(f"{call.what} shows no project to this account; give it permission to browse them")
    yield await _components(call, source, [project.id for project in projects])
    async for values in _values(call, f"{API}/statuses/search"):
        yield _references(source, "status", values)
    async for values in _users(call):
        yield _references(source, "user", values)


async def _components(call: Caller, source: SourceName, projects: Sequence[str]) -> list[Reference]:
    """Of many projects at once, as far as the caller has room; a failure waits for the others (see `http`)."""

    async def of(project: str) -> list[Raw]:
        read: list[Raw] = []
        try:
            async for values in _values(call, f"{API}/project/{quote(project, safe='')}/component"):
                read.extend(values)
        except Rejected as refused:
            if refused.facts.get("status") != 404:
                raise  # 404: deleted, or hidden from us, since the projects were listed
        return read

    batches = await asyncio.gather(*(of(project) for project in projects), return_exceptions=True)
    found: list[Raw] = []
    for batch in batches:  # the first error is raised only now that all have ended: none was cancelled
        if isinstance(batch, BaseException):
            raise batch
        found.extend(batch)
    return _references(source, "component", found)


async def _values(call: Caller, path: str) -> AsyncIterator[list[Raw]]:
    """Pages by `startAt`; the end is an empty page or `isLast`, since pages may be short."""
    start, before = 0, b""
    while True:
        page: Values = decoded(await call.get(path, {"startAt": start, "maxResults": PAGE}), Values, path)
        values = page.values or []
        if values:
            before = _moved_on(values, before)
            yield values
        start += len(values)
        if not values or page.is_last or (page.total is not None and start >= page.total):
            return


async def _users(call: Caller) -> AsyncIterator[list[Raw]]:
    """`/users/search` answers a bare list; the page after the last is empty."""
    start, before = 0, b""
    while True:
        body = await call.get(f"{API}/users/search", {"startAt": start, "maxResults": PAGE})
        users: list[Raw] = decoded(body, list[Raw], "users")
        if not users:
            return
        before = _moved_on(users, before)
        yield users
        start += len(users)


def _moved_on(values: Sequence[Raw], before: bytes) -> bytes:
    """The page's first entry; raises Unavailable when the page before began with the same one."""
    first = bytes(values[0])
    if first == before:
        raise Unavailable("Jira answers the same page again and again; try again later")
    return first


def _references(source: SourceName, kind: str, values: Sequence[Raw]) -> list[Reference]:
    """By id, the later one where an id comes twice: lists by `startAt` shift while they are read."""
    found: dict[str, Reference] = {}
    for raw in values:
        try:
            entry: Entry = decoded(bytes(raw), Entry, f"a {kind}")
            id_ = needed(entry.account_id if kind == "user" else entry.id, "id")
        except (Unavailable, Unreadable) as wrong:
            log.warning("jira.reference_left_out", source=source, kind=kind, reason=wrong.message)
            continue
        name = text(entry.display_name if kind == "user" else entry.name) or ""
        found[id_] = Reference(source, kind, id_, name, bytes(raw), text(entry.key), entry.active is not False)
    return list(found.values())
