"""`remit advice accept`, `dismiss` and `restore`: what is said of a proposal."""

from typing import Annotated

import typer

from remit.domain.advice import Dismissal
from remit.domain.errors import Invalid
from remit.domain.intervals import instant_text
from remit.entrypoints.cli import moments
from remit.entrypoints.cli.planned import conclude, login
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.usecases.change_model import Changed
from remit.usecases.decide_advice import accept_advice, dismiss_advice, restore_advice

Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a proposal, as `remit advice` shows it.")]
Actor = Annotated[str | None, typer.Option(help="Who, for the record; your login name if not given.")]


def accept(
    id_: Id,
    apply: Annotated[bool, typer.Option("--apply", help="Make it so; without it, it is only shown.")] = False,
    actor: Actor = None,
) -> None:
    """Make a proposal so: its rule and its assignment, with the proposal as their reason.

    Without --apply it exits 2, as something would change.
    """

    async def work(remit: Remit, settings: Settings) -> Changed:
        return await accept_advice(remit.desk, id_, actor=actor or login(), dry_run=not apply)

    conclude(with_remit(work), apply)


def dismiss(
    id_: Id,
    until: Annotated[str, typer.Option(metavar="T", help="Until when: an instant or a date.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    actor: Actor = None,
) -> None:
    """Do not propose this move until then, whatever the numbers come to meanwhile. Said again, the last one counts."""
    at = moments.told("--until", until)

    async def work(remit: Remit, settings: Settings) -> Dismissal:
        then = (await moments.moment(remit.desk, at, None)).as_of
        if then is None:
            raise Invalid("say until when; write for example --until 2027-01-31")
        done = await dismiss_advice(remit.desk, id_, until=then, reason=reason, actor=actor or login())
        return done.dismissal

    typer.echo(sentence(with_remit(work)))


def restore(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="As `remit advice --dismissed` shows it, or of its proposal.")
    ],
) -> None:
    """Let a dismissed move be proposed again."""

    async def work(remit: Remit, settings: Settings) -> Dismissal:
        return await restore_advice(remit.desk, id_)

    area, responsibility, function, owner = with_remit(work).place
    typer.echo(f"That {function} leads {responsibility} at {area}, with {owner} accountable, may be proposed again.")


def sentence(told: Dismissal) -> str:
    """What is not proposed, and until when."""
    area, responsibility, function, owner = told.place
    until = instant_text(told.until)
    return f"Not proposed until {until}: let {function} lead {responsibility} at {area}, with {owner} accountable."
