"""`remit signals`: what is measured in an area, as a table, and which records are behind a number."""

from collections.abc import Sequence
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey
from remit.domain.intervals import instant_text
from remit.domain.load import Signal, Verdict
from remit.domain.tracing import TracedRecord
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import load_shapes, record_shapes
from remit.usecases.ask_signals import USUAL_DAYS, area_signals, require_days
from remit.usecases.measure_areas import spans_of
from remit.usecases.measurements import Question
from remit.usecases.pages import MOST, USUAL
from remit.usecases.snapshot import Snapshot, signal_freshness, snapshot
from remit.usecases.trace_signals import TracedPage, TraceQuestion, trace_signals

COLOURS = {Verdict.OK: "green", Verdict.WATCH: "yellow", Verdict.OVERLOADED: "red", Verdict.UNKNOWN: "dim"}
AS_NUMBERS = ("value", "usual", "sample", "days")

app = typer.Typer()


@app.command(name="signals")
def show_signals(
    area: Annotated[str, typer.Argument(metavar="AREA", help="The key of an area.")],
    below: Annotated[bool, typer.Option("--below", help="With the records of every area below it.")] = False,
    days: Annotated[int, typer.Option(help="Days of the window, today the last of them.")] = USUAL_DAYS,
    records: Annotated[
        str | None, typer.Option(metavar="NAME", help="The records behind the signal of this name instead.")
    ] = None,
    most: Annotated[int, typer.Option(help=f"Records told, at most {MOST}.")] = USUAL,
    as_of: Annotated[
        str | None, typer.Option(help="The window that ends then: 2026-11-01T09:00:00Z, or a date.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="A list of the GraphQL type Signal, or a TracedRecordConnection, as JSON.")
    ] = False,
) -> None:
    """What is measured in an area, and which records are behind a number."""
    true_at = told("--as-of", as_of)
    question = Question(AreaKey(area), below)

    async def answer(remit: Remit, settings: Settings) -> None:
        require_days(days)
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, None))
        if question.area not in snap.model.areas:
            raise NotFound(f"there is no area {area!r} at this instant")
        if records is None:
            _tell_signals(snap, (await area_signals(remit.desk, snap, [question], days=days))[question], json=json)
            return
        asked = TraceQuestion(question.areas(snap.model), records, spans_of(snap, days)[0], most)
        _tell_records(snap, question.area, asked, (await trace_signals(remit.desk, snap, [asked]))[asked], json=json)

    with_remit(answer)


def _tell_signals(snap: Snapshot, found: Sequence[Signal], *, json: bool) -> None:
    if json:
        _print([load_shapes.signal(one, signal_freshness(snap, one)) for one in found])
    else:
        show(out(), found)


def _tell_records(snap: Snapshot, area: AreaKey, asked: TraceQuestion, found: TracedPage, *, json: bool) -> None:
    if json:
        _print(record_shapes.traced(snap.model, area, asked, found))
    else:
        show_records(out(), asked.signal, found)
    if found.doubt is not None:
        typer.echo(found.doubt, err=True)


def _print(shaped: object) -> None:
    typer.echo(orjson.dumps(shaped, option=orjson.OPT_INDENT_2).decode())


def show(console: Console, found: Sequence[Signal]) -> None:
    """A row for each signal: the number, what is usual, what it says, and over how many records it was taken."""
    table = _table("signal", "value", "unit", "usual", "verdict", "sample")
    for one in found:
        verdict = f"[{COLOURS[one.verdict]}]{one.verdict}[/]"
        table.add_row(one.name, number(one.value), one.unit, number(one.baseline), verdict, str(one.sample_size))
    console.print(table)


def show_records(console: Console, signal: str, found: TracedPage) -> None:
    """A row for each record, those that count first, and how many more there are."""
    reading = found.reading
    limit = f", held against {number(found.limit_days)} days" if found.limit_days is not None else ""
    console.print(f"{signal}: {number(reading.value)} over a sample of {reading.sample}{limit}")
    if not found.records:
        return
    table = _table("record", "counts as", "value", "days", "created", "area", "title")
    for one in found.records:
        table.add_row(*_row(one))
    console.print(table)
    if found.page.has_next:
        console.print(
            f"[dim]{found.page.total - len(found.records)} more; --most tells up to {MOST}, the API page by page all[/]"
        )


def number(value: float | None) -> str:
    """With two decimals where it is no whole number; `?` for none."""
    if value is None:
        return "?"
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def _row(one: TracedRecord) -> tuple[str, ...]:
    decides = " <- the number" if one.part.decides else ""
    return (
        escape(one.key),
        f"{one.part.counts_as}{decides}",
        number(one.part.value),
        number(one.part.days) if one.part.days is not None else "",
        instant_text(one.part.created),
        escape(one.area),
        escape(one.title or ""),
    )


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if name in AS_NUMBERS else "left")
    return table
