"""`remit token`: API tokens."""

from enum import StrEnum
from typing import Annotated

import typer

from remit.domain.errors import Invalid
from remit.domain.intervals import instant_text
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.storage import tokens

app = typer.Typer(help="API tokens: printed once, stored hashed.", no_args_is_help=True)


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


Name = Annotated[str, typer.Argument(help="What the token is for.")]


@app.command()
def create(name: Name, scope: Annotated[Scope, typer.Option(help="What it may be used for.")] = Scope.READ) -> None:
    """Make a token and print it, this once."""
    if not name.strip():
        raise Invalid("give the token a name that tells what it is for")

    async def work(parts: Remit, settings: Settings) -> str:
        return await tokens.create(parts.engine, name, scope.value)

    typer.echo(with_remit(work))


@app.command(name="list")
def list_tokens() -> None:
    """Every token, without its secret."""

    async def work(parts: Remit, settings: Settings) -> None:
        for token in await tokens.listed(parts.engine):
            ended = f"revoked {instant_text(token.revoked_at)}" if token.revoked_at is not None else "valid"
            typer.echo(f"{token.name}\t{token.scope}\tcreated {instant_text(token.created_at)}\t{ended}")

    with_remit(work)


@app.command()
def revoke(name: Name) -> None:
    """End a token; it stops opening at once."""

    async def work(parts: Remit, settings: Settings) -> None:
        await tokens.revoke(parts.engine, name)

    with_remit(work)
    typer.echo(f"{name} no longer opens.")
