"""Leases that end with the process that holds them: a database session's advisory lock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.storage.engine import lost

SYNCHRONISING = 0x53796E63  # "Sync"


class PostgresLeases:
    """One lease per source whatever the number of workers. A killed worker's session ends, and with it the lease."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def lease(self, source: SourceName) -> AsyncIterator[bool]:
        names = {"room": SYNCHRONISING, "source": source}
        with lost(self._engine):
            connection = await self._engine.connect()
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            locking = text("SELECT pg_try_advisory_lock(:room, hashtext(:source))")
            free = bool((await connection.execute(locking, names)).scalar_one())
        try:
            yield free
        finally:
            with lost(self._engine):
                if free:
                    await connection.execute(text("SELECT pg_advisory_unlock(:room, hashtext(:source))"), names)
                await connection.close()
