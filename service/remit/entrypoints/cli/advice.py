"""`remit advice`: what could move to the other function, with everybody's hours before and after, and what is said."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.advice import Effect, Proposal
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.model import Model
from remit.entrypoints.cli.advice_decisions import accept, dismiss, restore, sentence
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import advice_shapes
from remit.usecases.ask_advice import advice
from remit.usecases.decide_advice import dismissed_advice
from remit.usecases.snapshot import Moment, snapshot

app = typer.Typer()
app.command(name="accept")(accept)
app.command(name="dismiss")(dismiss)
app.command(name="restore")(restore)


@app.callback(invoke_without_command=True)
def show_advice(
    context: typer.Context,
    under: Annotated[
        str | None, typer.Option(metavar="AREA", help="To relieve those with a part in this area or below it.")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="PERSON", help="To relieve this person alone.")] = None,
    dismissed: Annotated[
        bool, typer.Option("--dismissed", help="Instead what is dismissed now, until when, by whom and why.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="A list of the GraphQL type Proposal, or DismissedAdvice, as JSON.")
    ] = False,
) -> None:
    """What could move to the other function, and what that would come to. Without a command, it is listed with ids."""
    narrowed = under is not None or person is not None
    if context.invoked_subcommand is not None:
        if narrowed or dismissed or json:
            raise typer.BadParameter(f"these options are for the list; `{context.invoked_subcommand}` takes its own")
        return
    if dismissed and narrowed:
        raise typer.BadParameter("--dismissed lists all that is dismissed; leave --under and --person out")
    if dismissed:
        with_remit(partial(_tell_dismissed, json=json))
        return
    area, whom = AreaKey(under) if under is not None else None, OwnerKey(person) if person is not None else None

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, Moment())
        found = await advice(remit.desk, snap, area, whom)
        if json:
            _print_json([advice_shapes.proposal(snap.model, one) for one in found.proposals])
        else:
            show(out(), snap.model, found.proposals)
        if found.doubt is not None:
            typer.echo(found.doubt, err=True)

    with_remit(answer)


async def _tell_dismissed(remit: Remit, settings: Settings, *, json: bool) -> None:
    snap = await snapshot(remit.desk, Moment())
    found = await dismissed_advice(remit.desk)
    if json:
        _print_json([advice_shapes.dismissed(snap.model, one) for one in found])
        return
    if not found:
        typer.echo("Nothing is dismissed.")
    for one in found:
        typer.echo(f"{one.key}\t{sentence(one)}\t{one.actor}\t{one.reason or '-'}")


def _print_json(told: Sequence[advice_shapes.Json]) -> None:
    typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


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
