"""Small stand-ins for vendors of feedback: what a site holds, what was asked of it, and the troubles it meets."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remit.serving import Served, serving
from remit_integrations.standins.jira.faults import Faults
from remit_integrations.standins.jira.troubled import troubled, with_transport

Json = dict[str, Any]
Reply = tuple[Any, int, Mapping[str, str]]
"""What is answered, with which status, under which headers."""
Answer = Callable[[Request, Json], Reply]
TOKEN = "stand-in-token"  # of a stand-in


@dataclass(slots=True)
class VendorSite:
    """`asked` has each call with its query and its body."""

    calls: Mapping[str, Answer]
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[str, Json]] = field(default_factory=list)

    def count(self, call: str) -> int:
        return sum(one == call for one, _ in self.asked)


def good(told: Any, **headers: str) -> Reply:
    return told, 200, {name.replace("_", "-"): value for name, value in headers.items()}


def bad(status: int, told: Any) -> Reply:
    return told, status, {}


@asynccontextmanager
async def vendor_server(site: VendorSite) -> AsyncIterator[Served]:
    """Calls are `METHOD /path`, whose parameters are named in braces; a wrong token is refused."""
    routes = [
        Route(call.partition(" ")[2], _endpoint(site, answer), methods=[call.partition(" ")[0]])
        for call, answer in site.calls.items()
    ]
    async with serving(with_transport(Starlette(routes=routes)), "127.0.0.1", 0) as served:
        yield served


def _endpoint(site: VendorSite, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request, body: Json) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(b'{"message":"Bad credentials"}', 401, media_type="application/json")
        told, status, headers = answer(request, body)
        return Response(orjson.dumps(told), status, dict(headers), media_type="application/json")

    async def endpoint(request: Request) -> Response:
        body: Json = orjson.loads(await request.body() or b"{}")
        call = f"{request.method} {request.url.path}"
        site.asked.append((call, {**dict(request.query_params), **body}))
        fault = site.faults.take(call)
        if fault is None:
            return await answered(request, body)
        return await troubled(fault, request, lambda: answered(request, body))

    return endpoint
