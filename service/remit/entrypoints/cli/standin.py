"""`remit standin`: servers that play a vendor with recorded data."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from remit.entrypoints.cli.signals import stopping
from remit_integrations.standins.helpdesk.server import drawn_desk, helpdesk_server, recorded_desk
from remit_integrations.standins.jira.recorded import default_data
from remit_integrations.standins.jira.server import jira_server, recorded_site
from remit_integrations.standins.jira.site import Flavour

app = typer.Typer(help="Stand-in servers on loopback, for the demo and for tests.", no_args_is_help=True)


@app.callback()
def standins() -> None:
    """Stand-in servers on loopback, for the demo and for tests."""


@app.command()
def jira(
    data: Annotated[
        Path | None, typer.Option(help="Recorded issues, JSON lines, optionally .xz; the shipped project if not given.")
    ] = None,
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8080,
    flavour: Annotated[Flavour, typer.Option(help="Which Jira to play.")] = Flavour.CLOUD,
    issues: Annotated[
        int | None, typer.Option(min=0, help="So many issues: the recorded ones again and again, under new ids.")
    ] = None,
) -> None:
    """A Jira site, of the Cloud or a Data Center, that serves recorded issues."""
    site = recorded_site(data or default_data(), flavour, issues)
    account = f"REMIT_JIRA_EMAIL={site.email}\n" if flavour is Flavour.CLOUD else ""

    async def work() -> None:
        async with stopping() as stop, jira_server(site, host=host, port=port) as served:
            typer.echo(f"REMIT_JIRA_URL={served.url}\n{account}REMIT_JIRA_TOKEN={site.token}")
            typer.echo(f"{len(site.issues)} issues; Ctrl-C ends it.", err=True)
            await stop.wait()

    asyncio.run(work())


@app.command()
def helpdesk(
    data: Annotated[
        Path | None, typer.Option(help="Tickets, JSON lines, optionally .xz; drawn by chance if not given.")
    ] = None,
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8081,
    tickets: Annotated[int, typer.Option(min=0, help="How many are drawn.")] = 400,
    seed: Annotated[int, typer.Option(help="Another number draws other tickets.")] = 1,
) -> None:
    """A help desk as Zendesk has it, with recorded or drawn tickets."""
    desk = recorded_desk(data) if data is not None else drawn_desk(tickets, seed)

    async def work() -> None:
        async with stopping() as stop, helpdesk_server(desk, host=host, port=port) as served:
            account = f"REMIT_ZENDESK_EMAIL={desk.email}\nREMIT_ZENDESK_TOKEN={desk.token}"
            typer.echo(f"REMIT_ZENDESK_URL={served.url}\n{account}\nREMIT_ZENDESK_REQUESTS_PER_MINUTE=6000")
            typer.echo(f"{len(desk)} tickets; Ctrl-C ends it.", err=True)
            await stop.wait()

    asyncio.run(work())
