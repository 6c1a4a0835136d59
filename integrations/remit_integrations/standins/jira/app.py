"""The stand-in's HTTP face: the calls of Jira that a backlog's reader needs, of the Cloud or of a Data Center."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from remit_integrations.standins.jira import answers, datacenter
from remit_integrations.standins.jira.jql import Unacceptable
from remit_integrations.standins.jira.metadata import AGILE
from remit_integrations.standins.jira.refusals import Denied
from remit_integrations.standins.jira.registrations import HOOKS
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.site import Flavour, Site
from remit_integrations.standins.jira.troubled import troubled, with_transport

Json = dict[str, Any]
Answer = Callable[[Site, Searching, Request, Json], Awaitable[Any]]
Endpoint = Callable[[Request], Awaitable[Response]]
API, OLD_API, AGILE_API = "/rest/api/3", "/rest/api/2", "/rest/agile/1.0"
GATEWAY = "/ex/jira"
ANONYMOUS = ("/search/jql", "/search/approximate-count", "/serverInfo", "/project/search", "/project", "/search")
"""Answered without credentials, as if there were nothing to see: a dead token looks like an empty site."""

BODIES = ("POST", "PUT", "DELETE")
REMOVED = ("search", "search/id", "expression/eval")
GUIDE = "https://developer.atlassian.com/changelog/#CHANGE-2046"


def jira_app(site: Site) -> ASGIApp:
    searching = Searching(site)
    routes = _cloud(site, searching) if site.flavour is Flavour.CLOUD else _datacenter(site, searching)
    return with_transport(Starlette(routes=routes, exception_handlers={404: _nothing, 405: _nothing}))


def _cloud(site: Site, searching: Searching) -> list[Route | Mount]:
    """All of it twice: on the site's own address, and behind the gateway that OAuth and scoped tokens have to take."""
    both = [
        *_routes(site, searching, API, (*answers.CALLS, *HOOKS)),
        *_routes(site, searching, OLD_API, answers.IN_BOTH_VERSIONS),
        *_routes(site, searching, AGILE_API, AGILE),
        *(Route(f"/rest/api/{v}/{path}", _removed, methods=["GET", "POST"]) for v in "23" for path in REMOVED),
    ]

    async def tenant(request: Request) -> Response:
        return Response(orjson.dumps({"cloudId": site.cloud_id}), media_type="application/json")

    return [*both, Route("/_edge/tenant_info", tenant), Mount(f"{GATEWAY}/{site.cloud_id}", routes=both)]


def _datacenter(site: Site, searching: Searching) -> list[Route | Mount]:
    agile = _routes(site, searching, AGILE_API, AGILE)
    return [*_routes(site, searching, OLD_API, datacenter.CALLS), *agile]


def _routes(site: Site, searching: Searching, api: str, calls: Iterable[tuple[str, str, Answer]]) -> list[Route]:
    return [
        Route(f"{api}{path}", _endpoint(site, searching, path, answer), methods=[method])
        for method, path, answer in calls
    ]


def _endpoint(site: Site, searching: Searching, path: str, answer: Answer) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        call = f"{request.method} {request.url.path.removeprefix(request.scope.get('root_path', ''))}"
        site.calls.append(call)
        fault = site.faults.take(call)
        if fault is None:
            return await _answered(site, searching, path, answer, request)
        return await troubled(fault, request, lambda: _answered(site, searching, path, answer, request))

    return endpoint


async def _answered(site: Site, searching: Searching, path: str, answer: Answer, request: Request) -> Response:
    known = _is_known(site, request)
    if known is False or (known is None and path not in ANONYMOUS):
        return _errors(401, "Client must be authenticated to access this resource.")
    sees = known and (not site.shut_out or path.startswith("/webhook"))
    shown, within = (site, searching) if sees else _nothing_to_see(site)
    try:
        body = orjson.loads(await request.body()) if request.method in BODIES else {}
        if not isinstance(body, dict):
            raise Unacceptable("Invalid request payload.")
        told = await answer(shown, within, request, body)
    except orjson.JSONDecodeError:
        return _errors(400, "Invalid request payload.")
    except Unacceptable as wrong:
        return _errors(400, str(wrong))
    except Denied as denied:
        return _errors(denied.status, denied.message)
    except KeyError as missing:
        return _errors(404, f"{missing} does not exist or you do not have permission to see it.")
    if told is None:
        return Response(status_code=202)
    content = told if isinstance(told, bytes) else orjson.dumps(told)
    return Response(content, media_type="application/json")


def _is_known(site: Site, request: Request) -> bool | None:
    """Whether the credentials are right. None for none, and for those that the Cloud takes for none: wrong ones."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if site.flavour is Flavour.DATACENTER:
        return told == site.token if scheme.lower() == "bearer" else None
    gateway = request.scope.get("root_path", "").startswith(GATEWAY)
    if scheme.lower() == "bearer":
        return (gateway and told in site.app_tokens) or None
    try:
        given = base64.b64decode(told, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeError):
        given = ""
    token = site.scoped_token if gateway else site.token
    return (token is not None and given == f"{site.email}:{token}") or None


def _nothing_to_see(site: Site) -> tuple[Site, Searching]:
    empty = Site(flavour=site.flavour, zone=site.zone, clock=site.clock)
    return empty, Searching(empty)


def _errors(status: int, message: str) -> Response:
    content = orjson.dumps({"errorMessages": [message], "errors": {}})
    return Response(content, status, media_type="application/json")


async def _removed(request: Request) -> Response:
    message = f"The requested API has been removed. Please migrate to the {API}/search/jql API."
    return _errors(410, f"{message} A full migration guideline is available at {GUIDE}")


async def _nothing(request: Request, error: Exception) -> Response:
    return _errors(404, f"There is no {request.method} {request.url.path} here.")
