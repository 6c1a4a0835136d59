"""`remit model`: the responsibility model as a file."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from remit.domain.errors import Invalid
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import Prepared, apply, export, prepare

app = typer.Typer(help="The responsibility model as code.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A model file (YAML); - reads standard input.")]


@app.command(name="plan")
def plan_file(file: File) -> None:
    """Show what applying FILE would change. Exits 0 when nothing would, 2 when something would."""
    text = _text(file)

    async def work(remit: Remit, settings: Settings) -> Prepared:
        return await prepare(remit.desk, text)

    prepared = with_remit(work)
    _show(prepared)
    raise typer.Exit(0 if prepared.plan.is_empty else 2)


@app.command(name="apply")
def apply_file(
    file: File,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    actor: Annotated[str | None, typer.Option(help="Who, for the record; your login name if not given.")] = None,
) -> None:
    """Apply FILE: all of it, or nothing when anything in it is wrong."""
    text = _text(file)

    async def work(remit: Remit, settings: Settings) -> Prepared:
        return await apply(remit.desk, text, actor=actor or _login(), reason=reason or f"applied {file.name}")

    prepared = with_remit(work)
    _show(prepared)
    if not prepared.plan.is_empty:
        typer.echo("Applied.")


@app.command(name="export")
def export_file() -> None:
    """Print the model as a file that, applied, changes nothing."""

    async def work(remit: Remit, settings: Settings) -> str:
        return await export(remit.desk)

    text = with_remit(work)
    if not text:
        raise Invalid("there is no model yet; write one and `remit model apply` it")
    typer.echo(text, nl=False)


def _show(prepared: Prepared) -> None:
    for line in prepared.lines:
        typer.echo(line)
    for warning in prepared.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _text(file: Path) -> str:
    try:
        told = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return told.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8 text"
        raise Invalid(f"{file} cannot be read: {reason}") from wrong


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"
