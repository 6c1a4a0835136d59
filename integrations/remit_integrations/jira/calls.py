"""The calls of Jira Cloud's REST API v3 that are used here, each with its paging."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Rejected, Unavailable
from remit.domain.ids import SourceName
from remit.domain.records import Reference
from remit_integrations.http import Caller
from remit_integrations.jira.payloads import FIELDS, Found, Histories, IssueHistory, clean, decoded, instant

API = "/rest/api/3"
PAGE = 100
CHANGELOG_ISSUES = 1000
CHANGELOG_PAGE = 10_000
MOST_PAGES = 100_000
"""More than any site has: a paging that never ends is a fault of the site's, not a long backlog."""


class Myself(Struct, rename="camel"):
    account_id: str
    time_zone: str = "UTC"
    display_name: str = ""


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
    active: bool = True


class Count(Struct):
    count: int | None = None


async def myself(call: Caller) -> tuple[Myself, ZoneInfo]:
    """Who we are to the site, and the time zone its JQL reads our times in."""
    told: Myself = decoded(await call.get(f"{API}/myself"), Myself, "the account")
    try:
        return told, ZoneInfo(told.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise Unavailable(f"the Jira account's time zone {told.time_zone!r} is not known here") from unknown


async def server_time(call: Caller) -> datetime:
    """The site's own clock; raises Rejected when the site is no Cloud site, whose API is another."""
    told: ServerInfo = decoded(await call.get(f"{API}/serverInfo"), ServerInfo, "the server")
    if told.deployment_type != "Cloud":
        raise Rejected(f"{call.what} is Jira {told.deployment_type or 'of an unknown kind'}; only Cloud is read")
    return instant(told.server_time)


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
    clause = jql.partition(" ORDER BY ")[0]
    told: Count = decoded(await call.post(f"{API}/search/approximate-count", {"jql": clause}), Count, "a count")
    return told.count


async def changelogs(call: Caller, ids: Collection[str]) -> AsyncIterator[Sequence[IssueHistory]]:
    """The whole history of these issues, page by page (an issue's own `expand=changelog` stops at 40 entries)."""
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
    """Projects, their components, statuses, users: in batches as they come."""
    projects: list[Reference] = []
    async for values in _values(call, f"{API}/project/search"):
        read = [_reference(source, "project", raw) for raw in values]
        projects.extend(read)
        yield read
    yield await _components(call, source, [project.key or project.id for project in projects])
    async for values in _values(call, f"{API}/statuses/search"):
        yield [_reference(source, "status", raw) for raw in values]
    async for values in _users(call):
        yield [_reference(source, "user", raw) for raw in values]


async def _components(call: Caller, source: SourceName, projects: Sequence[str]) -> list[Reference]:
    """Of many projects at once, as far as the caller has room; a failure waits for the others (see `http`)."""

    async def of(project: str) -> list[Reference]:
        read: list[Reference] = []
        async for values in _values(call, f"{API}/project/{project}/component"):
            read.extend(_reference(source, "component", raw) for raw in values)
        return read

    batches = await asyncio.gather(*(of(project) for project in projects), return_exceptions=True)
    found: list[Reference] = []
    for batch in batches:  # the first error is raised only now that all have ended: none was cancelled
        if isinstance(batch, BaseException):
            raise batch
        found.extend(batch)
    return found


async def _values(call: Caller, path: str) -> AsyncIterator[list[Raw]]:
    """Pages by `startAt`; the end is an empty page or `isLast`, since pages may be short."""
    start = 0
    while True:
        page: Values = decoded(await call.get(path, {"startAt": start, "maxResults": PAGE}), Values, path)
        values = page.values or []
        if values:
            yield values
        start += len(values)
        if not values or page.is_last or (page.total is not None and start >= page.total):
            return


async def _users(call: Caller) -> AsyncIterator[list[Raw]]:
    """`/users/search` answers a bare list; the page after the last is empty."""
    start = 0
    while True:
        body = await call.get(f"{API}/users/search", {"startAt": start, "maxResults": PAGE})
        try:
            users = msgspec.json.decode(body, type=list[Raw])
        except msgspec.DecodeError as wrong:
            raise Unavailable(f"Jira's answer about users cannot be read ({wrong}); try again later") from wrong
        if not users:
            return
        yield users
        start += len(users)


def _reference(source: SourceName, kind: str, raw: Raw) -> Reference:
    entry: Entry = decoded(bytes(raw), Entry, f"a {kind}")
    identity = entry.account_id if kind == "user" else str(entry.id or "")
    name = entry.display_name if kind == "user" else entry.name
    return Reference(source, kind, clean(identity or ""), clean(name or ""), bytes(raw), entry.key, entry.active)
