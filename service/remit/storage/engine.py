"""Connects to PostgreSQL: one place for URLs, the driver and what a lost database looks like."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from remit.domain.errors import Broken, Invalid


def database_url(text: str) -> URL:
    """A PostgreSQL URL for the driver used here; raises Invalid for anything else. Never shows the password."""
    try:
        url = make_url(text)
    except ArgumentError as wrong:
        raise Invalid("REMIT_DATABASE_URL is not a URL; write postgresql://user:password@host/database") from wrong
    if url.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
        raise Invalid(f"REMIT_DATABASE_URL must begin with postgresql://, not {url.drivername}://")
    return url.set(drivername="postgresql+asyncpg")


def connect(text: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine that opens connections when first used."""
    return create_async_engine(
        database_url(text),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        connect_args={"server_settings": {"timezone": "UTC", "application_name": "remit"}, "timeout": 10},
    )


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for reading; raises Broken when the database cannot be reached."""
    with lost(engine):
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction: committed as a whole when the block ends well, else not at all."""
    with lost(engine):
        async with engine.begin() as connection:
            yield connection


class lost:  # noqa: N801 - reads as a statement
    """Turns a database that does not answer into one sentence that says what to do."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.url = engine.url

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OperationalError, InterfaceError)) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        ):
            raise Broken(f"the database {self._name()} does not answer ({_first_line(error)}); is it up?") from error
        if isinstance(error, (ConnectionError, TimeoutError, FileNotFoundError)):
            raise Broken(f"the database {self._name()} cannot be reached ({error}); is it up?") from error

    def _name(self) -> str:
        return self.url.render_as_string(hide_password=True)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
