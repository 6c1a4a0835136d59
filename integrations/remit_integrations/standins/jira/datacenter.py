"""What each call of a Data Center's REST API v2 answers."""

from typing import Any

import orjson
from starlette.requests import Request

from remit_integrations.standins.jira.answers import components_of, when
from remit_integrations.standins.jira.asked import checked
from remit_integrations.standins.jira.changes import on_premises
from remit_integrations.standins.jira.metadata import fields as field_list
from remit_integrations.standins.jira.paging import base, bounded, bounds
from remit_integrations.standins.jira.refusals import Denied
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.shapes import SERVER, issue, server_user, stamp
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]
LARGEST_PAGE = 1000
"""`jira.search.views.default.max`, as it is delivered."""
SEARCH = {
    "jql": str, "startAt": int, "maxResults": int, "fields": list, "expand": list, "validateQuery": bool,
    "properties": list,
}  # fmt: skip
ME = {
    "name": "remit",
    "key": "JIRAUSER10000",
    "emailAddress": "sync@example.com",
    "displayName": "Remit",
    "active": True,
}


async def myself(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    return server_user(ME, base(request)) | {"timeZone": str(site.zone)}


async def server_info(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    now = stamp(site.clock().isoformat(), site.zone)
    told = {"baseUrl": base(request), "version": "9.12.4", "versionNumbers": [9, 12, 4], "buildNumber": 9120004}
    return told | {"deploymentType": "Server", "serverTime": now, "serverTitle": "Jira"}


async def search(site: Site, searching: Searching, request: Request, body: Json) -> bytes:
    """Pages by `startAt` over what fits now: what changes between two pages shifts the second."""
    asked: Json = body if request.method == "POST" else dict(request.query_params)
    if request.method == "POST":
        checked(body, SEARCH)
    start, most = bounded(asked.get("startAt") or 0, asked.get("maxResults", 50), LARGEST_PAGE)
    fields, expand = frozenset(_listed(asked.get("fields")) or ["*navigable"]), _listed(asked.get("expand"))
    strict = asked.get("validateQuery") not in (False, "false")
    found, root = searching.results(asked.get("jql") or "", bounded=False, strict=strict), base(request)
    seen = [one[0] for id_ in found[start : start + most] if (one := site.indexed_one(id_)) is not None]
    shown = b",".join(
        _shown(site, searching, record, fields, root, with_history="changelog" in expand) for record in seen
    )
    head = b'{"expand":"schema,names","startAt":%d,"maxResults":%d,"total":%d,"issues":[%s]}'
    return head % (start, most, len(found), shown)


async def one_issue(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """One that is there and not for us is told apart from one that is not there. A former key leads to it as well."""
    id_ = request.path_params["key"]
    kept = site.issues.get(id_) or site.issues.get(site.keys().get(id_, ""))
    if kept is None:
        raise Denied(404, "Issue Does Not Exist")
    if kept.hidden:
        raise Denied(403, "You do not have the permission to see the specified issue.")
    fields = frozenset(_listed(request.query_params.get("fields")) or ["*all"])
    shown = issue(kept.record, base(request), fields, site.zone, SERVER)
    if "changelog" in _listed(request.query_params.get("expand")):
        shown |= _history(site, kept.record["id"], base(request))
    return shown


async def projects(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    return [
        {
            "self": f"{base(request)}/rest/api/2/project/{one['id']}",
            **{name: one[name] for name in ("id", "key", "name")},
        }
        for one in site.distinct("project")
    ]


async def components(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    return components_of(site, request.path_params["key"])


async def statuses(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    return site.distinct("status")


async def users(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    """Those whose name, display name or e-mail address has the text; `.` is in every address."""
    wanted = request.query_params.get("username")
    if not wanted:
        raise Denied(400, "The username query parameter was not provided")
    people = [server_user(one, base(request)) for one in site.people()]
    texts = ("name", "displayName", "emailAddress")
    found = [one for one in people if any(wanted.lower() in str(one.get(text, "")).lower() for text in texts)]
    start, most = bounds(request, LARGEST_PAGE)
    return found[start : start + most]


def _shown(
    site: Site, searching: Searching, record: Json, fields: frozenset[str], root: str, *, with_history: bool
) -> bytes:
    told = searching.encoded(record, fields, root)
    return told[:-1] + b"," + orjson.dumps(_history(site, record["id"], root))[1:] if with_history else told


def _history(site: Site, id_: str, root: str) -> Json:
    """The whole of it, oldest first."""
    entries = [
        {
            "id": str(entry["id"]),
            **({"author": server_user(entry["author"], root)} if entry.get("author") else {}),
            "created": stamp(entry["created"], site.zone),
            "items": on_premises(entry["items"]),
        }
        for entry in sorted(site.histories.get(id_, ()), key=when)
    ]
    return {"changelog": {"startAt": 0, "maxResults": len(entries), "total": len(entries), "histories": entries}}


def _listed(told: Any) -> list[str]:
    parts = told if isinstance(told, list) else [told or ""]
    return [name for part in parts for name in str(part).split(",") if name]


CALLS = (
    ("GET", "/myself", myself),
    ("GET", "/serverInfo", server_info),
    ("GET", "/search", search),
    ("POST", "/search", search),
    ("GET", "/issue/{key}", one_issue),
    ("GET", "/project", projects),
    ("GET", "/project/{key}/components", components),
    ("GET", "/status", statuses),
    ("GET", "/user/search", users),
    ("GET", "/field", field_list),
)
