"""`remit doctor`: is everything there, and what to do when it is not?"""

import asyncio
from collections.abc import AsyncIterator

import typer
from redis.exceptions import RedisError
from rich.markup import escape

from remit.cache.redis import connect as connect_redis
from remit.domain.errors import RemitError
from remit.entrypoints.cli.session import out
from remit.entrypoints.servers import Servers, servers
from remit.entrypoints.settings import NO_SOURCE, Settings, configured_sources, read_settings, unknown_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import vault
from remit.storage.engine import connect
from remit.storage.migrate import require_current, upgrade
from remit.storage.models import PostgresModels
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
    yield await _database(started)
    yield await _redis(started)
    try:
        engine = connect(started.database_url)
        shared = Shared(vault=vault(settings, engine))
    except RemitError as trouble:
        yield False, "sources", trouble.message
        return
    async for found in _sources(settings, shared):
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
    try:
        sources = configured_sources(settings, shared)
    except RemitError as trouble:
        yield False, "sources", trouble.message
        return
    if not sources:
        yield False, "sources", NO_SOURCE
    for source in sources:
        yield await _source(source)


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
