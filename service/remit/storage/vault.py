"""Credentials that change by themselves, sealed, and renewed by one process at a time."""

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.errors import NotFound, Rejected, Unavailable
from remit.domain.ids import SourceName
from remit.ports import Renewal
from remit.storage.engine import reading, writing
from remit.storage.sealing import Seal
from remit.storage.tables import source_credential

RENEWING = 0x56616C74  # "Valt"
WAITS_S = 120
"""How long a process waits for another that renews: longer than a renewal takes with all its tries."""
LOCK_NOT_AVAILABLE = "55P03"

_WAIT = text(f"SET LOCAL lock_timeout = '{WAITS_S}s'")
_LOCK = text("SELECT pg_advisory_xact_lock(:room, hashtext(:source))")
_SEALED = select(source_credential.c.sealed)


class PostgresVault:
    """One secret a source, in a database that whoever reads it cannot use."""

    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._engine, self._seal = engine, seal

    async def held(self, source: SourceName) -> bytes | None:
        """Raises Rejected when it was sealed with another key."""
        async with reading(self._engine) as connection:
            return await self._opened(connection, source)

    async def renew(self, source: SourceName, stale: bytes | None, renewal: Renewal) -> bytes:
        """Raises Rejected like `held`, Unavailable when another process does not come to an end with it, and what
        `renewal` raises.

        The lock is the transaction's: it ends with the process, whatever ends that.
        """
        async with writing(self._engine) as connection:
            await _alone(connection, source)
            held = await self._opened(connection, source)
            if held is not None and held != stale:
                return held
            renewed = await renewal(held)
            row = {"source": source, "sealed": self._seal.sealed(renewed)}
            put = insert(source_credential).values(row)
            changed = {"sealed": put.excluded.sealed, "changed_at": func.clock_timestamp()}
            await connection.execute(put.on_conflict_do_update(index_elements=["source"], set_=changed))
        return renewed

    async def _opened(self, connection: AsyncConnection, source: SourceName) -> bytes | None:
        asked = _SEALED.where(source_credential.c.source == source)
        sealed: bytes | None = (await connection.execute(asked)).scalar_one_or_none()
        if sealed is None:
            return None
        opened = self._seal.opened(sealed)
        if opened is None:
            raise Rejected(
                f"what is kept to enter {source} was sealed with another key; append that to REMIT_SECRET_KEY after a "
                f"comma, or run `remit credential forget {source}` and authorise anew"
            )
        return opened


async def forget(engine: AsyncEngine, source: SourceName) -> None:
    """Whoever enters next begins with what the settings say. Raises NotFound when nothing is kept."""
    async with writing(engine) as connection:
        gone = await connection.execute(delete(source_credential).where(source_credential.c.source == source))
        if gone.rowcount == 0:
            raise NotFound(f"nothing is kept to enter {source!r}")


async def _alone(connection: AsyncConnection, source: SourceName) -> None:
    try:
        await connection.execute(_WAIT)
        await connection.execute(_LOCK, {"room": RENEWING, "source": source})
    except DBAPIError as wrong:
        if getattr(wrong.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Unavailable(
            f"another process has been renewing the credentials of {source} for {WAITS_S} s; is it stopped?"
        ) from wrong
