"""`remit who`: who is responsible for an issue or in an area, and why."""

from collections.abc import Sequence
from typing import Annotated

import orjson
import typer

from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.entrypoints.cli import show
from remit.entrypoints.cli.moments import moment, told
from remit.entrypoints.cli.session import out, with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest import shapes
from remit.usecases.ask_ownership import area_ownership, cell, issue_ownership
from remit.usecases.snapshot import Snapshot, model_freshness, snapshot

app = typer.Typer()
Wanted = Sequence[ResponsibilityKey] | None


@app.command()
def who(
    issue: Annotated[
        str | None, typer.Argument(metavar="[ISSUE-KEY]", help="A Jira issue, by its present or a former key.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="An area, by its key, instead of an issue.")] = None,
    responsibility: Annotated[
        list[str] | None, typer.Option("--responsibility", "-r", help="Only this one; may be repeated.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="What was true then: 2026-11-01T09:00:00Z, or a date.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What was believed then, written alike.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Every statement that was looked at, losers included.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="JSON: the GraphQL type IssueOwnership; of an area, what REST says.")
    ] = False,
) -> None:
    """Who is responsible for an issue or in an area, and why."""
    if (issue is None) == (area is None):
        raise typer.BadParameter("name an issue by its key, or an area with --area")
    true_at, believed_at = told("--as-of", as_of), told("--known-at", known_at)
    wanted = tuple(dict.fromkeys(map(ResponsibilityKey, responsibility))) if responsibility else None

    async def answer(remit: Remit, settings: Settings) -> None:
        snap = await snapshot(remit.desk, await moment(remit.desk, true_at, believed_at))
        if area is not None:
            await _area(remit, snap, AreaKey(area), wanted, why=why, json=json)
        elif issue is not None:
            await _issue(remit, snap, issue, wanted, why=why, json=json)

    with_remit(answer)


async def _issue(remit: Remit, snap: Snapshot, key: str, wanted: Wanted, *, why: bool, json: bool) -> None:
    found = (await issue_ownership(remit.desk, snap, [key], wanted))[key]
    if json:
        _print(shapes.issue_ownership(snap.model, found))
    else:
        show.issue(out(), snap.model, found, why=why)


async def _area(remit: Remit, snap: Snapshot, key: AreaKey, wanted: Wanted, *, why: bool, json: bool) -> None:
    answers = await area_ownership(remit.desk, snap, [key])
    cells = [cell(snap, answers, key, one) for one in wanted or snap.model.responsibilities]
    if json:
        _print(shapes.area_ownership(snap.model, key, cells, model_freshness(snap)))
    else:
        show.area(out(), snap.model, key, cells, model_freshness(snap), why=why)


def _print(shape: shapes.Json) -> None:
    typer.echo(orjson.dumps(shape, option=orjson.OPT_INDENT_2).decode())
