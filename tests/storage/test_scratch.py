"""A database of one's own is there for the block and gone after it, however it ends."""

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.storage.engine import connect, database_url, reading
from remit.storage.scratch import scratch_database

MAY_MAKE_ROLES = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
NAMES = "SELECT datname FROM pg_database WHERE datname LIKE 'remit_scratch_%'"


async def names(engine: AsyncEngine) -> set[str]:
    async with reading(engine) as connection:
        return set((await connection.execute(text(NAMES))).scalars())


async def test_it_is_gone_after_the_block(engine: AsyncEngine, postgres_url: str) -> None:
    before = await names(engine)
    async with scratch_database(postgres_url) as url:
        assert await names(engine) - before == {database_url(url).database}
    assert await names(engine) == before


async def test_it_is_gone_after_an_error_and_with_sessions_open(engine: AsyncEngine, postgres_url: str) -> None:
    before = await names(engine)

    async def fail() -> None:
        async with scratch_database(postgres_url) as url:
            inside = connect(url)
            async with reading(inside) as connection:
                await connection.execute(text("SELECT 1"))
            raise OSError("something else")

    with pytest.raises(OSError, match="something else"):
        await fail()
    assert await names(engine) == before


async def test_an_account_that_may_not_make_one_is_told(engine: AsyncEngine, postgres_url: str) -> None:
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not (await connection.execute(text(MAY_MAKE_ROLES))).scalar_one():
            pytest.skip("the account of REMIT_DATABASE_URL may not create roles")
        await connection.execute(text("CREATE ROLE modest LOGIN"))
        url = make_url(postgres_url).set(username="modest").render_as_string(hide_password=False)
        try:
            with pytest.raises(Broken, match="may not create databases"):
                await scratch_database(url).__aenter__()
        finally:
            await connection.execute(text("DROP ROLE modest"))
