"""An answer as a fault leaves it."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from remit_integrations.standins.jira.faults import Fault

TRANSPORT = "standin.transport"
DROPS = 16
"""Of how many parts a dripping answer is."""
CLOSE_AT_ONCE = struct.pack("ii", 1, 0)


async def troubled(fault: Fault, request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """What the request is answered under the fault; `answer` is the true one."""
    if fault.meanwhile is not None:
        fault.meanwhile()
    if fault.delay_s:
        await _wait(fault.delay_s, request)
    if fault.reset:
        return _Reset()
    if fault.body is not None or fault.status != 200:
        return Response(fault.body, fault.status, dict(fault.headers), media_type=fault.media_type)
    response = await answer()
    if fault.twist is not None:
        response = Response(fault.twist(bytes(response.body)), response.status_code, media_type=response.media_type)
    if fault.cut:
        return _cut(response)
    return _dripping(response, fault.drip_s) if fault.drip_s else response


async def _wait(delay_s: float, request: Request) -> None:
    """So long, or until whoever asked has gone away."""
    await request.body()  # what comes after it is that whoever asked has left
    leaving = asyncio.ensure_future(request.receive())
    await asyncio.wait([leaving], timeout=delay_s)
    leaving.cancel()


def _cut(response: Response) -> Response:
    """Half the answer under the whole one's length, then the connection closes."""
    content = bytes(response.body)

    async def half() -> AsyncIterator[bytes]:
        yield content[: len(content) // 2]

    return StreamingResponse(half(), headers=_sized(content), media_type="application/json")


def _dripping(response: Response, pause_s: float) -> Response:
    content = bytes(response.body)
    drop = max(1, -(-len(content) // DROPS))

    async def drops() -> AsyncIterator[bytes]:
        for start in range(0, len(content), drop):
            yield content[start : start + drop]
            await asyncio.sleep(pause_s)

    return StreamingResponse(drops(), response.status_code, _sized(content), media_type="application/json")


def _sized(content: bytes) -> dict[str, str]:
    return {"Content-Length": str(len(content))}


class _Reset(Response):
    """No answer: the connection is torn down."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope[TRANSPORT]
        # Closing a socket that does not linger sends RST in place of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_AT_ONCE)
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def with_transport(app: ASGIApp) -> ASGIApp:
    """The application, told of the connection that a request came by, which only the server's own `send` knows."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        cycle: Any = getattr(send, "__self__", None)  # uvicorn's; no part of ASGI
        await app({**scope, TRANSPORT: getattr(cycle, "transport", None)}, receive, send)

    return told
