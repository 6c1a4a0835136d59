"""Answers as tables and traces for people."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from remit.domain.answers import Candidate, Freshness, Holder, IssueOwnership, Outcome, Ownership, Standing
from remit.domain.ids import AreaKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model

STYLES = {
    Outcome.OWNED: "green", Outcome.INHERITED: "green", Outcome.DELEGATED: "green", Outcome.FALLBACK: "yellow",
    Outcome.BLURRY: "yellow", Outcome.DELIBERATELY_UNOWNED: "dim",
}  # fmt: skip
MARKS = {Standing.CHOSEN: "[green]✓[/]", Standing.REJECTED: "[red]✗[/]", Standing.SKIPPED: "[dim]·[/]"}


def issue(console: Console, model: Model, answer: IssueOwnership, *, why: bool) -> None:
    """One issue: a heading, a row per responsibility, the reasons when asked for, and how old it all is."""
    console.print(f"[bold]{escape(answer.issue_key)}[/]{_where(model, answer)}")
    _cells(console, model, answer.ownership, answer.freshness, why=why)


def area(
    console: Console, model: Model, key: AreaKey, answers: Sequence[Ownership], fresh: Freshness, *, why: bool
) -> None:
    """The same of an area."""
    name = escape(model.areas[key].name) if key in model.areas else "there is no such area"
    console.print(f"[bold]{escape(key)}[/]: {name}")
    _cells(console, model, answers, fresh, why=why)


def _cells(console: Console, model: Model, answers: Sequence[Ownership], fresh: Freshness, *, why: bool) -> None:
    console.print(table(model, answers))
    if why:
        for one in answers:
            console.print(f"  [bold]{escape(one.responsibility)}[/]: {one.outcome.value}, because")
            for line in reasons(one):
                console.print(f"    {line}")
    console.print(f"[dim]{escape(age(fresh))}[/]")


def table(model: Model, answers: Sequence[Ownership]) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("responsibility", "outcome", "accountable", "lead", "others"):
        shown.add_column(name, overflow="fold")
    for one in answers:
        outcome = f"[{STYLES.get(one.outcome, 'red')}]{one.outcome.value}[/]"
        others = ", ".join(_holder(model, held) for held in one.holders if held.owner != one.accountable)
        accountable = model.name_of(one.accountable) if one.accountable is not None else "-"
        shown.add_row(one.responsibility, outcome, escape(accountable), one.lead or "-", escape(others))
    return shown


def reasons(answer: Ownership) -> Iterator[str]:
    """The trace, losers included, in the order things were looked at."""
    for looked_at in answer.trace:
        yield f"{MARKS[looked_at.verdict]} {escape(_sentence(looked_at))}"


def age(fresh: Freshness) -> str:
    """How old the data is, who is degraded, and which model it was."""
    if fresh.data_as_of is None:
        told = "never read from its source"
    else:
        told = f"data as of {instant_text(fresh.data_as_of)} ({fresh.lag_s} s ago)"
    degraded = f"; degraded: {', '.join(fresh.degraded)}" if fresh.degraded else ""
    return f"{told}{degraded}; model {fresh.model_version[:12]}"


def _where(model: Model, answer: IssueOwnership) -> str:
    if not answer.known:
        return " is not known here"
    moved = f" (now {escape(answer.current_key)})" if answer.current_key not in (None, answer.issue_key) else ""
    if answer.area is None:
        return f"{moved} belongs to no single area"
    return f"{moved} belongs to {escape(model.areas[answer.area].name)} ({escape(answer.area)})"


def _sentence(looked_at: Candidate) -> str:
    by = f" [{looked_at.recorded_by}, {instant_text(looked_at.recorded_at)}]" if looked_at.recorded_at else ""
    return f"{looked_at.step.value}: {looked_at.message} ({looked_at.reason.value}){by}"


def _holder(model: Model, held: Holder) -> str:
    standing_in = f" for {model.name_of(held.delegated_from)}" if held.delegated_from is not None else ""
    return f"{model.name_of(held.owner)}{standing_in} ({held.letter.value})"
