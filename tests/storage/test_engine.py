"""A database that cannot be used is one sentence that says what to do, without the password."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.errors import Broken, Invalid
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.engine import connect, database_url, reading, writing

SECRET = "hunter2"
Using = Callable[..., AbstractAsyncContextManager[AsyncConnection]]


async def refusal(url: str) -> str:
    """What is said of a database that cannot be used."""
    engine = connect(url)
    try:
        with pytest.raises(Broken) as caught:
            async with reading(engine):
                raise AssertionError("it was reached")
        return caught.value.message
    finally:
        await engine.dispose()


async def test_nothing_listens_there() -> None:
    said = await refusal(f"postgresql://me:{SECRET}@127.0.0.1:1/remit")
    assert said.startswith("the database postgresql+asyncpg://me:***@127.0.0.1:1/remit cannot be reached (")
    assert said.endswith("); is it up, and is REMIT_DATABASE_URL right?")


async def test_its_socket_is_not_there(tmp_path: Path) -> None:
    said = await refusal(f"postgresql://me:{SECRET}@/remit?host={tmp_path}")
    assert "cannot be reached" in said
    assert SECRET not in said


async def test_there_is_no_such_database(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="nowhere")
    said = await refusal(url.render_as_string(hide_password=False))
    assert said == f"there is no database 'nowhere' at {url}; create it, or correct REMIT_DATABASE_URL"


async def test_the_account_is_refused(postgres_url: str) -> None:
    url = make_url(postgres_url).set(username="nobody-we-know", password=SECRET)
    said = await refusal(url.render_as_string(hide_password=False))
    assert said == f"the database {url} refuses this account or its password; check REMIT_DATABASE_URL"
    assert SECRET not in said


@asynccontextmanager
async def a_server_that_says(state: str) -> AsyncIterator[str]:
    """The URL of something that speaks PostgreSQL, but only to refuse with this SQLSTATE."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!i", await reader.readexactly(4))
        if await reader.readexactly(length - 4) == TLS_WISHED:
            writer.write(b"N")
            (length,) = struct.unpack("!i", await reader.readexactly(4))
            await reader.readexactly(length - 4)
        told = f"SFATAL\0VFATAL\0C{state}\0Mthis is why\0\0".encode()
        writer.write(b"E" + struct.pack("!i", len(told) + 4) + told)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield f"postgresql://me:{SECRET}@127.0.0.1:{server.sockets[0].getsockname()[1]}/remit"


TLS_WISHED = struct.pack("!i", 80877103)


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("57P03", "is starting or stopping; try again in a moment"),
        ("28P01", "refuses this account or its password; check REMIT_DATABASE_URL"),
        ("3D000", "create it, or correct REMIT_DATABASE_URL"),
        ("53300", "has no connection left; raise its max_connections or end other clients"),
        ("XX000", "cannot be reached (this is why); is it up, and is REMIT_DATABASE_URL right?"),
    ],
)
async def test_what_a_server_says_becomes_what_to_do(state: str, advice: str) -> None:
    async with a_server_that_says(state) as url:
        said = await refusal(url)
    assert said.endswith(advice)
    assert SECRET not in said


async def test_all_connections_are_busy(database: str) -> None:
    engine = connect(database, pool_size=1, busy_for_s=0.01)
    async with reading(engine):
        with pytest.raises(Broken, match=r"all connections to .* are busy; ask for less at a time"):
            async with reading(engine):
                raise AssertionError("there was one")
    await engine.dispose()


@pytest.mark.parametrize("block", [reading, writing])
async def test_a_connection_cut_in_the_middle(engine: AsyncEngine, block: type[reading]) -> None:
    with pytest.raises(Broken, match="cannot be reached"):
        async with block(engine) as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with block(engine) as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


