"""`remit sync`: read the sources now."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from remit.domain.errors import Invalid, RemitError
from remit.entrypoints.cli.main import complain
from remit.entrypoints.cli.progress import Shown
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.cli.signals import stopping
from remit.entrypoints.settings import NO_SOURCE, Settings
from remit.entrypoints.wiring import Remit
from remit_integrations.source import Source
from remit_integrations.sync import synchronise

app = typer.Typer()


@app.command()
def sync(
    source: Annotated[str | None, typer.Argument(help="The source to read; all configured ones if not given.")] = None,
    full: Annotated[bool, typer.Option("--full", help="From the beginning, not from where it was left.")] = False,
) -> None:
    """One synchronisation now, with a progress bar on a terminal and lines elsewhere. Safe to kill and repeat.

    Trouble of one source is told and does not keep it from the others; it exits with 1 in the end. Ctrl-C ends it after
    the page under way, with exit code 130.
    """

    async def work(parts: Remit, settings: Settings) -> None:
        well = True
        async with stopping() as stop:
            for one in _chosen(parts.sources, source):
                try:
                    await _synchronised(parts, one, full, stop, settings.poll_seconds)
                except RemitError as trouble:
                    complain(trouble)
                    well = False
                if stop.is_set():
                    typer.echo("Stopped; the next run goes on from here.", err=True)
                    raise typer.Exit(130)
        if not well:
            raise typer.Exit(1)

    with_remit(work)


async def _synchronised(parts: Remit, source: Source, full: bool, stop: asyncio.Event, every_s: float) -> None:
    async with parts.leases.lease(source.name) as held:
        if held is None:
            raise Invalid(f"{source.name} is being synchronised by another process; let it finish")
        with Shown() as watcher:
            done = await synchronise(
                parts.desk, source, full=full, watcher=watcher, stop=stop, held=held, every_s=every_s
            )
    gone = f", {done.gone} gone" if done.gone else ""
    typer.echo(f"{source.name}: {done.seen} records read, {done.changed} new or changed, {done.parked} parked{gone}.")
    if done.doubt is not None:
        typer.echo(f"{done.doubt}.", err=True)


def _chosen(sources: Sequence[Source], name: str | None) -> Sequence[Source]:
    if not sources:
        raise Invalid(NO_SOURCE)
    chosen = [one for one in sources if name in (None, one.name)]
    if not chosen:
        raise Invalid(f"there is no source {name!r}; configured: {', '.join(one.name for one in sources)}")
    return chosen
