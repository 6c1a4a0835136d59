"""A client of `graphql-transport-ws` in process: `async with a_socket(app) as socket`, then send and hear messages."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import ASGIApp

PROTOCOL = "graphql-transport-ws"


@dataclass
class Socket:
    """Both ends of a connection; what an application sends is heard in order."""

    coming: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    going: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def send(self, **message: Any) -> None:
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text: str) -> None:
        await self.coming.put({"type": "websocket.receive", "text": text})

    async def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        await self.send(type="subscribe", id=id_, payload={"query": query, "variables": variables})

    async def heard(self) -> Any:
        """The next message, or how the connection was ended."""
        async with asyncio.timeout(60):
            event = await self.going.get()
        return orjson.loads(event["text"]) if event["type"] == "websocket.send" else event

    async def opened(self, **parameters: Any) -> None:
        await self.send(type="connection_init", payload=parameters)
        assert await self.heard() == {"type": "connection_ack"}


@asynccontextmanager
async def a_socket(
    app: ASGIApp, *, headers: Mapping[str, str] | None = None, protocols: tuple[str, ...] = (PROTOCOL,)
) -> AsyncIterator[Socket]:
    """After the handshake; hangs up when the block ends. The first thing heard is that it was accepted, or refused."""
    socket = Socket()
    told = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "websocket", "path": "/graphql", "raw_path": b"/graphql", "headers": [(b"host", b"remit.test"), *told],
        "query_string": b"", "root_path": "", "scheme": "ws", "subprotocols": list(protocols), "state": {},
    }  # fmt: skip
    await socket.coming.put({"type": "websocket.connect"})
    running = asyncio.create_task(app(scope, socket.coming.get, socket.going.put))  # type: ignore[arg-type]
    try:
        yield socket
    finally:
        await socket.coming.put({"type": "websocket.disconnect", "code": 1000})
        await running
