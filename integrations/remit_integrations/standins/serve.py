"""Runs an ASGI application on a loopback port for as long as a block lasts."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from remit.domain.errors import Broken, Invalid


class _Server(uvicorn.Server):
    """Leaves signals to the command it is part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Yields the base URL. Raises Invalid for an address that is not loopback: recorded data is nobody else's business."""
    if not ipaddress.ip_address(host).is_loopback:
        raise Invalid(f"a stand-in serves on loopback only, not on {host}")
    try:
        listener = socket.create_server((host, port), backlog=1024)
    except OSError as taken:
        raise Invalid(f"cannot listen on {host}:{port} ({taken.strerror}); choose another --port") from taken
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if running.done():
                raise Broken("the stand-in ended while it was starting")
            await asyncio.sleep(0.005)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()
