"""What each call answers."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from remit_integrations.standins.jira.jql import Unacceptable
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.shapes import issue, stamp, user
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]

CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
ACCOUNT = "stand-in-account"


async def myself(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    me = {"accountId": ACCOUNT, "accountType": "atlassian", "displayName": "Remit", "active": True}
    return {"self": f"{_base(request)}/rest/api/3/user?accountId={ACCOUNT}"} | me | {"timeZone": str(site.zone)}


async def server_info(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    now = stamp(site.clock().isoformat(), site.zone)
    told = {"baseUrl": _base(request), "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0]}
    return told | {"deploymentType": "Cloud", "serverTime": now, "serverTitle": "Jira"}


async def projects(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    shown = [{"id": one["id"], "key": one["key"], "name": one["name"]} for one in site.distinct("project")]
    return _paged(request, shown)


async def components(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    key = request.path_params["key"]
    found: dict[str, Json] = {}
    for kept in site.issues.values():
        project = kept.record["fields"]["project"]
        if key in (project["key"], project["id"]):
            found |= {one["id"]: {"id": one["id"], "name": one["name"], "project": project["key"]}
                      for one in kept.record["fields"].get("components") or ()}  # fmt: skip
    return _paged(request, [found[id_] for id_ in sorted(found)])


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
    return _paged(request, shown)


async def users(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    start, most = _bounds(request)
    return [user(one, _base(request)) for one in site.people()[start : start + most]]


async def search(site: Site, searching: Searching, request: Request, body: Json) -> bytes:
    asked = body if request.method == "POST" else dict(request.query_params)
    return searching.page(asked, _base(request))


async def approximate_count(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    return {"count": searching.count(str(body.get("jql") or ""))}


async def bulk_fetch(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    asked = body.get("issueIdsOrKeys") or []
    if not 1 <= len(asked) <= 100:
        raise Unacceptable("issueIdsOrKeys must hold 1 to 100 ids or keys.")
    fields = frozenset(body.get("fields") or ["*all"])
    found = {record["id"]: record for one in asked if (record := site.found(str(one))) is not None}
    shown = [issue(found[id_], _base(request), fields, site.zone) for id_ in sorted(found, key=int)]
    return {"issues": shown, "issueErrors": []}


async def changelogs(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    asked = body.get("issueIdsOrKeys") or []
    if not 1 <= len(asked) <= 1000:
        raise Unacceptable("issueIdsOrKeys must hold 1 to 1000 ids or keys.")
    most = min(max(1, int(body.get("maxResults") or 1000)), 10_000)
    start = int(body.get("nextPageToken") or 0)
    records = [record for one in asked if (record := site.found(str(one))) is not None]
    entries = [(record["id"], entry) for record in records for entry in site.histories.get(record["id"], ())]
    by_issue: dict[str, list[Json]] = {}
    for id_, entry in entries[start : start + most]:
        by_issue.setdefault(id_, []).append(_entry(entry, _base(request), site))
    told: Json = {"issueChangeLogs": [{"issueId": i, "changeHistories": shown} for i, shown in by_issue.items()]}
    return told | ({"nextPageToken": str(start + most)} if start + most < len(entries) else {})


async def one_issue(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """A former key answers with the issue under its new one, without a redirect."""
    found = site.found(request.path_params["key"])
    if found is None:
        raise KeyError(request.path_params["key"])
    asked = request.query_params.get("fields", "*all")
    return issue(found, _base(request), frozenset(asked.split(",")), site.zone)


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
)


def _entry(entry: Json, base: str, site: Site) -> Json:
    author = {"author": user(entry["author"], base)} if entry.get("author") else {}
    return {"id": str(entry["id"]), "created": stamp(entry["created"], site.zone), "items": entry["items"]} | author


def _paged(request: Request, values: Sequence[Json]) -> Json:
    start, most = _bounds(request)
    shown = values[start : start + most]
    last = start + len(shown) >= len(values)
    told = {"self": str(request.url), "startAt": start, "maxResults": most, "total": len(values), "isLast": last}
    return told | {"values": list(shown)}


def _bounds(request: Request) -> tuple[int, int]:
    try:
        start = int(request.query_params.get("startAt", "0"))
        most = int(request.query_params.get("maxResults", "50"))
    except ValueError as wrong:
        raise Unacceptable("startAt and maxResults must be numbers.") from wrong
    return max(0, start), min(max(1, most), 100)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
