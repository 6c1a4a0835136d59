"""Loads of teams and functions on the command line: a table with bars, and what makes them so."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.ids import FunctionKey, OwnerKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.parties import PartyKind
from remit.domain.totals import GroupLoad
from remit.entrypoints.cli.bars import COLOURS, bar, hours_text, percent_text

BAD = (Verdict.OVERLOADED, Verdict.WATCH, Verdict.UNKNOWN)


def show_totals(console: Console, model: Model, loads: Sequence[GroupLoad], *, most: int | None) -> None:
    """A row for each group with a bar, and below it what is asked of them: the largest `most`, or all."""
    if not loads:
        console.print("None.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in (loads[0].party.kind.value.lower(), "verdict", "hours", "of", "", "", "people"):
        table.add_column(name, overflow="fold", justify="right" if name in ("hours", "of") else "left")
    for load in loads:
        colour = COLOURS[load.verdict]
        table.add_row(
            escape(_name(model, load)),
            f"[{colour}]{load.verdict}[/]",
            hours_text(load.demand_hours),
            hours_text(load.capacity_hours),
            f"[{colour}]{bar(load.utilisation)}[/]",
            percent_text(load.utilisation),
            escape(_people(load)),
        )
    console.print(table)
    for load in loads:
        for line in _reasons(model, load, most):
            console.print(f"[dim]{escape(line)}[/]")


def _people(load: GroupLoad) -> str:
    """`5: 1 OVERLOADED, 2 WATCH`."""
    told = [f"{count} {verdict}" for verdict in BAD if (count := load.how_many(verdict))]
    return f"{len(load.members)}{': ' if told else ''}{', '.join(told)}"


def _reasons(model: Model, load: GroupLoad, most: int | None) -> Iterator[str]:
    """`Crew: 2.00 h data_analytics at checkout, of 2 people`, and why nothing can be said where that is so."""
    name = _name(model, load)
    if load.verdict is Verdict.UNKNOWN and load.members:
        yield f"{name}: {next(one.explanation for one in load.signals if one.name == 'utilisation')}"
    if load.joint_hours:
        yield f"{name}: {load.joint_hours:.2f} h of it for what the team holds as such"
    for one in load.contributions[:most]:
        people = f"{one.people} people" if one.people > 1 else "1 person"
        yield f"{name}: {one.demand_hours:.2f} h {one.responsibility} at {one.area}, of {people}"
    if most is not None and (rest := load.contributions[most:]):
        yield f"{name}: {sum(one.demand_hours for one in rest):.2f} h in {len(rest)} more; --why tells all"


def _name(model: Model, load: GroupLoad) -> str:
    if load.party.kind is PartyKind.TEAM:
        return model.teams[OwnerKey(load.party.key)].name
    return model.functions[FunctionKey(load.party.key)].name
