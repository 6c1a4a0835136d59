"""`remit model import` and `remit model export`: the model in the formats that others have."""

from pathlib import Path
from typing import Annotated

import typer

from remit.domain.ids import FunctionKey
from remit.entrypoints.cli.planned import contents, login, show
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.usecases.exchange_model import (
    PRODUCT_MANAGEMENT,
    Exported,
    ExportFormat,
    ImportFormat,
    apply_import,
    export_as,
    prepare_import,
)
from remit.usecases.plan_model import Prepared

Form = Annotated[
    ImportFormat,
    typer.Argument(
        metavar="FORMAT",
        help="raci: a RACI matrix in CSV. codeowners: lines of a pattern and owners. backstage: a catalog in YAML.",
    ),
]
OfFunction = Annotated[
    str | None,
    typer.Option(
        help=f"With backstage: the function whose owners the catalog names; {PRODUCT_MANAGEMENT} if not said."
    ),
]


def import_file(
    form: Form,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file; - reads standard input.")],
    apply: Annotated[bool, typer.Option("--apply", help="Record the change; without it, it is only shown.")] = False,
    function: OfFunction = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    actor: Annotated[str | None, typer.Option(help="Who, for the record; your login name if not given.")] = None,
) -> None:
    """Show what importing FILE would change, or import it with --apply: all of it, or nothing when anything is wrong.

    An import adds or replaces what the file names and ends nothing else. A matrix and a list of owners state a whole
    cell: whoever had a part in it before and is not named there any more ends.

    Without --apply it exits 0 when nothing would change and 2 when something would. docs/exchange.md has an example of
    each format.
    """
    held_for = _function(function, form is ImportFormat.BACKSTAGE)
    data = contents(file)

    async def work(remit: Remit, settings: Settings) -> Prepared:
        if not apply:
            return await prepare_import(remit.desk, form, data, function=held_for)
        who, why = actor or login(), reason or f"imported {file.name}"
        return await apply_import(remit.desk, form, data, function=held_for, actor=who, reason=why)

    prepared = with_remit(work)
    show(prepared)
    if apply and not prepared.plan.is_empty:
        typer.echo("Applied.")
    raise typer.Exit(0 if apply or prepared.plan.is_empty else 2)


def export_file(
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="yaml: the model file, whole. csv: a RACI matrix. markdown: tables for people. backstage: a catalog.",
        ),
    ] = ExportFormat.YAML,
    function: OfFunction = None,
) -> None:
    """Print the model: as a file that, applied or imported, changes nothing; or as tables for people.

    What a format has no place for is told on stderr.
    """
    held_for = _function(function, form is ExportFormat.BACKSTAGE)

    async def work(remit: Remit, settings: Settings) -> Exported:
        return await export_as(remit.desk, form, function=held_for)

    exported = with_remit(work)
    typer.echo(exported.text, nl=False)
    for warning in exported.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _function(told: str | None, used: bool) -> FunctionKey:
    if told is not None and not used:
        raise typer.BadParameter("only a backstage catalog needs it", param_hint="--function")
    return FunctionKey(told) if told is not None else PRODUCT_MANAGEMENT
