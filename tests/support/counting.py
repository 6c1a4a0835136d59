"""Counts what a question costs: SQL statements sent to PostgreSQL, commands run by Redis."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine


@contextmanager
def count_statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Every statement executed in the block, in order; one executed for many rows at once counts once."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


@asynccontextmanager
async def count_commands(client: Redis) -> AsyncIterator[dict[str, int]]:
    """How often the server ran each command during the block, by name; filled in when the block ends."""
    commands: dict[str, int] = {}
    await client.config_resetstat()
    yield commands
    told = await client.info("commandstats")
    commands |= {
        name.removeprefix("cmdstat_"): stats["calls"] for name, stats in told.items() if name not in _HOUSEKEEPING
    }


_HOUSEKEEPING = frozenset(
    f"cmdstat_{name}" for name in ("config", "config|resetstat", "info", "client", "client|setinfo", "client|setname")
)
