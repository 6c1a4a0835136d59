"""`remit up`, `serve`, `worker`, `migrate` and `sync`: what runs, for a moment or for years."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from remit.domain.errors import Invalid
from remit.entrypoints.api import application, listening
from remit.entrypoints.auth import require_safe_bind
from remit.entrypoints.cli.progress import Shown
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.servers import servers
from remit.entrypoints.settings import Settings, read_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import Remit, remit
from remit.storage.migrate import upgrade
from remit_integrations.schedule import Schedule
from remit_integrations.source import Source
from remit_integrations.sync import synchronise

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")]


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)
    app.command()(sync)


def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[Path | None, typer.Option(help="Where embedded servers keep their data.")] = None,
) -> None:
    """Everything in one process group: embedded PostgreSQL and Redis, migrations, the API and the workers."""
    settings = read_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": data_dir.absolute()})
    auth = settings.auth or "off"
    require_safe_bind(auth, host)
    configure_log(settings.log)
    with servers(settings) as started:

        async def whole() -> None:
            if not started.embedded:
                await upgrade(started.database_url)
            async with stopping() as stop, remit(settings, started) as parts:
                app = application(parts, auth=auth, explorer=settings.graphiql)
                async with listening(app, host, port, auth) as served:
                    typer.echo(f"Remit answers at {served.url}/graphql; Ctrl-C ends it.", err=True)
                    await Schedule(parts.desk, parts.leases, settings.poll_seconds, stop).run(parts.sources)

        asyncio.run(whole())


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """The API alone; any number of them may run."""
    settings = read_settings()
    auth = settings.auth or "token"
    require_safe_bind(auth, host)

    async def work(parts: Remit, settings: Settings) -> None:
        async with stopping() as stop:
            app = application(parts, auth=auth, explorer=settings.graphiql)
            async with listening(app, host, port, auth) as served:
                typer.echo(f"Remit answers at {served.url}/graphql; Ctrl-C ends it.", err=True)
                await stop.wait()

    with_remit(work, quiet=False, check=False)  # an API whose database is not ready says so at /readyz


def worker() -> None:
    """The integration workers; any number may run, a lease keeps one synchronisation per source."""

    async def work(parts: Remit, settings: Settings) -> None:
        if not parts.sources:
            raise Invalid("no source is configured; set REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN")
        async with stopping() as stop:
            await Schedule(parts.desk, parts.leases, settings.poll_seconds, stop).run(parts.sources)

    with_remit(work, quiet=False)


def migrate() -> None:
    """Bring the database to the schema this version needs."""
    settings = read_settings()
    configure_log(settings.log, quiet=True)
    with servers(settings) as started:
        asyncio.run(upgrade(started.database_url))
    typer.echo("The database is up to date.")


def sync(
    source: Annotated[str | None, typer.Argument(help="The source to read; all configured ones if not given.")] = None,
    full: Annotated[bool, typer.Option("--full", help="From the beginning, not from where it was left.")] = False,
) -> None:
    """One synchronisation now, with a progress bar on a terminal and lines elsewhere. Safe to kill and repeat."""

    async def work(parts: Remit, settings: Settings) -> None:
        async with stopping() as stop:
            for one in _chosen(parts.sources, source):
                await _synchronised(parts, one, full, stop)

    with_remit(work)


async def _synchronised(parts: Remit, source: Source, full: bool, stop: asyncio.Event) -> None:
    async with parts.leases.lease(source.name) as free:
        if not free:
            raise Invalid(f"{source.name} is being synchronised by another process; let it finish")
        with Shown() as watcher:
            done = await synchronise(parts.desk, source, full=full, watcher=watcher, stop=stop)
    typer.echo(f"{source.name}: {done.seen} records read, {done.changed} new or changed, {done.parked} parked.")
    if stop.is_set():
        typer.echo("Stopped; the next run goes on from here.", err=True)


def _chosen(sources: Sequence[Source], name: str | None) -> Sequence[Source]:
    if not sources:
        raise Invalid("no source is configured; set REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN")
    chosen = [one for one in sources if name in (None, one.name)]
    if not chosen:
        raise Invalid(f"there is no source {name!r}; configured: {', '.join(one.name for one in sources)}")
    return chosen


@asynccontextmanager
async def stopping() -> AsyncIterator[asyncio.Event]:
    """An event that is set by the first SIGINT or SIGTERM; a second SIGINT ends the process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
