"""`remit gaps` and `remit model lint`: where the model does not hold, and which selectors are wrong."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.gaps import Coverage, Gap, GapKind, Share
from remit.domain.ids import AreaKey
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import gap_shapes
from remit.usecases.ask_gaps import GapQuestion, area_coverage, gaps, selector_lint
from remit.usecases.snapshot import Moment, snapshot

app = typer.Typer()


@app.command(name="gaps")
def show_gaps(
    under: Annotated[str | None, typer.Option(metavar="AREA", help="This area and everything below it.")] = None,
    kind: Annotated[
        list[GapKind] | None,
        typer.Option("--kind", "-k", metavar="KIND", help=f"Only this one; may be repeated: {', '.join(GapKind)}."),
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="What was true then: 2026-11-01T09:00:00Z, or a date.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What was believed then, written alike.")] = None,
    json: Annotated[bool, typer.Option("--json", help="A list of the GraphQL type Gap as JSON.")] = False,
) -> None:
    """Where the model does not hold, and what to do about it. Below the table: how much of it does hold."""
    area = AreaKey(under) if under is not None else None
    question = GapQuestion(frozenset(kind or GapKind), area)
    true_at, believed_at = told("--as-of", as_of), told("--known-at", known_at)

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, believed_at))
        found = (await gaps(remit.desk, snap, [question]))[question]
        if json:
            shaped = [gap_shapes.gap(snap.model, gap) for gap in found.found]
            typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())
        else:
            show(out(), found.found, (await area_coverage(remit.desk, snap, [area]))[area])
        if found.not_told:
            missing = ", ".join(found.not_told)
            typer.echo(f"Not told at a past moment, as far as they are about records: {missing}.", err=True)
        if found.doubt is not None:
            typer.echo(found.doubt, err=True)

    with_remit(answer)


def lint_selectors(
    json: Annotated[bool, typer.Option("--json", help="A list of the GraphQL type SelectorFinding as JSON.")] = False,
) -> None:
    """Show selectors that never match or that another one beats, and names nearly right. Exits 2 when there are any."""

    async def answer(remit: Remit, settings: Settings) -> bool:
        snap = await snapshot(remit.desk, Moment())
        found = await selector_lint(remit.desk, snap)
        if json:
            shaped = [gap_shapes.finding(snap.model, one) for one in found]
            typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())
        else:
            for one in found:
                typer.echo(f"{one.fault}: {one.message}")
        return bool(found)

    if with_remit(answer):
        raise typer.Exit(2)


def show(console: Console, found: Sequence[Gap], coverage: Sequence[Coverage]) -> None:
    """A row for each gap, and below them how much is covered."""
    if found:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("kind", "count", "what to do"):
            table.add_column(name, overflow="fold", justify="right" if name == "count" else "left")
        for gap in found:
            table.add_row(gap.kind.value, str(gap.count), escape(gap.message))
        console.print(table)
    else:
        console.print("No gaps.")
    for line in covered(coverage):
        console.print(f"[dim]{escape(line)}[/]")


def covered(coverage: Sequence[Coverage]) -> Iterator[str]:
    """Of the first area alone: `acme: 61.7 % of 34 cells have somebody accountable (product_management 100.0 %)`."""
    for one in coverage[:1]:
        functions = ", ".join(f"{function} {_percent(share)}" for function, share in one.functions)
        detail = f" ({functions})" if functions else ""
        yield f"{one.area}: {_percent(one.share)} of {one.share.cells} cells have somebody accountable{detail}"


def _percent(share: Share) -> str:
    return f"{share.percent} %" if share.percent is not None else "none"
