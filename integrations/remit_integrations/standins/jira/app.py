"""The stand-in's HTTP face: the calls of Jira Cloud's REST API v3 that a backlog's reader needs."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from remit_integrations.standins.jira import answers
from remit_integrations.standins.jira.jql import Unacceptable
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]
Answer = Callable[[Site, Searching, Request, Json], Awaitable[Any]]
API = "/rest/api/3"
ANONYMOUS = ("/search/jql", "/search/approximate-count", "/serverInfo", "/project/search")
"""Answered without credentials, as if there were nothing to see: a dead token looks like an empty site."""

REMOVED = ("search", "search/id", "expression/eval")
GUIDE = "https://developer.atlassian.com/changelog/#CHANGE-2046"


def jira_app(site: Site) -> Starlette:
    searching = Searching(site)
    routes = [
        Route(f"{API}{path}", _endpoint(site, searching, path, answer), methods=[method])
        for method, path, answer in answers.CALLS
    ]
    removed = [
        Route(f"/rest/api/{version}/{path}", _removed, methods=["GET", "POST"]) for version in "23" for path in REMOVED
    ]
    return Starlette(routes=[*routes, *removed], exception_handlers={404: _nothing, 405: _nothing})


def _endpoint(site: Site, searching: Searching, path: str, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        call = f"{request.method} {request.url.path}"
        site.calls.append(call)
        fault = site.faults.take(call)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault is not None and (fault.body is not None or fault.status != 200):
            return Response(fault.body, fault.status, dict(fault.headers), media_type=fault.media_type)
        response = await _answered(site, searching, path, answer, request)
        return _cut(response) if fault is not None and fault.cut else response

    return endpoint


async def _answered(site: Site, searching: Searching, path: str, answer: Answer, request: Request) -> Response:
    known = _is_known(site, request)
    if not known and path not in ANONYMOUS:
        return _errors(401, "Client must be authenticated to access this resource.")
    try:
        body = orjson.loads(await request.body()) if request.method == "POST" else {}
        if not isinstance(body, dict):
            raise Unacceptable("Invalid request payload.")
        told = await answer(
            site if known else _empty(site), searching if known else Searching(_empty(site)), request, body
        )
    except orjson.JSONDecodeError:
        return _errors(400, "Invalid request payload.")
    except Unacceptable as wrong:
        return _errors(400, str(wrong))
    except KeyError as missing:
        return _errors(404, f"{missing} does not exist or you do not have permission to see it.")
    content = told if isinstance(told, bytes) else orjson.dumps(told)
    return Response(content, media_type="application/json")


def _is_known(site: Site, request: Request) -> bool:
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(told, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeError):
        given = ""
    return given == f"{site.email}:{site.token}"


def _empty(site: Site) -> Site:
    return Site(zone=site.zone, clock=site.clock)


def _cut(response: Response) -> Response:
    """Half the answer under the whole one's length, then the connection closes."""
    content = bytes(response.body)

    async def half() -> Any:
        yield content[: len(content) // 2]

    headers = {"Content-Length": str(len(content))}
    return StreamingResponse(half(), headers=headers, media_type="application/json")


def _errors(status: int, message: str) -> Response:
    content = orjson.dumps({"errorMessages": [message], "errors": {}})
    return Response(content, status, media_type="application/json")


async def _removed(request: Request) -> Response:
    message = f"The requested API has been removed. Please migrate to the {API}/search/jql API."
    return _errors(410, f"{message} A full migration guideline is available at {GUIDE}")


async def _nothing(request: Request, error: Exception) -> Response:
    return _errors(404, f"There is no {request.method} {request.url.path} here.")
