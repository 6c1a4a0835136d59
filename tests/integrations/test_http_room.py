"""How many requests are under way at once."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from remit.serving import serving
from remit_integrations.http import IN_FLIGHT, calling
from support.jira_site import IMPATIENT


async def test_as_many_as_there_is_room_for_and_never_more() -> None:
    running, most, full = 0, 0, asyncio.Event()

    async def endpoint(request: Request) -> JSONResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == IN_FLIGHT:
            full.set()
        await full.wait()
        running -= 1
        return JSONResponse({})

    app = Starlette(routes=[Route("/", endpoint)])
    async with (
        serving(app, "127.0.0.1", 0) as server,
        calling(server.url, what="Jira", settings="", patience=IMPATIENT) as call,
    ):
        bodies = await asyncio.gather(*(call.get("/") for _ in range(IN_FLIGHT * 5)))
    assert (bodies, most) == ([b"{}"] * IN_FLIGHT * 5, IN_FLIGHT)
