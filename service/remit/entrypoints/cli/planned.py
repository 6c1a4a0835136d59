"""What commands that plan and record changes share: the file, who asks, and what is shown."""

import getpass
import sys
from pathlib import Path
from typing import NoReturn

import typer

from remit.domain.errors import Invalid
from remit.usecases.change_model import Changed
from remit.usecases.plan_model import Prepared


def contents(file: Path) -> bytes:
    """What FILE holds; - is standard input."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as wrong:
        raise Invalid(f"{file} cannot be read: {wrong.strerror}") from wrong


def login() -> str:
    """The name of the account, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


def show(prepared: Prepared) -> None:
    """The difference on stdout, the warnings on stderr."""
    for line in prepared.lines:
        typer.echo(line)
    for warning in prepared.warnings:
        typer.echo(f"warning: {warning}", err=True)


def conclude(changed: Changed, apply: bool) -> NoReturn:
    """The difference on stdout, the warnings on stderr; exits 2 where something would change and was not to."""
    for line in changed.lines:
        typer.echo(line)
    for warning in changed.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if changed.is_recorded:
        typer.echo("Applied.")
    raise typer.Exit(0 if apply or not changed.rows else 2)
