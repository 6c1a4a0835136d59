"""`remit doctor`: is everything there, and what to do when it is not?"""

import asyncio
import os
from collections.abc import AsyncIterator

import typer
from redis.exceptions import RedisError

from remit.domain.errors import RemitError
from remit.entrypoints.cli.session import out
from remit.entrypoints.servers import servers
from remit.entrypoints.settings import known_settings, read_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import Remit, remit
from remit.storage.migrate import require_current
from remit_integrations.source import Source

MOST_SKEW_S = 60

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and what was found."""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor() -> None:
    """Check configuration, database, Redis, each source's credentials and clock; say what to do. Exits 1 on trouble."""
    settings = read_settings()
    configure_log(settings.log, quiet=True)
    well = True
    console = out()
    for name in sorted(set(os.environ) - known_settings(settings)):
        if name.startswith("REMIT_"):
            well = False
            console.print(f"[red]✗[/] settings: {name} is not known; see docs/settings.md", markup=True)
    with servers(settings) as started:

        async def whole() -> bool:
            fine = True
            async with remit(settings, started, check=False) as parts:
                async for good, what, found in _findings(parts):
                    fine = fine and good
                    console.print(f"{'[green]✓[/]' if good else '[red]✗[/]'} {what}: ", end="")
                    console.print(found, markup=False)
            return fine

        well = asyncio.run(whole()) and well
    raise typer.Exit(0 if well else 1)


async def _findings(parts: Remit) -> AsyncIterator[Finding]:
    yield await _database(parts)
    yield await _redis(parts)
    if not parts.sources:
        yield False, "sources", "none is configured; set REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
    for source in parts.sources:
        yield await _source(source)


async def _database(parts: Remit) -> Finding:
    try:
        await require_current(parts.engine)
    except RemitError as trouble:
        return False, "database", trouble.message
    head = await parts.desk.models.head()
    return True, "database", f"reachable, schema current, {head.id} changes of the model"


async def _redis(parts: Remit) -> Finding:
    try:
        await parts.redis.ping()
    except (RedisError, OSError) as trouble:
        told = f"not reachable ({type(trouble).__name__}); answers are computed anew each time, check REMIT_REDIS_URL"
        return False, "redis", told
    return True, "redis", "reachable"


async def _source(source: Source) -> Finding:
    try:
        async with source.open() as feed:
            greeting = await feed.greet()
    except RemitError as trouble:
        return False, source.name, trouble.message
    skew = greeting.clock_skew_s
    if abs(skew) > MOST_SKEW_S:
        return False, source.name, f"its clock differs from ours by {skew:.0f} s; set the clock of this machine"
    return True, source.name, f"credentials accepted (account {greeting.who}), clocks agree within {abs(skew):.0f} s"
