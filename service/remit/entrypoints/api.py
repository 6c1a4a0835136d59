"""The HTTP application: GraphQL, REST and health on one port."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from fastapi import Depends, FastAPI

from remit import __version__
from remit.domain.errors import Broken, Invalid
from remit.entrypoints.auth import guard, require_safe_bind
from remit.entrypoints.wiring import Remit
from remit.rest import problems
from remit.rest.health import health_routes
from remit.rest.ownership import ownership_routes
from remit.storage.migrate import require_current
from remit_graphql.router import graphql_router


def application(remit: Remit, *, auth: str, explorer: bool = False) -> FastAPI:
    """An application over parts that are already connected; asks for tokens unless `auth` is `off`."""
    app = FastAPI(title="Remit", version=__version__, summary="Who is responsible for what, and why.", docs_url=None)
    problems.install(app)
    guarded = [Depends(guard(auth, lambda: remit.engine))]
    app.include_router(ownership_routes(lambda: remit.desk), dependencies=guarded)
    app.include_router(graphql_router(lambda: remit.desk, dependencies=guarded, explorer=explorer))
    app.include_router(health_routes(lambda: remit.desk, {"database": lambda: require_current(remit.engine)}))
    return app


@asynccontextmanager
async def listening(app: FastAPI, host: str, port: int, auth: str) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """Serve on an address; yields the URL and the task that ends when the server does. Drains when the block ends."""
    require_safe_bind(auth, host)
    listener = _bound(host, port)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=10, lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                raise Broken("the HTTP server ended while it was starting; the log says more")
            await asyncio.sleep(0.01)
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listener.getsockname()[1]}", serving
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await serving
        listener.close()


class _Server(uvicorn.Server):
    """Leaves signals to the command it is part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket, opened before anything else so that a taken port is one clear sentence."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048, reuse_port=False)
    except OSError as taken:
        raise Invalid(f"cannot listen on {host}:{port} ({taken.strerror}); choose another --port") from taken
    listener.setblocking(False)
    return listener
