"""`remit credential`: what is kept to enter sources, and changes by itself."""

from typing import Annotated

import typer

from remit.domain.ids import SourceName
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.storage import vault

app = typer.Typer(help="What is kept to enter sources.", no_args_is_help=True)


@app.callback()
def credentials() -> None:
    """What is kept to enter sources."""


@app.command()
def forget(source: Annotated[str, typer.Argument(help="The source, for example jira.")]) -> None:
    """Throw away what is kept, as when its key is lost; the settings have to hold a new refresh token then."""

    async def work(parts: Remit, settings: Settings) -> None:
        await vault.forget(parts.engine, SourceName(source))

    with_remit(work)
