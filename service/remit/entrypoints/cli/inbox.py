"""`remit inbox`: deliveries and records that wait for a person."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Annotated

import structlog
import typer

from remit.domain.errors import Invalid, NotFound
from remit.domain.intervals import instant_text
from remit.entrypoints.cli.planned import login
from remit.entrypoints.cli.session import with_remit
from remit.entrypoints.settings import Settings
from remit.entrypoints.wiring import Remit
from remit.ports import MirrorStore
from remit.storage.inbox import Parked, PostgresInbox, discard_parked, parked_now
from remit_integrations.replay import replay as replay_parked

log = structlog.get_logger()

app = typer.Typer(help="Deliveries and records that could not be applied or read.", no_args_is_help=True)

Name = tuple[str, str, bool]
"""Of what is parked: its source, its id, and whether it is a delivery."""
Left = Mapping[Name, str]
"""Why what is parked still is."""


@app.command(name="list")
def list_parked() -> None:
    """What is parked: its source, id, what it is, why it waits, and since when."""

    async def work(parts: Remit, settings: Settings) -> None:
        for one in await parked_now(parts.engine):
            typer.echo(f"{one.source}\t{one.id}\t{_what(one)}\t{one.reason}\tsince {instant_text(one.since)}")

    with_remit(work)


@app.command()
def replay(
    ids: Annotated[
        list[str] | None, typer.Argument(help="As `remit inbox list` shows them; everything if not given.")
    ] = None,
) -> None:
    """Read records again by id and apply deliveries again, now; says what came of each. 1 when some still wait."""

    async def work(parts: Remit, settings: Settings) -> tuple[Sequence[Parked], Left, Collection[Name]]:
        chosen = _chosen(await parked_now(parts.engine), ids)
        left: dict[Name, str] = {}
        for source, some in groupby(sorted(chosen, key=attrgetter("source")), attrgetter("source")):
            left |= await _replayed(parts, source, list(some))
        left |= {_name(one): one.reason for one in await parked_now(parts.engine) if _name(one) not in left}
        return chosen, left, await _there(parts.desk.mirror, [one for one in chosen if _name(one) not in left])

    chosen, left, there = with_remit(work)
    for one in chosen:
        reason = left.get(_name(one))
        done = "applied" if one.event is not None else "read" if _name(one) in there else "gone"
        typer.echo(f"{one.source}\t{one.id}\t{_what(one)}\t{f'still parked: {reason}' if reason is not None else done}")
    if any(_name(one) in left for one in chosen):
        raise typer.Exit(1)


async def _there(mirror: MirrorStore, tried: Sequence[Parked]) -> Collection[Name]:
    """The records among them that are in the mirror and not gone; a part of one is there with it."""
    found: set[Name] = set()
    for source, some in groupby(sorted(tried, key=attrgetter("source")), attrgetter("source")):
        whole = {_name(one): one.id.partition("/")[0] for one in some if one.event is None}
        issues = await mirror.by_ids(source, set(whole.values()))
        said = await mirror.feedback.by_ids(source, set(whole.values()))
        present = {id_ for held in (issues, said) for id_, one in held.items() if one.gone_at is None}
        found |= {name for name, id_ in whole.items() if id_ in present}
    return found


@app.command()
def discard(
    ids: Annotated[list[str], typer.Argument(help="As `remit inbox list` shows them.")],
    reason: Annotated[str, typer.Option(help="Why, for the log.")],
    actor: Annotated[str | None, typer.Option(help="Who, for the log; your login name if not given.")] = None,
) -> None:
    """Give up what is parked, for good: it waits no longer. A record that its source tells again is read as ever.

    The log, on stderr, tells who gave up what, and why.
    """

    async def work(parts: Remit, settings: Settings) -> Sequence[Parked]:
        chosen = _chosen(await parked_now(parts.engine), ids)
        await discard_parked(parts.engine, chosen)
        for one in chosen:
            log.info(
                "inbox.discarded",
                source=one.source,
                id=one.id,
                what=_what(one),
                parked=one.reason,
                actor=actor or login(),
                reason=reason,
            )
        return chosen

    for one in with_remit(work, quiet=False):
        typer.echo(f"{one.source}\t{one.id}\t{_what(one)}\tdiscarded")


async def _replayed(parts: Remit, name: str, chosen: Sequence[Parked]) -> Left:
    """Why deliveries of one source still wait."""
    source = next((one for one in parts.sources if one.name == name), None)
    if source is None:
        raise Invalid(f"the source {name} is not configured; set its variables and try again")
    records = [one.id for one in chosen if one.event is None]
    deliveries = [one.id for one in chosen if one.event is not None]
    async with source.open() as feed:
        await feed.greet()
        inbox = PostgresInbox(parts.engine)
        left = await replay_parked(parts.desk, inbox, source.name, feed, records, deliveries)
    return {(name, id_, True): reason for id_, reason in left.items()}


def _chosen(parked: Sequence[Parked], ids: Sequence[str] | None) -> Sequence[Parked]:
    if not ids:
        return parked
    unknown = sorted(set(ids) - {one.id for one in parked})
    if unknown:
        raise NotFound(f"nothing is parked as {unknown[0]!r}; see `remit inbox list`")
    return [one for one in parked if one.id in ids]


def _name(one: Parked) -> Name:
    return one.source, one.id, one.event is not None


def _what(one: Parked) -> str:
    return "record" if one.event is None else f"delivery {one.event}"
