"""A database of one's own on a server, gone with the block: for the demo and the tests."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from remit.domain.errors import Broken
from remit.storage.engine import connected, database_url


@asynccontextmanager
async def scratch_database(server: str, *, template: str | None = None) -> AsyncIterator[str]:
    """The URL of a new database, empty or a copy of `template`. Raises Broken when the account may not make one."""
    url = database_url(server)
    name = f"remit_scratch_{secrets.token_hex(6)}"
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with connected(engine) as connection:
        copied = f' TEMPLATE "{template}"' if template is not None else ""
        try:
            await connection.execute(text(f'CREATE DATABASE "{name}"{copied}'))
        except ProgrammingError as refused:
            raise Broken("this database account may not create databases (CREATEDB); use one that may") from refused
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        async with connected(engine) as connection:
            await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
