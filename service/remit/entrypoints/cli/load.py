"""`remit load`: how loaded everybody is, as a table with bars, and what makes it so."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Contribution, Load, Verdict
from remit.domain.model import Model
from remit.domain.parties import PartyKind
from remit.entrypoints.cli.bars import COLOURS, bar, hours_text, percent_text
from remit.entrypoints.cli.load_history import tell_history
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.cli.totals import show_totals
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import load_shapes, total_shapes
from remit.usecases.ask_load import Survey, Wanted, listed, survey
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.ask_totals import group_loads, groups_of, ranked
from remit.usecases.ask_touched import with_touched, with_touched_together
from remit.usecases.pages import MOST
from remit.usecases.snapshot import Snapshot, snapshot, source_freshness

MOST_ROWS = 3
"""Responsibilities of each person, or contributions of each group, that have a line each."""

app = typer.Typer()


@app.command(name="load")
def show_load(
    under: Annotated[
        str | None, typer.Option(metavar="AREA", help="Only who has a part in this area or one below it.")
    ] = None,
    function: Annotated[str | None, typer.Option(metavar="FUNCTION", help="Only people of this function.")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Only those with this verdict.")] = None,
    days: Annotated[int, typer.Option(help="Days of the window, today the last of them.")] = USUAL_DAYS,
    teams: Annotated[bool, typer.Option("--teams", help="Of teams, each as a whole.")] = False,
    functions: Annotated[bool, typer.Option("--functions", help="Of functions, each as a whole.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Every contribution with what makes it.")] = False,
    as_of: Annotated[str | None, typer.Option(help="What was true then: 2026-11-01T09:00:00Z, or a date.")] = None,
    history: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Only this person, by the end of each of the last 90 days.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="A list of the GraphQL type Load, or GroupLoad, as JSON.")
    ] = False,
) -> None:
    """How loaded people are, the most loaded first. The work asked of them is held against the time they have."""
    wanted = Wanted(
        AreaKey(under) if under is not None else None,
        FunctionKey(function) if function is not None else None,
        verdict,
    )
    kind = _kind(teams, functions, wanted)
    true_at = told("--as-of", as_of)

    async def answer(remit: Remit, settings: Settings) -> None:
        if history is not None:
            await tell_history(remit, OwnerKey(history), json=json)
            return
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, None))
        found = await survey(remit.desk, snap, days=days)
        most = None if why else MOST_ROWS
        if kind is not None:
            await _answer_totals(remit, snap, found, kind, wanted.verdict, most, json=json)
            return
        loads = [found.load(person) for person in listed(snap, found, wanted)]
        if json:
            whole = await with_touched(remit.desk, snap, loads, found.grounds.window)
            fresh = source_freshness(snap, None)
            _echo([load_shapes.load(snap.model, one, fresh) for one in whole])
        else:
            show(out(), snap.model, loads, most=most)

    with_remit(answer)


def _kind(teams: bool, functions: bool, wanted: Wanted) -> PartyKind | None:
    """Which groups are asked for; None: people. Raises Invalid for what cannot be asked together."""
    if not teams and not functions:
        return None
    if teams and functions:
        raise Invalid("ask for --teams or for --functions")
    if wanted.under is not None or wanted.function is not None:
        raise Invalid("--under and --function choose people; leave them out with --teams and --functions")
    return PartyKind.TEAM if teams else PartyKind.FUNCTION


async def _answer_totals(
    remit: Remit,
    snap: Snapshot,
    found: Survey,
    kind: PartyKind,
    verdict: Verdict | None,
    most: int | None,
    *,
    json: bool,
) -> None:
    told = await group_loads(remit.desk, snap, found, groups_of(snap, kind))
    loads = ranked(told.values(), verdict)
    if json:
        whole = await with_touched_together(remit.desk, snap, loads, found.grounds.window)
        fresh = source_freshness(snap, None)
        _echo([total_shapes.group_load(snap.model, one, fresh, MOST) for one in whole])
    else:
        show_totals(out(), snap.model, loads, most=most)


def _echo(told: object) -> None:
    typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def show(console: Console, model: Model, loads: Sequence[Load], *, most: int | None = MOST_ROWS) -> None:
    """A row for each person with a bar, and below it what is asked of them: by responsibility, the largest `most` in a
    line each, or every contribution with reasons.
    """
    if not loads:
        console.print("Nobody.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("person", "verdict", "hours", "of", "", ""):
        table.add_column(name, overflow="fold", justify="right" if name in ("hours", "of") else "left")
    for load in loads:
        colour = COLOURS[load.verdict]
        table.add_row(
            escape(model.people[load.person].name),
            f"[{colour}]{load.verdict}[/]",
            hours_text(load.demand_hours),
            hours_text(load.capacity_hours),
            f"[{colour}]{bar(load.utilisation)}[/]",
            percent_text(load.utilisation),
        )
    console.print(table)
    for load in loads:
        for line in reasons(model, load, most):
            console.print(f"[dim]{escape(line)}[/]")


def reasons(model: Model, load: Load, most: int | None) -> Iterator[str]:
    """`Ana: 2.00 h data_analytics at checkout`, and why nothing can be said where that is so."""
    name = model.people[load.person].name
    if load.verdict is Verdict.UNKNOWN:
        yield f"{name}: {next(one.explanation for one in load.signals if one.name == 'utilisation')}"
    if most is not None:
        told = by_responsibility(load.contributions)
        yield from (f"{name}: {one}" for one in told[:most])
        if rest := told[most:]:
            yield f"{name}: {', '.join(rest)}; --why tells all"
        return
    for one in load.contributions:
        yield f"{name}: {one.demand_hours:.2f} h {one.responsibility} at {one.area}"
        yield from (f"    {driver.name}: {driver.explanation}" for driver in one.drivers)


def by_responsibility(contributions: Sequence[Contribution]) -> Sequence[str]:
    """`13.50 h roadmap_ownership in 9 areas`, the most hours first."""
    found: dict[ResponsibilityKey, list[Contribution]] = {}
    for one in contributions:
        found.setdefault(one.responsibility, []).append(one)
    hours = {key: sum(one.demand_hours for one in several) for key, several in found.items()}
    order = sorted(found, key=lambda key: (-hours[key], key))
    return [f"{hours[key]:.2f} h {key} {_where(found[key])}" for key in order]


def _where(several: Sequence[Contribution]) -> str:
    return f"in {len(several)} areas" if len(several) > 1 else f"at {several[0].area}"
