"""`remit load --history`: how loaded somebody was by the end of each day, a line for each month."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.days import LoadPoint
from remit.domain.errors import NotFound
from remit.domain.ids import OwnerKey
from remit.domain.load import Verdict
from remit.entrypoints.cli.session import out
from remit.entrypoints.wiring import Remit
from remit.rest import day_shapes
from remit.usecases.ask_days import USUAL_POINTS, days_back, load_histories
from remit.usecases.snapshot import Moment, snapshot

BARS, HOLE = "▁▂▃▄▅▆▇█", "·"
FULL = 1.0
"""The utilisation of the highest bar, if nothing is above it."""


async def tell_history(remit: Remit, person: OwnerKey, *, json: bool) -> None:
    """The usual number of days of a person of the model, raises NotFound for another."""
    snap = await snapshot(remit.desk, Moment())
    if person not in snap.model.people:
        raise NotFound(f"there is no person {person!r} at this instant")
    points = (await load_histories(remit.desk, [person], days_back(snap, USUAL_POINTS)))[person]
    if json:
        shaped = [day_shapes.load_point(one) for one in points]
        typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())
    else:
        show(out(), snap.model.people[person].name, points)


def show(console: Console, name: str, points: Sequence[LoadPoint]) -> None:
    """A bar for each day, `·` for one without a number, and what is to be known of the last."""
    known = [one.load.utilisation for one in points if one.load is not None and one.load.utilisation is not None]
    if not known:
        console.print(f"{escape(name)}: {_why_nothing(points)}")
        return
    highest = max(*known, FULL)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("month", f"utilisation, █ is {highest:.0%}", "lowest", "highest", "last"):
        table.add_column(column, justify="right" if column in ("lowest", "highest", "last") else "left")
    for month, days in groupby(points, key=lambda one: f"{one.day:%Y-%m}"):
        table.add_row(month, *_row(list(days), highest))
    console.print(f"[bold]{escape(name)}[/]")
    console.print(table)
    for line in remarks(points):
        console.print(f"[dim]{escape(line)}[/]")


def sparkline(values: Iterable[float | None], highest: float) -> str:
    """A bar for each value, from nothing to the highest."""
    return "".join(
        HOLE if value is None else BARS[min(int(value / highest * len(BARS)), len(BARS) - 1)] for value in values
    )


def remarks(points: Sequence[LoadPoint]) -> Iterator[str]:
    """What a bar does not tell: how many days were not measured, and how many with sources in doubt."""
    holes = sum(one.kept is None for one in points)
    doubted = [one for one in points if one.kept is not None and one.kept.degraded]
    overloaded = sum(one.load is not None and one.load.verdict is Verdict.OVERLOADED for one in points)
    measured = f"days measured: {len(points) - holes}, of them OVERLOADED: {overloaded}"
    yield f"{measured}; never measured, and no zeros: {holes}"
    if doubted:
        names = ", ".join(sorted({name for one in doubted if one.kept is not None for name in one.kept.degraded}))
        yield f"days on whose measurement something was too old or in trouble: {len(doubted)} ({names})"


def _why_nothing(points: Sequence[LoadPoint]) -> str:
    if any(one.kept is not None for one in points):
        return "no utilisation in all these days, since no capacity was declared; set capacity_hours."
    return "nothing was measured yet; `remit up` or a worker measures a day once it has ended."


def _row(days: Sequence[LoadPoint], highest: float) -> tuple[str, ...]:
    values = [one.load.utilisation if one.load is not None else None for one in days]
    known = [value for value in values if value is not None]
    told = (min(known), max(known), known[-1]) if known else ()
    return sparkline(values, highest), *(f"{value:.0%}" for value in told)
