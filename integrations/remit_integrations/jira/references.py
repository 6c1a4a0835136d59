"""What Jira calls its projects, components, statuses and users, as far as the account may list them.

A run needs the projects only: they prove that the account sees anything. Issues carry the names of the others.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import Reference
from remit_integrations.http import Caller
from remit_integrations.jira.calls import API, PAGE, myself
from remit_integrations.jira.decoding import decoded, needed, text

log = structlog.get_logger()
STATUSES, USERS = f"{API}/statuses/search", f"{API}/users/search"
NOT_FOUND = 404
NOT_ALLOWED = (401, 403, NOT_FOUND)
"""What a list answers to an account without the permission, or to a token without the scope."""


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
    email_address: str | None = None


async def references(call: Caller, source: SourceName) -> AsyncIterator[Sequence[Reference]]:
    """Projects, their components, statuses, users: in batches as they come. What has no id is left out.

    A list that the account may not read is left out with a warning, save that of the projects. Raises Rejected when
    there is no project at all: an account without permissions meets empty lists, not refusals.
    """
    projects: list[Reference] = []
    async for values in _values(call, f"{API}/project/search"):
        read = _references(source, "project", values)
        projects.extend(read)
        yield read
    if not projects:
        raise Rejected(f"{call.what} shows no project to this account; give it permission to browse them")
    yield await _components(call, source, [project.id for project in projects])
    # Listing statuses takes the right to administer a project, listing users that to browse them (Atlassian, 2026-06).
    async for batch in _if_allowed(call, source, "status", _values(call, STATUSES)):
        yield batch
    async for batch in _if_allowed(call, source, "user", _users(call)):
        yield batch


async def withheld(call: Caller) -> tuple[str, ...]:
    """The lists the account may not read, of those a run does without; not components, which differ by project."""
    found: list[str] = []
    for name, path in (("users", USERS), ("statuses", STATUSES)):
        try:
            await call.get(path, {"startAt": 0, "maxResults": 1})
        except Rejected as refused:
            if refused.facts.get("status") not in NOT_ALLOWED:
                raise
            found.append(name)
    return tuple(found)


async def _if_allowed(
    call: Caller, source: SourceName, kind: str, pages: AsyncIterator[list[Raw]]
) -> AsyncIterator[list[Reference]]:
    try:
        async for values in pages:
            yield _references(source, kind, values)
    except Rejected as refused:
        await _pass_over(call, source, kind, refused)


async def _pass_over(call: Caller, source: SourceName, kind: str, refused: Rejected) -> None:
    """Tell of a list that the account may not read; raises what is no matter of permissions.

    401 may mean either that a token lacks the scope, or that it has died: then `/myself` is refused too.
    """
    status = refused.facts.get("status")
    if status not in NOT_ALLOWED:
        raise refused
    if status == 401:
        await myself(call)
    log.warning("jira.list_refused", source=source, kind=kind, reason=refused.message)


async def _components(call: Caller, source: SourceName, projects: Sequence[str]) -> list[Reference]:
    """Of many projects at once, as far as the caller has room; a failure waits for the others (see `http`)."""

    async def of(project: str) -> list[Raw]:
        path = f"{API}/project/{quote(project, safe='')}/component"
        return [raw async for values in _values(call, path) for raw in values]

    batches = await asyncio.gather(*(of(project) for project in projects), return_exceptions=True)
    found: list[Raw] = []
    refusals: list[Rejected] = []
    for batch in batches:  # the first error is raised only now that all have ended: none was cancelled
        if isinstance(batch, Rejected):
            refusals.append(batch)
        elif isinstance(batch, BaseException):
            raise batch
        else:
            found.extend(batch)
    for refused in refusals:
        if refused.facts.get("status") != NOT_FOUND:  # 404: deleted, or hidden from us, since the projects were listed
            await _pass_over(call, source, "component", refused)
            break
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
        body = await call.get(USERS, {"startAt": start, "maxResults": PAGE})
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
        found[id_] = Reference(
            source, kind, id_, name, bytes(raw), text(entry.key), entry.active is not False, _email(entry.email_address)
        )
    return list(found.values())


def _email(told: str | None) -> str | None:
    """An address that may belong to somebody: a site that hides them may tell `?` (recorded 2026-11)."""
    return text(told) if told is not None and "@" in told else None
