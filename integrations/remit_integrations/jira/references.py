"""What Jira calls its projects, components, statuses and users, as far as the account may list them.

A run needs the projects only: they prove that the account sees anything. Issues carry the names of the others.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import Reference, StatusCategory
from remit_integrations.decoding import needed, text
from remit_integrations.http import Caller
from remit_integrations.jira.calls import API, PAGE
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.greeting import myself

Answered = TypeVar("Answered")
log = structlog.get_logger()
STATUSES, USERS = f"{API}/statuses/search", f"{API}/users/search"
NOT_FOUND = 404
NOT_ALLOWED = (401, 403, NOT_FOUND)
"""What a list answers to an account without the permission, or to a token without the scope."""
CATEGORIES = {
    "TODO": StatusCategory.NEW,
    "IN_PROGRESS": StatusCategory.IN_PROGRESS,
    "DONE": StatusCategory.DONE,
    "new": StatusCategory.NEW,
    "indeterminate": StatusCategory.IN_PROGRESS,
    "done": StatusCategory.DONE,
}
"""How the vendor's lists name the category of a status."""


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
    status_category: Any = None
    """A word in the search of the Cloud, an object with a key in the list of a Data Center (2026-11)."""


async def references(call: Caller, source: SourceName) -> AsyncIterator[Sequence[Reference]]:
    """Projects, their components, statuses, users: in batches as they come. What has no id is left out.

    A list that the account may not read is left out with a warning, save that of the projects. Raises Rejected when
    there is no project at all: an account without permissions meets empty lists, not refusals.
    """
    projects: list[Reference] = []
    async for values in paged(call, f"{API}/project/search"):
        read = read_as(source, "project", values)
        projects.extend(read)
        yield read
    if not projects:
        raise Rejected(f"{call.what} shows no project to this account; give it permission to browse them")
    yield await components(call, API, source, [f"{API}/project/{quote(one.id, safe='')}/component" for one in projects])
    # Listing statuses takes the right to administer a project, listing users that to browse them (Atlassian, 2026-06).
    async for batch in if_allowed(call, API, source, "status", paged(call, STATUSES)):
        yield batch
    async for batch in if_allowed(call, API, source, "user", bare(call, USERS, PAGE)):
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


async def if_allowed(
    call: Caller, api: str, source: SourceName, kind: str, pages: AsyncIterator[list[Raw]]
) -> AsyncIterator[list[Reference]]:
    try:
        async for values in pages:
            yield read_as(source, kind, values)
    except Rejected as refused:
        await pass_over(call, api, source, kind, refused)


async def pass_over(call: Caller, api: str, source: SourceName, kind: str, refused: Rejected) -> None:
    """Tell of a list that the account may not read; raises what is no matter of permissions.

    401 may mean either that a token lacks the scope, or that it has died: then `/myself` is refused too.
    """
    status = refused.facts.get("status")
    if status not in NOT_ALLOWED:
        raise refused
    if status == 401:
        await myself(call, api)
    log.warning("jira.list_refused", source=source, kind=kind, reason=refused.message)


async def components(call: Caller, api: str, source: SourceName, paths: Sequence[str]) -> list[Reference]:
    """Of many projects at once, as far as the caller has room."""

    async def of(path: str) -> list[Raw]:
        return [raw async for values in (paged if api == API else whole)(call, path) for raw in values]

    found, refusals = await gathered([of(path) for path in paths])
    for refused in refusals:
        if refused.facts.get("status") != NOT_FOUND:  # 404: deleted, or hidden from us, since the projects were listed
            await pass_over(call, api, source, "component", refused)
            break
    return read_as(source, "component", [raw for batch in found for raw in batch])


async def gathered(askings: Sequence[Awaitable[Answered]]) -> tuple[list[Answered], list[Rejected]]:
    """What many calls answered in their order, and the refusals among them; a failure waits for the others (`http`)."""
    answers = await asyncio.gather(*askings, return_exceptions=True)
    found: list[Answered] = []
    refusals: list[Rejected] = []
    for answer in answers:  # the first error is raised only now that all have ended: none was cancelled
        if isinstance(answer, Rejected):
            refusals.append(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.append(answer)
    return found, refusals


async def paged(call: Caller, path: str) -> AsyncIterator[list[Raw]]:
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


async def bare(call: Caller, path: str, most: int, **asked: str) -> AsyncIterator[list[Raw]]:
    """Lists without anything around them, by `startAt`; the page after the last is empty."""
    start, before = 0, b""
    while True:
        body = await call.get(path, {**asked, "startAt": start, "maxResults": most})
        values: list[Raw] = decoded(body, list[Raw], path)
        if not values:
            return
        before = _moved_on(values, before)
        yield values
        start += len(values)


async def whole(call: Caller, path: str) -> AsyncIterator[list[Raw]]:
    """A list that comes in one piece."""
    values: list[Raw] = decoded(await call.get(path), list[Raw], path)
    yield values


def _moved_on(values: Sequence[Raw], before: bytes) -> bytes:
    """The page's first entry; raises Unavailable when the page before began with the same one."""
    first = bytes(values[0])
    if first == before:
        raise Unavailable("Jira answers the same page again and again; try again later")
    return first


def read_as(source: SourceName, kind: str, values: Sequence[Raw]) -> list[Reference]:
    """By id, the later one where an id comes twice: lists by `startAt` shift while they are read."""
    found: dict[str, Reference] = {}
    for raw in values:
        try:
            entry: Entry = decoded(bytes(raw), Entry, f"a {kind}")
            id_ = needed(_user(entry) if kind == "user" else entry.id, "id")
        except (Unavailable, Unreadable) as wrong:
            log.warning("jira.reference_left_out", source=source, kind=kind, reason=wrong.message)
            continue
        name = text(entry.display_name if kind == "user" else entry.name) or ""
        found[id_] = Reference(
            source,
            kind,
            id_,
            name,
            bytes(raw),
            text(entry.key),
            entry.active is not False,
            _email(entry.email_address),
            _category(entry.status_category),
        )
    return list(found.values())


def _user(entry: Entry) -> str | None:
    """As issues name users (`payloads.person`)."""
    return entry.account_id or entry.key or entry.name


def _email(told: str | None) -> str | None:
    """An address that may belong to somebody: a site that hides them may tell `?` (recorded 2026-11)."""
    return text(told) if told is not None and "@" in told else None


def _category(told: Any) -> StatusCategory | None:
    key = told.get("key") if isinstance(told, dict) else told
    return CATEGORIES.get(key) if isinstance(key, str) else None
