"""Killed at any moment, Remit leaves no server running and no directory behind for long, and loses no data."""

import sys
import tempfile
from asyncio.subprocess import Process
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis
from remit.storage.engine import connect, reading, writing
from support.processes import Watched, a_line, a_python, started_by

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")

SERVE = """
import sys
from pathlib import Path
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis

data_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else None
with embedded_postgres(data_dir) as database, embedded_redis(data_dir) as redis:
    print(database, flush=True)
    print(redis, flush=True)
    sys.stdin.read()
"""


async def kill(process: Process) -> None:
    """SIGKILL, and wait for everything it started to end."""
    below = Watched(started_by(process.pid))
    process.kill()
    await process.wait()
    await below.gone()


async def keep(engine: AsyncEngine) -> None:
    async with writing(engine) as connection:
        await connection.execute(text("CREATE TABLE kept AS SELECT 42 AS answer"))


async def kept(url: str) -> int:
    engine = connect(url)
    async with reading(engine) as connection:
        answer: int = (await connection.execute(text("SELECT answer FROM kept"))).scalar_one()
    await engine.dispose()
    return answer


async def test_no_server_outlives_a_killed_parent(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as process:
        await a_line(process)
        await a_line(process)
        assert {"postgres", "valkey-server"} <= set(started_by(process.pid).values())
        await kill(process)


async def test_no_server_outlives_a_parent_that_ends_well(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as process:
        await a_line(process)
        await a_line(process)
        below = Watched(started_by(process.pid))
        await process.communicate(b"")
        await below.gone()
        assert process.returncode == 0


async def test_data_survive_a_killed_parent_and_the_next_start_need_not_wait(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as process:
        engine = connect(await a_line(process))
        await keep(engine)
        await a_line(process)
        process.kill()
        await process.wait()
        await engine.dispose()
        with embedded_postgres(data_dir) as url, embedded_redis(data_dir) as cache:
            assert await kept(url) == 42
            async with Redis.from_url(cache) as redis:
                assert await redis.ping()


async def test_data_survive_killed_servers(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as process:
        engine = connect(await a_line(process))
        await keep(engine)
        await a_line(process)
        await engine.dispose()
        async with a_python(KILL_ALL, *map(str, [process.pid, *started_by(process.pid)])) as killer:
            await killer.wait()
        await process.wait()
        assert (data_dir / "postgres" / "postmaster.pid").exists()
        with embedded_postgres(data_dir) as url:
            assert await kept(url) == 42


KILL_ALL = """
import os, signal, sys
for pid in sys.argv[1:]:
    try:
        os.kill(int(pid), signal.SIGKILL)
    except ProcessLookupError:
        pass
"""


async def test_a_pid_file_that_names_a_stranger_is_no_hindrance(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as url:
        engine = connect(url)
        await keep(engine)
        await engine.dispose()
    async with a_python("import sys; sys.stdin.read()") as stranger:
        (data_dir / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{data_dir}/postgres\n")
        with embedded_postgres(data_dir) as url:
            assert await kept(url) == 42


async def test_killed_while_the_database_is_made_it_is_made_the_next_time(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as process:
        await until_initialising(data_dir, process)
        await kill(process)
    assert not (data_dir / "postgres").exists()
    assert [list(place.iterdir()) for place in half_made(data_dir)] == [[]], "initdb ended at once and cleared up"
    with embedded_postgres(data_dir) as url:
        engine = connect(url)
        await keep(engine)
        await engine.dispose()
        assert await kept(url) == 42
    assert half_made(data_dir) == []


def half_made(data_dir: Path) -> list[Path]:
    return list(data_dir.glob("postgres.making-*"))


async def until_initialising(data_dir: Path, process: Process) -> None:
    while "initdb" not in started_by(process.pid).values():
        assert process.returncode is None


def throw_aways() -> set[Path]:
    """Directories to throw away, whoever uses them."""
    return {mark.parent for mark in Path(tempfile.gettempdir()).glob("remit-*/.in-use")}


async def test_what_a_killed_process_meant_to_throw_away_is_thrown_away_by_the_next() -> None:
    before = throw_aways()
    async with a_python(SERVE) as process:
        await a_line(process)
        await a_line(process)
        left = throw_aways() - before
        await kill(process)
        assert len(left) == 2
        assert left <= throw_aways()
        with embedded_postgres(None):
            assert not left & throw_aways()


async def test_what_a_living_process_uses_is_left_alone() -> None:
    async with a_python(SERVE) as process:
        database = connect(await a_line(process))
        await a_line(process)
        used = throw_aways()
        with embedded_redis(None):
            assert used <= throw_aways()
        await keep(database)
        await database.dispose()
