"""Serves an ASGI application on an address for as long as a block lasts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from remit.domain.errors import Broken, Invalid

DRAINED_WITHIN_S = 10
LARGEST_MESSAGE_BYTES = 1_000_000
"""On a socket; the largest body of a question is of the same size."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens."""

    url: str


class _Server(uvicorn.Server):
    """Leaves signals to the command it is part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[Served]:
    """Serve until the block ends, then drain. Raises Invalid, saying what to do, when the address cannot be had."""
    listener = _bound(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=DRAINED_WITHIN_S,
        ws_max_size=LARGEST_MESSAGE_BYTES,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if running.done():
                raise Broken("the HTTP server ended while it was starting; the log says more")
            await asyncio.sleep(0.005)
        name = f"[{host}]" if ":" in host else host
        yield Served(f"http://{name}:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        await running
        listener.close()


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket, opened before anything else so that a taken port is one clear sentence."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as taken:
        told = taken.strerror if isinstance(taken, OSError) and taken.strerror else str(taken)
        reason = told.partition(" (while")[0]  # the standard library repeats the address
        raise Invalid(f"cannot listen on {host}:{port} ({reason}); choose another --host or --port") from taken
    # Inherited by accepted connections. asyncio sets it only on sockets that name their protocol, which these do not;
    # without it head and body of an answer go out 40 ms apart (Nagle's algorithm meets delayed acknowledgement).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
