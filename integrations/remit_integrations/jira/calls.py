"""The calls of Jira Cloud's REST API v3 that are used here, each with its paging."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Unavailable, Unreadable
from remit_integrations.decoding import instant, seen_id
from remit_integrations.http import Caller
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.greeting import CLOUD
from remit_integrations.jira.payloads import FIELDS, ById, Found, Histories

log = structlog.get_logger()
API = CLOUD
PAGE = 100
BARE_PAGE = 5000
"""The vendor's most, for pages of nothing but ids."""
AT_ONCE = 100
"""Issues that can be asked for by id in one call."""
RECONCILED = 50
"""Issues a search can be made to see as they are, and not as its index last saw them."""
CHANGELOG_ISSUES = 1000
CHANGELOG_PAGE = 10_000
MOST_PAGES = 100_000
"""More than any site has: a paging that never ends is a fault of the site's, not a long backlog."""


class Count(Struct):
    count: int | None = None


class Created(Struct):
    created: str | int | None = None


class Oldest(Struct):
    fields: Created


async def search(call: Caller, jql: str, token: str | None, fields: Sequence[str] = FIELDS) -> Found:
    """One page of the search; it may hold fewer issues than asked for."""
    return await _search(call, {"jql": jql, "maxResults": PAGE, "fields": list(fields)}, token)


async def ids(call: Caller, jql: str, reconciled: Sequence[int] = ()) -> AsyncIterator[list[str]]:
    """The ids of everything a search shows, page by page; at most 50 of them can be `reconciled`."""
    body: dict[str, object] = {"jql": jql, "maxResults": BARE_PAGE, "fields": ["id"]}
    if reconciled:
        body["reconcileIssues"] = list(reconciled)
    token, seen = None, set[str]()
    while True:
        found = await _search(call, body, token)
        yield [id_ for raw in found.issues or () if (id_ := seen_id(bytes(raw))) is not None]
        if not found.next_page_token:
            return
        token = fresh(found.next_page_token, seen)


async def within(call: Caller, issues: Sequence[str], restriction: str) -> frozenset[str]:
    """Those of at most 50 issues a restriction holds for now. They must exist: Jira refuses a search for others."""
    jql = f"({restriction}) AND id in ({', '.join(issues)}) ORDER BY key ASC"
    return frozenset([id_ async for page in ids(call, jql, [int(id_) for id_ in issues]) for id_ in page])


async def by_id(call: Caller, issues: Sequence[str], fields: Sequence[str]) -> tuple[Sequence[Raw], frozenset[str]]:
    """At most 100 issues as they are, past any index; and the ids of those that are not there, or hidden from us.

    Such an issue is in neither list of the answer. Where an entry does not show its id, none is taken for absent.
    """
    told: ById = decoded(
        await call.post(f"{API}/issue/bulkfetch", {"issueIdsOrKeys": list(issues), "fields": list(fields)}),
        ById,
        "issues by id",
    )
    if told.issues is None:
        raise Unavailable("Jira's answer about issues by id has no issues; try again later")
    named = {seen_id(bytes(raw)) for raw in (*told.issues, *(told.issue_errors or ()))}
    return told.issues, frozenset() if None in named else frozenset(issues) - named


async def _search(call: Caller, asked: dict[str, object], token: str | None) -> Found:
    body = asked if token is None else {**asked, "nextPageToken": token}
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
    return first_created(found.issues or ())


def first_created(issues: Sequence[Raw]) -> datetime | None:
    """When the first of these that says so was created."""
    for raw in issues:
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
