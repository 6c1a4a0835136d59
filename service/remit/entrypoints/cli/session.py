"""What most commands do: settings, servers, parts, and one coroutine over them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console

from remit.entrypoints.servers import servers
from remit.entrypoints.settings import Settings, read_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import Remit, remit

Result = TypeVar("Result")
UNBOUND = 250
"""Columns of a table that is piped or written to a file."""


def out() -> Console:
    """The console for answers; plain text of any width where stdout is no terminal."""
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=UNBOUND)


def with_remit(
    work: Callable[[Remit, Settings], Awaitable[Result]], *, quiet: bool = True, check: bool = True
) -> Result:
    """Run a coroutine over connected parts, starting embedded servers when none are named."""
    settings = read_settings()
    configure_log(settings.log, quiet=quiet)
    with servers(settings) as started:

        async def whole() -> Result:
            async with remit(settings, started, check=check) as parts:
                return await work(parts, settings)

        return asyncio.run(whole())
