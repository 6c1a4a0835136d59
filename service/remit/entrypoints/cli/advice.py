"""`remit advice`: what could move to the other function, with everybody's hours before and after."""

from collections.abc import Sequence
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.advice import Effect, Proposal
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.model import Model
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import advice_shapes
from remit.usecases.ask_advice import advice
from remit.usecases.snapshot import Moment, snapshot

app = typer.Typer()


@app.command(name="advice")
def show_advice(
    under: Annotated[
        str | None, typer.Option(metavar="AREA", help="To relieve those with a part in this area or below it.")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="PERSON", help="To relieve this person alone.")] = None,
    json: Annotated[bool, typer.Option("--json", help="A list of the GraphQL type Proposal as JSON.")] = False,
) -> None:
    """What could move to the other function, and what that would come to. Accept a proposal in the graph."""
    area, whom = AreaKey(under) if under is not None else None, OwnerKey(person) if person is not None else None

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, Moment())
        found = await advice(remit.desk, snap, area, whom)
        if json:
            shaped = [advice_shapes.proposal(snap.model, one) for one in found.proposals]
            typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())
        else:
            show(out(), snap.model, found.proposals)
        if found.doubt is not None:
            typer.echo(found.doubt, err=True)

    with_remit(answer)


def show(console: Console, model: Model, proposals: Sequence[Proposal]) -> None:
    """Each proposal in a sentence, and below it a row for everybody touched, before and after."""
    if not proposals:
        console.print("No advice.")
    for told in proposals:
        rows = "1 row" if told.move.changes == 1 else f"{told.move.changes} rows"
        console.print(escape(told.sentence))
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        for place in range(4):
            table.add_column(justify="right" if place in (1, 2) else "left")
        for one in told.effects:
            before, after = (f"{hours:.1f} h" for hours in (one.hours_before, one.hours_after))
            table.add_row(f"    {escape(model.people[one.person].name)}", before, f"-> {after}", _verdicts(one))
        console.print(table)
        console.print(f"[dim]    relief of {told.relief_hours:.1f} h a week for {rows}; id {told.id}[/]")


def _verdicts(told: Effect) -> str:
    before, after = (f"{share:.0%}" if share is not None else "?" for share in _shares(told))
    return f"{before} {told.verdict_before} -> {after} {told.verdict_after}"


def _shares(told: Effect) -> tuple[float | None, float | None]:
    return told.utilisation_before, told.utilisation_after
