"""The stand-in's HTTP face: the calls of Zendesk that a reader of tickets needs."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from remit_integrations.standins.helpdesk.audits import Json
from remit_integrations.standins.helpdesk.desk import BESIDE, HelpDesk, place
from remit_integrations.standins.jira.troubled import troubled, with_transport

WITHHELD_S = 60
"""The export leaves out the last minute, so that it need not take anything back."""
LARGEST_PAGE = 1000
MOST_IDS = 100
NOBODY = {"id": None, "name": "Anonymous user", "role": "end-user", "active": None}
Answer = Callable[[HelpDesk, Request], Json]


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """What the desk does not answer, as Zendesk says it."""

    status: int
    error: str
    description: str


def helpdesk_app(desk: HelpDesk) -> ASGIApp:
    routes = [Route(path, _endpoint(desk, answer)) for path, answer in CALLS]
    return with_transport(Starlette(routes=routes, exception_handlers={404: _nothing, 405: _nothing}))


def me(desk: HelpDesk, request: Request) -> Json:
    """Who asks; somebody without credentials is an anonymous user, who is not refused."""
    return {"user": NOBODY if _is_known(desk, request) is None else desk.agents[0] | {"email": desk.email}}


def exported(desk: HelpDesk, request: Request) -> Json:
    """Tickets by the time of their last change, deleted ones among them, from a time or a cursor on."""
    _let_in(desk, request)
    asked, now = request.query_params, int(desk.clock().timestamp())
    after = _place(asked["cursor"]) if "cursor" in asked else (_started(request, now) - 1, 0)
    most = min(_number(asked.get("per_page", "1000"), "per_page"), LARGEST_PAGE)
    found = list(desk.changed(after, now - WITHHELD_S))
    page = found[:most]
    cursor = _cursor(*place(page[-1])) if page else asked.get("cursor")
    told = {"after_url": None, "after_cursor": cursor, "before_url": None, "before_cursor": None}
    if cursor is not None:
        told["after_url"] = str(request.url.replace(query=f"cursor={cursor}"))
    return _tickets(page, request) | told | {"end_of_stream": len(found) <= most}


def show_many(desk: HelpDesk, request: Request) -> Json:
    """Those of the tickets asked for that there are."""
    _let_in(desk, request)
    ids = [_number(told, "ids") for told in request.query_params.get("ids", "").split(",")]
    if len(ids) > MOST_IDS:
        raise Refused(400, "TooManyIds", f"At most {MOST_IDS} ids may be asked for at once")
    shown = desk.shown(ids)
    return _tickets(shown, request) | {"next_page": None, "previous_page": None, "count": len(shown)}


def done(desk: HelpDesk, request: Request) -> Json:
    """What was done with tickets, from a second on; a page ends with a whole second, as recorded of Zendesk."""
    _let_in(desk, request)
    now = int(desk.clock().timestamp())
    start = _started(request, now)
    found = desk.done(start, now - WITHHELD_S)
    page = found[:LARGEST_PAGE]
    if page:
        last = page[-1]["timestamp"]
        page += [one for one in found[LARGEST_PAGE:] if one["timestamp"] == last]
    end = page[-1]["timestamp"] if page else None
    following = str(request.url.replace(query=f"start_time={end}")) if page else None
    told = {"ticket_events": page, "count": len(page), "next_page": following, "end_time": end}
    return told | {"end_of_stream": len(page) == len(found)}


def users(desk: HelpDesk, request: Request) -> Json:
    """Those of the roles that are asked for, page by page."""
    _let_in(desk, request)
    asked = request.query_params
    roles, most = asked.getlist("role[]"), min(_number(asked.get("page[size]", "100"), "page[size]"), 100)
    after = _number(asked.get("page[after]", "0"), "page[after]")
    found = [one for one in desk.agents if one["role"] in roles and one["id"] > after]
    page = found[:most]
    meta = {"has_more": len(found) > most, "after_cursor": str(page[-1]["id"]) if page else None}
    return {"users": page, "meta": meta, "links": {"prev": None, "next": None}}


CALLS: tuple[tuple[str, Answer], ...] = (
    ("/api/v2/users/me.json", me),
    ("/api/v2/users.json", users),
    ("/api/v2/incremental/tickets/cursor.json", exported),
    ("/api/v2/incremental/ticket_events.json", done),
    ("/api/v2/tickets/show_many.json", show_many),
)


def _endpoint(desk: HelpDesk, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return _json(answer(desk, request))
        except Refused as refused:
            return _json({"error": refused.error, "description": refused.description}, refused.status)

    async def endpoint(request: Request) -> Response:
        call = f"{request.method} {request.url.path}"
        desk.calls.append(call)
        fault = desk.faults.take(call)
        return await (answered(request) if fault is None else troubled(fault, request, lambda: answered(request)))

    return endpoint


def _tickets(page: list[Json], request: Request) -> Json:
    """The tickets, and beside them what was asked to be included."""
    included = request.query_params.get("include", "").split(",")
    told: Json = {"tickets": [{name: told for name, told in one.items() if name not in BESIDE} for one in page]}
    if "groups" in included:
        groups = {one["group"]["id"]: one["group"] for one in page if one.get("group")}
        told["groups"] = list(groups.values())
    if "metric_sets" in included:
        told["metric_sets"] = [{"ticket_id": one["id"], **one["metric_set"]} for one in page if one.get("metric_set")]
    return told


def _is_known(desk: HelpDesk, request: Request) -> bool | None:
    """Whether the credentials are right; None for none."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() == "bearer":
        return told == desk.token
    try:
        return base64.b64decode(told, validate=True).decode() == f"{desk.email}/token:{desk.token}"
    except (binascii.Error, UnicodeError):
        return False


def _let_in(desk: HelpDesk, request: Request) -> None:
    if not _is_known(desk, request):
        raise Refused(401, "Couldn't authenticate you", "Couldn't authenticate you")


def _started(request: Request, now: int) -> int:
    start = _number(request.query_params.get("start_time"), "start_time")
    if start > now - WITHHELD_S:
        raise Refused(422, "StartTimeTooRecent", "Too recent start_time. Use a start_time older than 1 minute")
    return start


def _cursor(second: int, id_: int) -> str:
    """As recorded of Zendesk: base64 of a second, an empty word and an id."""
    return base64.b64encode(f"{second}.0||{id_}|".encode()).decode()


def _place(cursor: str) -> tuple[int, int]:
    try:
        second, _, id_, _ = base64.b64decode(cursor, validate=True).decode().split("|")
        return int(float(second)), int(id_)
    except (binascii.Error, ValueError) as wrong:
        raise Refused(400, "InvalidPaginationParameter", "cursor is not valid") from wrong


def _number(told: str | None, name: str) -> int:
    if told is None or not told.isdecimal():
        raise Refused(400, "InvalidValue", f"{name} is to be a number")
    return int(told)


def _json(told: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, media_type="application/json")


async def _nothing(request: Request, error: Exception) -> Response:
    return _json({"error": "InvalidEndpoint", "description": "Not found"}, 404)
