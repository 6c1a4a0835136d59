"""`remit up`, `serve` and `worker`: what runs for years."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from remit.domain.errors import Broken, Invalid
from remit.entrypoints.api import application, listening, standing
from remit.entrypoints.auth import is_loopback, require_safe_bind
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.cli.signals import stopping
from remit.entrypoints.servers import Servers, servers
from remit.entrypoints.settings import NO_SOURCE, Settings, read_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import Remit, remit
from remit.serving import serving
from remit.storage import webhooks
from remit.storage.deliveries import PostgresDeliveries
from remit.storage.embedded.postgres import listens
from remit.storage.inbox import PostgresInbox
from remit.storage.migrate import upgrade
from remit.storage.outbox import PostgresOutbox
from remit_integrations.daily import Daily
from remit_integrations.inbox import Applying
from remit_integrations.outgoing import Outgoing
from remit_integrations.outward import handing_over
from remit_integrations.schedule import Schedule
from remit_integrations.tending import Tending

app = typer.Typer()

LOOK_AFTER_S = 1.0

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")]


@app.command()
def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[Path | None, typer.Option(help="Where embedded servers keep their data.")] = None,
) -> None:
    """Everything in one process group: embedded servers, migrations, the API and the workers.

    On a loopback address nobody is asked for a token unless REMIT_AUTH says so; elsewhere everybody is.
    """
    settings = read_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": data_dir.absolute()})
    auth = settings.auth or ("off" if is_loopback(host) else "token")
    require_safe_bind(auth, host)
    configure_log(settings.log)
    with servers(settings) as started:

        async def whole() -> None:
            if not started.embedded:
                await upgrade(started.database_url)
            async with (
                stopping() as stop,
                remit(settings, started) as parts,
                _answering(parts, settings, host, port, auth),
                _ending_with(started, stop),
            ):
                await _working(parts, settings, stop)

        asyncio.run(whole())


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """The API alone; any number of them may run. Everybody is asked for a token unless REMIT_AUTH=off."""
    auth = read_settings().auth or "token"
    require_safe_bind(auth, host)

    async def work(parts: Remit, settings: Settings) -> None:
        async with stopping() as stop, _answering(parts, settings, host, port, auth):
            await stop.wait()

    with_remit(work, quiet=False)


@asynccontextmanager
async def _answering(parts: Remit, settings: Settings, host: str, port: int, auth: str) -> AsyncIterator[None]:
    """The API on its address, for as long as the block lasts."""
    api = application(parts, auth=auth, explorer=settings.graphiql)
    async with listening(api, host, port, auth) as served:
        typer.echo(f"Remit answers at {served.url}/graphql; Ctrl-C ends it.", err=True)
        yield


@asynccontextmanager
async def _ending_with(started: Servers, stop: asyncio.Event) -> AsyncIterator[None]:
    """Stop when the embedded database is gone, since only a new start brings it back; then raises Broken."""

    async def lost() -> None:
        while listens(started.database_url):  # noqa: ASYNC110 - no event tells of the end of another process
            await asyncio.sleep(LOOK_AFTER_S)
        stop.set()

    watching = asyncio.create_task(lost() if started.embedded else asyncio.sleep(0))
    try:
        yield
    finally:
        ended = not watching.cancel()
    if started.embedded and ended:
        raise Broken("the embedded PostgreSQL has ended, see postgres.log in the data directory; start Remit again")


@app.command()
def worker(
    host: Annotated[str, typer.Option(help="The address that --port is on.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Answer /livez, /readyz and /metrics here; 0 takes any free port."),
    ] = None,
) -> None:
    """The integration workers; any number may run, a lease keeps one synchronisation per source.

    They also tell webhooks of changes, and keep what is told of each day. SIGTERM ends it after the pages and the
    requests under way.
    """

    async def work(parts: Remit, settings: Settings) -> None:
        if not parts.sources and not await webhooks.listed(parts.engine):
            raise Invalid(NO_SOURCE)
        reading = f"Reading {', '.join(one.name for one in parts.sources)}" if parts.sources else "Telling webhooks"
        async with stopping() as stop, AsyncExitStack() as stack:
            if port is not None:
                served = await stack.enter_async_context(serving(standing(parts), host, port))
                typer.echo(f"How it stands is at {served.url}/readyz and {served.url}/metrics.", err=True)
            typer.echo(f"{reading}; Ctrl-C ends it.", err=True)
            await _working(parts, settings, stop)

    with_remit(work, quiet=False)


async def _working(parts: Remit, settings: Settings, stop: asyncio.Event) -> None:
    """Read the sources, apply what they send, keep each day, and tell webhooks of changes, until told to stop."""
    client = partial(handing_over, allow_private=settings.webhooks_allow_private)
    outbox, deliveries = PostgresOutbox(parts.engine), PostgresDeliveries(parts.engine)
    await asyncio.gather(
        Schedule(parts.desk, parts.leases, settings.poll_seconds, stop).run(parts.sources),
        Applying(parts.desk, PostgresInbox(parts.engine), stop).run(parts.sources),
        Tending(parts.leases, stop).run(parts.sources),
        Daily(parts.desk, parts.leases, stop, settings.days_kept_for).run(),
        Outgoing(parts.desk, outbox, deliveries, client, stop).run(),
    )
