"""`remit standin`: servers that play a vendor with recorded data."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from remit.entrypoints.cli.signals import stopping
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
