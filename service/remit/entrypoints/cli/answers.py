"""`remit who`: who is responsible for an issue, and why."""

from typing import Annotated

import orjson
import typer

from remit.domain.ids import ResponsibilityKey
from remit.entrypoints.cli import show
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import shapes
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.snapshot import snapshot

app = typer.Typer()


@app.command()
def who(
    issue: Annotated[str, typer.Argument(metavar="ISSUE-KEY", help="A Jira issue, by its present or a former key.")],
    responsibility: Annotated[
        list[str] | None, typer.Option("--responsibility", "-r", help="Only this one; may be repeated.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="What was true then: 2026-11-01T09:00:00Z, or a date.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What was believed then, written alike.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Every statement that was looked at, losers included.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The GraphQL type IssueOwnership as JSON.")] = False,
) -> None:
    """Who is responsible for an issue, and why."""
    true_at, believed_at = told("--as-of", as_of), told("--known-at", known_at)
    wanted = tuple(ResponsibilityKey(key) for key in responsibility) if responsibility else None

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, believed_at))
        found = (await issue_ownership(remit.desk, snap, [issue], wanted))[issue]
        if json:
            typer.echo(orjson.dumps(shapes.issue_ownership(snap.model, found), option=orjson.OPT_INDENT_2).decode())
        else:
            show.issue(out(), snap.model, found, why=why)

    with_remit(answer)
