"""`remit drift`: where the work is done by another function than declared, and by whose traces that shows."""

from collections.abc import Iterator
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.drift import Drift, Traces
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import drift_shapes
from remit.usecases.ask_drift import Drifts, area_drifts
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.snapshot import snapshot

MOST_ROWS = 3
"""Traces shown of each drift."""

app = typer.Typer()


@app.command(name="drift")
def show_drift(
    under: Annotated[str | None, typer.Option(metavar="AREA", help="This area and everything below it.")] = None,
    days: Annotated[int, typer.Option(help="Days of the window, today the last of them.")] = USUAL_DAYS,
    why: Annotated[bool, typer.Option("--why", help="All traces of each.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="The window that ends then: 2026-11-01T09:00:00Z, or a date.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="A list of the GraphQL type Drift as JSON.")] = False,
) -> None:
    """Where the work is done by another function than declared. Histories of issues and feedback show it."""
    area = AreaKey(under) if under is not None else None
    true_at = told("--as-of", as_of)

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, None))
        found = (await area_drifts(remit.desk, snap, [area], days=days))[area]
        if json:
            shaped = [drift_shapes.drift(snap.model, one) for one in found.found]
            typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())
        else:
            show(out(), snap.model, found, most=None if why else MOST_ROWS)
        if found.doubt is not None:
            typer.echo(found.doubt, err=True)

    with_remit(answer)


def show(console: Console, model: Model, found: Drifts, *, most: int | None = MOST_ROWS) -> None:
    """A row for each function of each drift, what to do, and whose traces show it: the most, or all."""
    if not found.found:
        console.print("No drift.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("area", "responsibility", "function", "declared", "observed", "95 % interval", "traces"):
        table.add_column(
            name, overflow="fold", justify="left" if name in ("area", "responsibility", "function") else "right"
        )
    for drift in found.found:
        for place, share in enumerate(drift.shares):
            table.add_row(
                *((drift.area, drift.responsibility) if place == 0 else ("", "")),
                share.function,
                f"{share.declared:.0%}",
                f"{share.observed:.0%}",
                f"{share.low:.0%} to {share.high:.0%}",
                f"{share.count} of {drift.sample}",
            )
    console.print(table)
    for drift in found.found:
        console.print(escape(drift.sentence))
        for line in _evidence(model, drift, most):
            console.print(f"[dim]{escape(line)}[/]")


def _evidence(model: Model, drift: Drift, most: int | None) -> Iterator[str]:
    """`    24 x status at checkout by Ana (product_management)`."""
    yield from (f"    {one.count} x {one.trace} at {one.area} by {_whose(model, one)}" for one in drift.evidence[:most])
    if most is not None and (rest := drift.evidence[most:]):
        yield f"    {sum(one.count for one in rest)} more; --why tells all"
    if drift.unattributed or drift.elsewhere:
        yield f"    not counted: {drift.unattributed} of nobody known, {drift.elsewhere} of other functions"


def _whose(model: Model, traces: Traces) -> str:
    if traces.account is None:
        return f"somebody whom {traces.source} does not name"
    if traces.person is None:
        return f"the {traces.source} account {traces.account}, which nobody has"
    return f"{model.people[traces.person].name} ({traces.function or 'no function'})"
