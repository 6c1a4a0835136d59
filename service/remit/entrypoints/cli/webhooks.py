"""`remit webhook`: who is told of changes."""

from typing import Annotated

import typer

from remit.domain.errors import Invalid, NotFound
from remit.domain.ids import AreaKey
from remit.domain.intervals import instant_text
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.storage import webhooks
from remit.usecases.snapshot import Moment, snapshot
from remit_integrations.outward import require_callable

app = typer.Typer(help="Subscribers that are told of changes, each request signed.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What the webhook is called here.")]


@app.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where the requests go: https, on a public address.")],
    area: Annotated[
        str | None, typer.Option(help="Only of cells in this area and below it; else of every change.")
    ] = None,
) -> None:
    """Tell an address of changes from now on, and print the secret that signs the requests, this once."""
    if not name.strip():
        raise Invalid("give the webhook a name that tells whom it is for")

    async def work(parts: Remit, settings: Settings) -> str:
        require_callable(url, allow_private=settings.webhooks_allow_private)
        if area is not None and AreaKey(area) not in (await snapshot(parts.desk, Moment())).model.areas:
            raise NotFound(f"there is no area {area!r} now")
        return await webhooks.add(parts.engine, name, url, area)

    typer.echo(with_remit(work))


@app.command(name="list")
def list_webhooks() -> None:
    """Every webhook, without its secret; how many events wait for it, and how many were given up."""

    async def work(parts: Remit, settings: Settings) -> None:
        for one in await webhooks.listed(parts.engine):
            about = f"area {one.area}" if one.area is not None else "everything"
            state = "active" if one.active else "stopped"
            counts = f"{one.waiting} waiting\t{one.parked} parked"
            typer.echo(f"{one.name}\t{one.url}\t{about}\t{state}\t{counts}\tcreated {instant_text(one.created_at)}")

    with_remit(work)


@app.command()
def remove(name: Name) -> None:
    """Tell it nothing more; its secret and what waits for it are forgotten."""

    async def work(parts: Remit, settings: Settings) -> None:
        await webhooks.remove(parts.engine, name)

    with_remit(work)
    typer.echo(f"{name} is told nothing more.")


@app.command()
def replay(
    name: Annotated[
        str | None, typer.Argument(help="One webhook, also one that stopped; else every active one.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Every event recorded since then, accepted or not; else those not accepted.")
    ] = None,
) -> None:
    """Send events again, each under the id it had."""
    at = told("--since", since)

    async def work(parts: Remit, settings: Settings) -> int:
        return await webhooks.replay(parts.engine, name, (await moment(parts.desk, at, None)).as_of)

    count = with_remit(work)
    typer.echo(f"{count} event{'' if count == 1 else 's'} to be sent by the workers.")
