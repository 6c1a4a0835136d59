"""`remit model end`, `hand-over` and `confirm`: changes without a file, each shown before it is made."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from remit.domain.changes import Change, ConfirmOwner, EndRow, HandOver
from remit.domain.errors import Invalid
from remit.domain.facts import FactKind
from remit.entrypoints.cli import moments
from remit.entrypoints.cli.planned import conclude, login
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.usecases.change_model import Changed, change_model
from remit.usecases.desk import Desk

At = Annotated[str | None, typer.Option(metavar="T", help="From when on: an instant or a date; now if not given.")]
Apply = Annotated[bool, typer.Option("--apply", help="Record the change; without it, it is only shown.")]
Reason = Annotated[str, typer.Option(help="Why, for the record.")]
Actor = Annotated[str | None, typer.Option(help="Who, for the record; your login name if not given.")]
Making = Callable[[Desk], Awaitable[Change]]
"""Makes the change once the organisation's time zone can be asked for."""
Kind = Annotated[FactKind, typer.Argument(help="What kind of row.")]


def end(
    kind: Kind,
    key: Annotated[str, typer.Argument(help="The row's key, as a plan or `remit history` shows it.")],
    at: At = None,
    apply: Apply = False,
    reason: Reason = "",
    actor: Actor = None,
) -> None:
    """End a row of the model. Nothing is ever deleted.

    Without --apply it exits 0 when nothing would change and 2 when something would.
    """
    when = moments.told("--at", at)

    async def change(desk: Desk) -> Change:
        return EndRow(kind=kind, key=key, at=(await moments.moment(desk, when, None)).as_of)

    _make(change, apply, reason, actor)


def hand_over(
    person: Annotated[str, typer.Argument(help="The key of whoever hands over.")],
    to: Annotated[str | None, typer.Option(help="The person or team that takes over; nobody if not given.")] = None,
    at: At = None,
    leaves: Annotated[bool, typer.Option("--leaves", help="The person is inactive and in no team then.")] = False,
    apply: Apply = False,
    reason: Reason = "",
    actor: Actor = None,
) -> None:
    """Hand over everything a person holds: assignments, and standing in for others.

    Without --apply it exits 0 when nothing would change and 2 when something would.
    """
    when = moments.told("--at", at)

    async def change(desk: Desk) -> Change:
        return HandOver(person=person, to=to, at=(await moments.moment(desk, when, None)).as_of, leaves=leaves)

    _make(change, apply, reason, actor)


def confirm(
    assignment: Annotated[str, typer.Argument(help="The key of an assignment.")],
    due: Annotated[str, typer.Option(metavar="T", help="When it is to be confirmed again: an instant or a date.")],
    by: Annotated[str | None, typer.Option(help="The key of the person who looked; the actor if not given.")] = None,
    apply: Apply = False,
    reason: Reason = "",
    actor: Actor = None,
) -> None:
    """Confirm that the owner of an assignment still holds.

    Without --apply it exits 0 when nothing would change and 2 when something would.
    """
    until = moments.told("--due", due)

    async def change(desk: Desk) -> Change:
        again = (await moments.moment(desk, until, None)).as_of
        if again is None:
            raise Invalid("say when it is due again; write for example --due 2027-11-23")
        return ConfirmOwner(row=assignment, by=by, due=again)

    _make(change, apply, reason, actor)


def _make(change: Making, apply: bool, reason: str, actor: str | None) -> None:
    async def work(remit: Remit, settings: Settings) -> Changed:
        wanted = [await change(remit.desk)]
        return await change_model(remit.desk, wanted, actor=actor or login(), reason=reason, dry_run=not apply)

    conclude(with_remit(work), apply)
