"""What each call answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.requests import Request

from remit_integrations.standins.jira.asked import checked, of_query
from remit_integrations.standins.jira.jql import Unacceptable
from remit_integrations.standins.jira.metadata import fields as field_list
from remit_integrations.standins.jira.paging import base, bounds, paged
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.shapes import issue, stamp, user
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]

CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
ACCOUNT = "stand-in-account"
BULK_FETCH = {"issueIdsOrKeys": list, "fields": list, "expand": list, "properties": list, "fieldsByKeys": bool}
BULK_CHANGELOGS = {"issueIdsOrKeys": list, "fieldIds": list, "maxResults": int, "nextPageToken": str}
LONGEST_EXPANDED_HISTORY = 40


async def myself(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    me = {"accountId": ACCOUNT, "accountType": "atlassian", "displayName": "Remit", "active": True}
    return {"self": f"{base(request)}/rest/api/3/user?accountId={ACCOUNT}"} | me | {"timeZone": str(site.zone)}


async def server_info(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    now = stamp(site.clock().isoformat(), site.zone)
    told = {"baseUrl": base(request), "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0]}
    return told | {"deploymentType": "Cloud", "serverTime": now, "serverTitle": "Jira"}


async def projects(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    shown = [{"id": one["id"], "key": one["key"], "name": one["name"]} for one in site.distinct("project")]
    return paged(request, shown)


async def components(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    return paged(request, components_of(site, request.path_params["key"]))


async def statuses(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    shown = [
        {
            "id": one["id"],
            "name": one["name"],
            "description": one.get("description", ""),
            "statusCategory": CATEGORIES.get(one.get("statusCategory", {}).get("key", ""), "TODO"),
        }
        for one in site.distinct("status")
    ]
    return paged(request, shown)


async def users(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    start, most = bounds(request)
    return [user(one, base(request)) for one in site.people()[start : start + most]]


async def search(site: Site, searching: Searching, request: Request, body: Json) -> bytes:
    asked = body if request.method == "POST" else of_query(request.query_params.multi_items())
    return searching.page(asked, base(request))


async def approximate_count(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    checked(body, {"jql": str})
    return {"count": searching.count(body.get("jql") or "")}


async def bulk_fetch(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """In ascending order of ids; what is not there, or not visible, is simply absent."""
    checked(body, BULK_FETCH)
    records = _asked_for(site, body, 100)
    fields = frozenset(body.get("fields") or ["*all"])
    root, with_history = base(request), "changelog" in (body.get("expand") or ())
    shown = [
        issue(record, root, fields, site.zone) | (_recent(site, record["id"], root) if with_history else {})
        for record in sorted(records, key=lambda record: int(record["id"]))
    ]
    return {"issues": shown, "issueErrors": []}


async def changelogs(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """Oldest first, over all the issues asked for."""
    checked(body, BULK_CHANGELOGS)
    only = frozenset(body.get("fieldIds") or ())
    if len(only) > 10:
        raise Unacceptable("fieldIds must hold at most 10 ids.")
    most: int = 1000 if body.get("maxResults") is None else body["maxResults"]
    if not 1 <= most <= 10_000:
        raise Unacceptable("maxResults must be between 1 and 10000.")
    token = body.get("nextPageToken") or "0"
    if not token.isdecimal():
        raise Unacceptable("The provided next page token is invalid or expired.")
    start, root = int(token), base(request)
    entries = [
        (record["id"], entry)
        for record in _asked_for(site, body, 1000)
        for entry in _touching(site.histories.get(record["id"], ()), only)
    ]
    entries.sort(key=lambda one: when(one[1]))
    by_issue: dict[str, list[Json]] = {}
    for id_, entry in entries[start : start + most]:
        by_issue.setdefault(id_, []).append(entry_shown(entry, root, site))
    told: Json = {"issueChangeLogs": [{"issueId": i, "changeHistories": shown} for i, shown in by_issue.items()]}
    return told | ({"nextPageToken": str(start + most)} if start + most < len(entries) else {})


async def one_issue(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """A former key answers with the issue under its new one, without a redirect."""
    found = site.found(request.path_params["key"])
    if found is None:
        raise KeyError(request.path_params["key"])
    asked = request.query_params.get("fields", "*all")
    return issue(found, base(request), frozenset(asked.split(",")), site.zone)


async def changelog(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """One issue's history, oldest first, page by page."""
    found = site.found(request.path_params["key"])
    if found is None:
        raise KeyError(request.path_params["key"])
    entries = sorted(site.histories.get(found["id"], ()), key=when)
    return paged(request, [entry_shown(entry, base(request), site) for entry in entries])


CALLS = (
    ("GET", "/myself", myself),
    ("GET", "/serverInfo", server_info),
    ("GET", "/project/search", projects),
    ("GET", "/project/{key}/component", components),
    ("GET", "/statuses/search", statuses),
    ("GET", "/users/search", users),
    ("POST", "/search/jql", search),
    ("GET", "/search/jql", search),
    ("POST", "/search/approximate-count", approximate_count),
    ("POST", "/issue/bulkfetch", bulk_fetch),
    ("POST", "/changelog/bulkfetch", changelogs),
    ("GET", "/issue/{key}", one_issue),
    ("GET", "/issue/{key}/changelog", changelog),
    ("GET", "/field", field_list),
)

IN_BOTH_VERSIONS = (("GET", "/myself", myself), ("GET", "/serverInfo", server_info))
"""Calls of the second version that are the same there, by which a client tells a Cloud site from a Data Center."""


def components_of(site: Site, key: str) -> list[Json]:
    """Those that a project's issues name; raises KeyError when there is no such project."""
    if not any(key in (project["key"], project["id"]) for project in site.distinct("project")):
        raise KeyError(key)
    found: dict[str, Json] = {}
    for kept in site.issues.values():
        project = kept.record["fields"]["project"]
        if key in (project["key"], project["id"]):
            found |= {one["id"]: {"id": one["id"], "name": one["name"], "project": project["key"]}
                      for one in kept.record["fields"].get("components") or ()}  # fmt: skip
    return [found[id_] for id_ in sorted(found)]


def _asked_for(site: Site, body: Json, most: int) -> list[Json]:
    """Each issue once, by id, key or former key."""
    asked = body.get("issueIdsOrKeys") or []
    if not 1 <= len(asked) <= most:
        raise Unacceptable(f"issueIdsOrKeys must hold 1 to {most} ids or keys.")
    found = (site.found(one) for one in asked)
    return list({record["id"]: record for record in found if record is not None}.values())


def _touching(entries: Iterable[Json], only: frozenset[str]) -> list[Json]:
    """The entries that change one of the fields; all where none is named."""
    return [one for one in entries if not only or any(item.get("fieldId") in only for item in one.get("items") or ())]


def _recent(site: Site, id_: str, base: str) -> Json:
    """The newest entries only, newest first."""
    entries = sorted(site.histories.get(id_, ()), key=when, reverse=True)
    shown = [entry_shown(entry, base, site) for entry in entries[:LONGEST_EXPANDED_HISTORY]]
    return {"changelog": {"startAt": 0, "maxResults": len(shown), "total": len(entries), "histories": shown}}


def entry_shown(entry: Json, base: str, site: Site) -> Json:
    author = {"author": user(entry["author"], base)} if entry.get("author") else {}
    return {"id": str(entry["id"]), "created": stamp(entry["created"], site.zone), "items": entry["items"]} | author


def when(entry: Json) -> datetime:
    return datetime.fromisoformat(entry["created"])
