"""What a site tells of its fields and boards: where sprints and estimates are to be found."""

from typing import Any

from starlette.requests import Request

from remit_integrations.standins.jira.paging import base, paged
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]
SYSTEM = (
    "summary", "status", "issuetype", "project", "created", "updated", "resolutiondate", "resolution", "priority",
    "assignee", "reporter", "components", "labels", "parent", "fixVersions", "duedate", "description", "comment",
)  # fmt: skip


async def fields(site: Site, searching: Searching, request: Request, body: Json) -> list[Json]:
    system = [
        {"id": name, "key": name, "name": name.title(), "custom": False, "schema": {"type": "any", "system": name}}
        for name in SYSTEM
    ]
    return [*system, *site.custom_fields]


async def boards(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """Those of a project only, where one is named by `projectKeyOrId`."""
    wanted = request.query_params.get("projectKeyOrId")
    shown = [
        {"id": one["id"], "self": f"{base(request)}/rest/agile/1.0/board/{one['id']}", "name": one["name"],
         "type": one.get("type", "scrum")}
        for one in site.boards
        if wanted is None or wanted in (one["project"]["key"], one["project"]["id"])
    ]  # fmt: skip
    return paged(request, shown)


async def configuration(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """A board that does not estimate by a field has no `estimation.field`."""
    board = _board(site, request)
    self_ = f"{base(request)}/rest/agile/1.0/board/{board['id']}/configuration"
    told: Json = {"id": board["id"], "name": board["name"], "type": board.get("type", "scrum"), "self": self_}
    told["columnConfig"] = {"columns": [], "constraintType": "none"}
    told["location"] = {"type": "project", "projectKeyOrId": board["project"]["key"]}
    if (field := board.get("estimation")) is None:
        return told | {"estimation": {"type": "issueCount"}}
    name = next((one["name"] for one in site.custom_fields if one["id"] == field), "Story Points")
    return told | {"estimation": {"type": "field", "field": {"fieldId": field, "displayName": name}}}


async def sprints(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """Those that issues name and this board has."""
    board = _board(site, request)
    found = {
        sprint["id"]: sprint
        for kept in site.issues.values()
        for sprint in kept.record["fields"].get(SPRINT) or ()
        if isinstance(sprint, dict) and sprint.get("boardId") == board["id"]
    }
    return paged(request, [found[id_] for id_ in sorted(found)])


def _board(site: Site, request: Request) -> Json:
    for board in site.boards:
        if str(board["id"]) == request.path_params["id"]:
            return board
    raise KeyError(request.path_params["id"])


SPRINT = "customfield_10020"
AGILE = (
    ("GET", "/board", boards),
    ("GET", "/board/{id}/configuration", configuration),
    ("GET", "/board/{id}/sprint", sprints),
)
"""Lists of a board's, a sprint's or an epic's issues are to be removed, and are none here."""
