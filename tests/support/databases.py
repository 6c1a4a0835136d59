"""Databases for tests: each finds an empty one, which is emptied afterwards or, where that will not do, replaced."""

from contextlib import AsyncExitStack

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from remit.storage.engine import database_url
from remit.storage.scratch import scratch_database
from remit.storage.tables import METADATA

END_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY CASCADE"
SHAPE = """
SELECT (SELECT version_num FROM alembic_version), relname, relkind, relnatts FROM pg_class
WHERE relnamespace = 'public'::regnamespace ORDER BY relname
"""


class Databases:
    """Copies of a database with the schema. Emptying one takes a fifth of the time of making one (measured 2026-11)."""

    def __init__(self, server: str, template: str, stack: AsyncExitStack) -> None:
        self._server, self._template, self._stack = server, template, stack
        self._free: list[str] = []
        self._shape: list[tuple[object, ...]] | None = None

    async def take(self) -> str:
        """The URL of an empty one."""
        if self._free:
            return self._free.pop()
        url = await self._stack.enter_async_context(scratch_database(self._server, template=self._template))
        if self._shape is None:
            async with _engine(url).connect() as connection:
                self._shape = await _shape(connection)
        return url

    async def give_back(self, url: str) -> None:
        """End what still works in it and empty it; one whose tables were changed is not used again."""
        async with _engine(url).connect() as connection:
            await connection.execute(text(END_SESSIONS))
            if await _shape(connection) == self._shape:
                await connection.execute(text(EMPTY))
                self._free.append(url)


def _engine(url: str) -> AsyncEngine:
    return create_async_engine(database_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")


async def _shape(connection: AsyncConnection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await connection.execute(text(SHAPE))]
