"""`remit model`: the responsibility model as a file."""

from pathlib import Path
from typing import Annotated

import typer

from remit.domain.errors import Invalid
from remit.entrypoints.cli.changes import confirm, end, hand_over
from remit.entrypoints.cli.exchange import export_file, import_file
from remit.entrypoints.cli.gaps import lint_selectors
from remit.entrypoints.cli.planned import contents, login, show
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import apply, prepare
from remit.usecases.plan_model import Prepared

app = typer.Typer(help="The responsibility model as code.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A model file (YAML); - reads standard input.")]


@app.command(name="plan")
def plan_file(file: File) -> None:
    """Show what applying FILE would change. Exits 0 when nothing would, 2 when something would."""
    text = _text(file)

    async def work(remit: Remit, settings: Settings) -> Prepared:
        return await prepare(remit.desk, text)

    prepared = with_remit(work)
    show(prepared)
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
        return await apply(remit.desk, text, actor=actor or login(), reason=reason or f"applied {file.name}")

    prepared = with_remit(work)
    show(prepared)
    if not prepared.plan.is_empty:
        typer.echo("Applied.")


app.command(name="import")(import_file)
app.command(name="export")(export_file)
app.command(name="lint")(lint_selectors)
app.command(name="end")(end)
app.command(name="hand-over")(hand_over)
app.command(name="confirm")(confirm)


def _text(file: Path) -> str:
    try:
        return contents(file).decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Invalid(f"{file} cannot be read: it is not UTF-8 text") from wrong
