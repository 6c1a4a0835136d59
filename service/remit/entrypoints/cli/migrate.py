"""`remit migrate`: bring the database to the schema this version needs."""

import asyncio

import typer

from remit.entrypoints.servers import servers
from remit.entrypoints.settings import read_settings
from remit.entrypoints.telemetry import configure_log
from remit.storage.migrate import upgrade

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to the schema this version needs. Safe to repeat, and from many machines at once."""
    settings = read_settings()
    configure_log(settings.log, quiet=True)
    with servers(settings) as started:
        asyncio.run(upgrade(started.database_url))
    typer.echo("The database is up to date.")
