"""Leases that end with the process that holds them: a database session's advisory lock."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.errors import Broken
from remit.domain.ids import SourceName
from remit.ports import Held
from remit.storage.engine import answered, connected

log = structlog.get_logger()

SYNCHRONISING = 0x53796E63  # "Sync"
APPLYING = 0x4170706C  # "Appl"

ASKED_EVERY_S = 1.0
"""The driver hears it at once when the server hangs up; a network that swallows packets only shows when asked."""

_TAKE = text("SELECT pg_try_advisory_lock(:room, hashtext(:source))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:room, hashtext(:source))")
_ALIVE = text("SELECT 1")


class PostgresLeases:
    """One lease per source whatever the number of workers. A killed worker's session ends, and with it the lease."""

    def __init__(self, engine: AsyncEngine, room: int = SYNCHRONISING) -> None:
        self._room = room  # what the lease is for; leases for different things do not meet
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")  # no transaction stays open meanwhile

    @asynccontextmanager
    async def lease(self, source: SourceName) -> AsyncIterator[Held | None]:
        """The lease if it was free, held until the block ends; else None.

        Raises Broken at the end when the database session that held it was lost meanwhile.
        """
        async with connected(self._engine) as connection:
            with answered(self._engine):
                free = await self._ask(connection, _TAKE, source)
            held = _HeldLease(connection, (await connection.get_raw_connection()).driver_connection, source)
            try:
                yield held if free else None
            except BaseException:
                if free and not await self._given_back(connection, source):
                    log.warning("lease.lost", source=source)
                raise  # what went wrong inside is what counts
            if free and not await self._given_back(connection, source):
                raise _lost(source)

    async def _given_back(self, connection: AsyncConnection, source: SourceName) -> bool:
        """Whether it was still ours. The session is never handed on to others with the lock still on it."""
        try:
            with answered(self._engine):
                return await self._ask(connection, _GIVE_BACK, source)
        except Broken:
            return False
        except BaseException:
            await connection.invalidate()
            raise

    async def _ask(self, connection: AsyncConnection, question: TextClause, source: SourceName) -> bool:
        return bool((await connection.execute(question, {"room": self._room, "source": source})).scalar_one())


class _HeldLease:
    """A lease while its session lasts."""

    def __init__(self, connection: AsyncConnection, driver: Any, source: SourceName) -> None:
        self._connection, self._driver, self._source = connection, driver, source
        self._asked_at = time.monotonic()

    async def still(self) -> None:
        if self._driver.is_closed():
            raise _lost(self._source)
        if time.monotonic() - self._asked_at < ASKED_EVERY_S:
            return
        try:
            with answered(self._connection.engine):
                await self._connection.execute(_ALIVE)
        except Broken as lost:
            raise _lost(self._source) from lost
        self._asked_at = time.monotonic()


def _lost(source: SourceName) -> Broken:
    return Broken(
        f"the lease on {source} was lost while it was being read, since its database session ended; "
        "another process may have read it too, which does no harm; run it again"
    )
