"""`remit doctor`: is everything there, and what to do when it is not?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import typer
from redis.exceptions import RedisError
from rich.markup import escape

from remit.cache.redis import connect as connect_redis
from remit.domain.days import KeptDay
from remit.domain.errors import Invalid, Problem, RemitError
from remit.domain.intervals import instant_text
from remit.entrypoints.cli.session import out
from remit.entrypoints.servers import Servers, servers
from remit.entrypoints.settings import NO_SOURCE, Settings, configured_source, read_settings, unknown_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import now, vault
from remit.ports import Counts, MirrorStore, SourceState
from remit.storage.days import PostgresDays
from remit.storage.engine import connect
from remit.storage.migrate import require_current, upgrade
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.believed_states import believed_states
from remit_integrations.catalogue import source_kinds
from remit_integrations.source import ALONE, Shared, Source

MOST_SKEW_S = 60

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and what was found."""

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Check configuration, database, Redis, each source's credentials and clock; say what to do. Exits 1 on trouble.

    One trouble does not keep it from looking at the rest.
    """
    settings = read_settings()
    configure_log(settings.log, quiet=True)
    shown = [_print(found) for found in _settings()]
    well = all(shown)
    try:
        with servers(settings) as started:
            well &= asyncio.run(_told(_everything(settings, started)))
    except RemitError as trouble:
        well = _print((False, "servers", trouble.message))
        asyncio.run(_told(_sources(settings, ALONE)))
    raise typer.Exit(0 if well else 1)


async def _told(findings: AsyncIterator[Finding]) -> bool:
    shown = [_print(found) async for found in findings]
    return all(shown)


def _print(found: Finding) -> bool:
    good, what, said = found
    out().print(f"{'[green]✓[/]' if good else '[red]✗[/]'} {escape(what)}: {escape(said)}")
    return good


def _settings() -> list[Finding]:
    unknown = unknown_settings()
    if unknown:
        return [(False, "settings", f"{name} is not known; see docs/settings.md") for name in unknown]
    return [(True, "settings", "every REMIT_ variable is known")]


async def _everything(settings: Settings, started: Servers) -> AsyncIterator[Finding]:
    database = await _database(started)
    yield database
    yield await _redis(started)
    try:
        engine = connect(started.database_url)
        shared = Shared(vault=vault(settings, engine))
    except RemitError as trouble:
        yield False, "sources", trouble.message
        return
    if database[0]:
        yield _days(await PostgresDays(engine).latest())
    async for found in _sources(settings, shared):
        yield found
    if database[0]:
        async for found in _mirrored(PostgresMirror(engine), settings):
            yield found
    await engine.dispose()


async def _database(started: Servers) -> Finding:
    try:
        if started.embedded:
            await upgrade(started.database_url)
        engine = connect(started.database_url)
        try:
            await require_current(engine)
            head = await PostgresModels(engine).head()
        finally:
            await engine.dispose()
    except RemitError as trouble:
        return False, "database", trouble.message
    return True, "database", f"reachable, schema current, {head.id} changes of the model"


async def _redis(started: Servers) -> Finding:
    try:
        async with connect_redis(started.redis_url) as client:
            await client.ping()
    except RemitError as trouble:
        return False, "redis", trouble.message
    except (RedisError, OSError) as trouble:
        told = f"not reachable ({type(trouble).__name__}); answers are computed anew each time, check REMIT_REDIS_URL"
        return False, "redis", told
    return True, "redis", "reachable"


async def _sources(settings: Settings, shared: Shared) -> AsyncIterator[Finding]:
    """An app enters by tokens that are kept in the database, as it would in a worker."""
    if not any(settings.sources.values()):
        yield False, "sources", NO_SOURCE
    for name in source_kinds():
        try:
            source = configured_source(settings, name, shared)
        except Invalid as wrong:
            for problem in wrong.problems or (Problem(wrong.code, wrong.message),):
                yield False, "sources", f"{problem.where}: {problem.message}" if problem.where else problem.message
            continue
        if source is not None:
            yield await _source(source)


async def _mirrored(mirror: MirrorStore, settings: Settings) -> AsyncIterator[Finding]:
    """How the last runs of each configured source ended, and what waits."""
    counts, at = await mirror.counts(), now()
    for state in await believed_states(mirror, at):
        if settings.sources.get(state.name):
            yield _standing(state, counts.get(state.name, Counts()), at)


def _standing(state: SourceState, counts: Counts, at: datetime) -> Finding:
    """Trouble of the last run, and records and deliveries that wait for a person, are not well."""
    read = "never read whole" if state.last_success_at is None else f"read {_ago(at - state.last_success_at)} ago"
    told = [f"records: {counts.records}, {read}"]
    if counts.waiting:
        told.append(f"deliveries to be applied: {counts.waiting}")
    if waits := counts.parked + counts.aside:
        told.append(f"waiting for a person: {waits}, see `remit inbox list`")
    if state.trouble is not None:
        failed = f"runs that failed since: {state.failures}, the last because " if state.failures else ""
        told.append(f"{failed}{state.trouble}")
    if state.retry_at is not None and state.retry_at > at:
        told.append(f"workers leave it alone until {instant_text(state.retry_at.replace(microsecond=0))}")
    return not waits and state.trouble is None, f"{state.name} mirror", "; ".join(told)


def _days(latest: KeptDay | None) -> Finding:
    """How far the days are told. That none is yet is no trouble: the workers begin once a source was read."""
    if latest is None:
        return True, "daily values", "none yet; `remit up` or a worker keeps each day once it has ended"
    doubted = f", with {', '.join(latest.degraded)} in doubt" if latest.degraded else ""
    return True, "daily values", f"kept up to {latest.day}, measured {instant_text(latest.measured_at)}{doubted}"


def _ago(since: timedelta) -> str:
    """Such as `3 days`, `2 h`, `5 min` or `20 s`: the largest unit it has one of."""
    seconds = max(0, int(since.total_seconds()))
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


async def _source(source: Source) -> Finding:
    try:
        async with source.open() as feed:
            greeting = await feed.greet()
            withheld = await feed.withheld()
    except RemitError as trouble:
        return False, source.name, trouble.message
    skew = greeting.clock_skew_s
    if abs(skew) > MOST_SKEW_S:
        return False, source.name, f"its clock differs from ours by {skew:.0f} s; set the clock of this machine"
    told = f"credentials accepted (account {greeting.who}), clocks agree within {abs(skew):.0f} s"
    without = f"; it may not list {' and '.join(withheld)}, which is done without" if withheld else ""
    return True, source.name, told + without
