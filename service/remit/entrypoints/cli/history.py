"""`remit history`: what happened to an area, a person or a responsibility, and by whom and why."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import Annotated

import orjson
import typer

from remit.domain.intervals import instant_text
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.rest.history_shapes import connection
from remit.usecases.ask_history import MOST, USUAL, History, excerpt, history, node_of

app = typer.Typer()


class Kind(StrEnum):
    """What has a history, as typed."""

    AREA = "area"
    PERSON = "person"
    TEAM = "team"
    FUNCTION = "function"
    RESPONSIBILITY = "responsibility"
    LENS = "lens"


@app.command(name="history")
def show_history(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help=f"One of {', '.join(Kind)}.")],
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its key in the model file; ended or not.")],
    limit: Annotated[int, typer.Option(help="How many changes, newest first.", min=1, max=MOST)] = USUAL,
    after: Annotated[str | None, typer.Option(help="The `endCursor` of the JSON before, to go on from.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The GraphQL type ChangeConnection as JSON.")] = False,
) -> None:
    """What happened to an area, a person or a responsibility, and by whom and why."""
    asked = excerpt(node_of(kind, key), limit, after)

    async def answer(remit: Remit, settings: Settings) -> None:
        found = await history(remit.desk, asked)
        if json:
            typer.echo(orjson.dumps(connection(found, after), option=orjson.OPT_INDENT_2).decode())
        else:
            for line in lines(found):
                typer.echo(line)

    with_remit(answer)


def lines(found: History) -> Iterator[str]:
    """A heading for each change of the model: when, who, why; below it a line for each row."""
    if not found.changes:
        yield "Nothing was declared about it yet." if not found.total else "No more changes."
    for (at, actor, reason), rows in groupby(found.changes, lambda one: (one.recorded_at, one.actor, one.reason)):
        yield f"{instant_text(at)} by {actor}{f': {reason}' if reason else ''}"
        yield from (f"  {row.message}" for row in rows)
    if found.more:
        yield f"{found.total} in all; --limit shows more, at most {MOST}; --json has a cursor to go on from."