@pytest.mark.parametrize("block", [reading, writing])
@pytest.mark.parametrize("error", [TimeoutError("slow"), ConnectionResetError("elsewhere"), OSError("a file")])
async def test_what_goes_wrong_elsewhere_is_not_the_database(
    engine: AsyncEngine, block: type[reading], error: Exception
) -> None:
    with pytest.raises(type(error)) as caught:
        async with block(engine):
            raise error
    assert caught.value is error


async def test_a_mistake_in_a_statement_is_not_a_lost_database(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError):
        async with reading(engine) as connection:
            await connection.execute(text("SELECT nonsense"))


async def test_a_mistake_in_a_statement_does_not_tell_what_was_to_be_written(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError) as wrong:
        async with writing(engine) as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:told)"), {"told": "a secret"})
    assert "a secret" not in str(wrong.value)


async def test_a_restarted_server_is_used_at_once_and_no_question_fails(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as url:
        engine = connect(url)
        async with reading(engine) as one, reading(engine) as other:
            hung_up = [await hearing(connection) for connection in (one, other)]
    with embedded_postgres(data_dir) as again:
        assert again == url
        for event in hung_up:
            await event.wait()
        async with reading(engine) as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
        await engine.dispose()


async def hearing(connection: AsyncConnection) -> asyncio.Event:
    """Set once the driver has heard that the server hung up."""
    hung_up = asyncio.Event()
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    driver.add_termination_listener(lambda _: hung_up.set())
    return hung_up


async def test_what_fails_half_way_is_not_written(engine: AsyncEngine) -> None:
    async def half() -> None:
        async with writing(engine) as connection:
            await connection.execute(text("INSERT INTO source_state (name) VALUES ('jira')"))
            raise OSError("half-way")

    async def written() -> int:
        async with reading(engine) as connection:  # the same connection, where no other is in use
            return (await connection.execute(text("SELECT count(*) FROM source_state"))).scalar_one()

    assert await written() == 0
    with pytest.raises(OSError, match="half-way"):
        await half()
    assert await written() == 0


async def test_each_statement_of_a_reader_sees_what_is_committed_by_then(engine: AsyncEngine) -> None:
    async with reading(engine) as connection:
        first, second = [(await connection.execute(text("SELECT now()"))).scalar_one() for _ in range(2)]
    assert first < second, "within one transaction time stands still"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("not a url", "REMIT_DATABASE_URL is not a URL; write postgresql://user:password@host/database"),
        (f"postgresql://me:{SECRET}@host:port/remit", "REMIT_DATABASE_URL is not a URL; write"),
        (f"mysql://me:{SECRET}@host/remit", "must begin with postgresql://, not mysql://"),
        (f"postgresql://me:{SECRET}@host/remit?conect_timeout=1", "has the parameter 'conect_timeout'; those known"),
    ],
)
def test_a_url_that_cannot_be_meant_is_refused(told: str, said: str) -> None:
    with pytest.raises(Invalid, match="REMIT_DATABASE_URL") as caught:
        database_url(told)
    assert said in caught.value.message
    assert SECRET not in str(caught.getrepr(style="short"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_usual_scheme_is_understood(scheme: str) -> None:
    assert database_url(f"{scheme}://me:{SECRET}@host/remit?sslmode=require") == make_url(
        f"postgresql+asyncpg://me:{SECRET}@host/remit?ssl=require"
    )


@pytest.mark.parametrize("using", [reading, writing])
async def test_a_server_that_does_not_answer_is_given_up_and_its_connection_with_it(
    engine: AsyncEngine, using: Using
) -> None:
    with pytest.raises(Broken, match=r"has not answered for 0 s; is it frozen\?$"):
        async with using(engine, within_s=0.1) as connection:
            await connection.execute(text("SELECT pg_sleep(60)"))
    async with reading(engine) as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_a_block_that_is_late_by_its_own_clock_is_not_called_the_database(engine: AsyncEngine) -> None:
    with pytest.raises(TimeoutError, match="mine"):
        async with reading(engine):
            raise TimeoutError("mine")
