"""Connects to PostgreSQL: one place for URLs, the driver and what a lost database looks like."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

import asyncpg
import orjson
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from remit.domain.errors import Broken, Invalid

PARAMETERS = frozenset({"host", "port", "ssl", "sslmode", "target_session_attrs"})
"""What may stand after the `?` of a URL."""
BUSY_FOR_S = 30.0
"""How long a question waits for a connection when all of them are at work."""
READ_WITHIN_S = 30.0
WRITTEN_WITHIN_S = 300.0
"""A server that is frozen, or behind a network that swallows packets, neither answers nor hangs up."""

WRONG_ACCOUNT = ("28P01", "28000")
NO_SUCH_DATABASE = "3D000"
NOT_NOW = "57P03"
FULL = "53300"
LOST = ("08", "53", "57", "58", "25006")
"""SQLSTATEs, or their first characters, by which the server and not the statement is at fault."""
FOR_ANOTHER = ("40P01", "40001")
"""Those by which a transaction was ended for the sake of another one; done anew it goes well."""
TRIES = 4

Done = TypeVar("Done")


def database_url(text: str) -> URL:
    """A PostgreSQL URL for the driver used here; raises Invalid for anything else. Never shows the password."""
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):  # `from None`: both quote what was told, the password too
        raise Invalid("REMIT_DATABASE_URL is not a URL; write postgresql://user:password@host/database") from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
        raise Invalid(f"REMIT_DATABASE_URL must begin with postgresql://, not {url.drivername}://")
    if unknown := sorted(set(url.query) - PARAMETERS):
        known = ", ".join(sorted(PARAMETERS))
        raise Invalid(f"REMIT_DATABASE_URL has the parameter {unknown[0]!r}; those known here are {known}")
    if "sslmode" in url.query:  # the driver's own name for it is `ssl`, with the same values
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(["sslmode"])
    return url.set(drivername="postgresql+asyncpg")


def connect(text: str, *, pool_size: int = 10, busy_for_s: float = BUSY_FOR_S) -> AsyncEngine:
    """An engine that opens connections when first used; raises Invalid for a URL that cannot be meant."""
    try:
        engine = create_async_engine(
            database_url(text),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=busy_for_s,
            hide_parameters=True,  # an error that is logged must not hold what was to be written
            json_serializer=lambda value: orjson.dumps(value).decode(),
            connect_args={"server_settings": {"timezone": "UTC", "application_name": "remit"}, "timeout": 10},
        )
    except exc.ArgumentError as wrong:  # several hosts, not all with a port
        raise Invalid(f"REMIT_DATABASE_URL cannot be used: {wrong}") from wrong
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    return engine


def _replace_closed(connection: Any, _: object, __: object) -> None:
    """The driver hears it when a server hangs up; asking it costs nothing, where a ping costs three round trips."""
    if connection.driver_connection.is_closed():
        raise exc.InvalidatePoolError


@asynccontextmanager
async def reading(engine: AsyncEngine, *, within_s: float = READ_WITHIN_S) -> AsyncIterator[AsyncConnection]:
    """A connection for reading, without BEGIN and ROLLBACK around it: each statement sees what is committed by then.

    Raises Broken when the database cannot be reached, or has not answered within so many seconds.
    """
    async with _deadline(engine, within_s), connected(engine) as connection:
        with answered(engine):
            # Not an engine with this option, which took a third of the time of reading a row (measured 2026-11).
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine, *, within_s: float | None = WRITTEN_WITHIN_S) -> AsyncIterator[AsyncConnection]:
    """One transaction: committed as a whole when the block ends well, else not at all. Raises Broken like `reading`."""
    async with _deadline(engine, within_s), connected(engine) as connection:
        with answered(engine):
            async with connection.begin():
                yield connection


async def written(
    engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[Done]], *, within_s: float = WRITTEN_WITHIN_S
) -> Done:
    """What can be done anew from its beginning, in one transaction like `writing`: ended for the sake of another one it
    is repeated, a few times.
    """
    for _ in range(TRIES - 1):
        try:
            async with writing(engine, within_s=within_s) as connection:
                return await work(connection)
        except (exc.DBAPIError, asyncpg.PostgresError) as error:
            if _state(error) not in FOR_ANOTHER:
                raise
    async with writing(engine, within_s=within_s) as connection:
        return await work(connection)


@asynccontextmanager
async def _deadline(engine: AsyncEngine, within_s: float | None) -> AsyncIterator[None]:
    """Ends what takes longer. Cancelled in the midst of a statement, a connection is closed and not used again."""
    try:
        async with asyncio.timeout(within_s) as deadline:
            yield
    except TimeoutError as late:
        if not deadline.expired():  # it is the block's own
            raise
        raise Broken(f"the database {_name(engine)} has not answered for {within_s:.0f} s; is it frozen?") from late


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection; raises Broken, with what to do, when there is none to be had. What the block raises is its own."""
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.connect())
        except exc.TimeoutError as busy:
            raise Broken(f"all connections to {_name(engine)} are busy; ask for less at a time") from busy
        except (exc.DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Broken(_sentence(engine, error)) from error
        yield connection


@contextmanager
def answered(engine: AsyncEngine) -> Iterator[None]:
    """Turns a database that goes away during the block into one sentence that says what to do."""
    try:
        yield
    except (exc.DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not _is_lost(error):
            raise
        raise Broken(_sentence(engine, error)) from error


def _is_lost(error: Exception) -> bool:
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    return _state(error).startswith(LOST) or "connection is closed" in str(error)


def _sentence(engine: AsyncEngine, error: Exception) -> str:
    name, state = _name(engine), _state(error)
    if state in WRONG_ACCOUNT:
        return f"the database {name} refuses this account or its password; check REMIT_DATABASE_URL"
    if state == NO_SUCH_DATABASE:
        return f"there is no database {engine.url.database!r} at {name}; create it, or correct REMIT_DATABASE_URL"
    if state == NOT_NOW:
        return f"the database {name} is starting or stopping; try again in a moment"
    if state == FULL:
        return f"the database {name} has no connection left; raise its max_connections or end other clients"
    advice = "is it up, and is REMIT_DATABASE_URL right?"
    if "host" in engine.url.query:  # a unix socket
        advice = "is it up? Where Remit runs it, it runs for the process that started it, and that has ended"
    return f"the database {name} cannot be reached ({_first_line(error)}); {advice}"


def _state(error: Exception) -> str:
    """The five characters by which PostgreSQL names an error; empty when it did not say anything."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def _name(engine: AsyncEngine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _first_line(error: Exception) -> str:
    told = getattr(error, "orig", None) or error
    lines = str(told).splitlines()
    said = lines[0] if lines else ""
    return said.rpartition(">: ")[2] or type(told).__name__  # the adapter puts the driver's class before its words
