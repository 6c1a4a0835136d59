"""Embedded servers work wherever the data directory is, are shared by all who use it, or say why they cannot be had."""

import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from remit.domain.errors import Broken
from remit.storage.embedded.account import Account, can_enter
from remit.storage.embedded.binaries import postgres_bin_dir, redis_server
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis
from remit.storage.engine import connect, reading
from support.processes import a_line, a_python

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root runs PostgreSQL as another account")

SERVE = """
import sys
from pathlib import Path
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis

with embedded_postgres(Path(sys.argv[1])) as database, embedded_redis(Path(sys.argv[1])) as redis:
    print(database, flush=True)
    print(redis, flush=True)
    sys.stdin.read()
"""


async def answers(database: str, cache: str) -> bool:
    engine = connect(database)
    async with reading(engine) as connection:
        major = (await connection.execute(text("SHOW server_version_num"))).scalar_one()
    await engine.dispose()
    async with Redis.from_url(cache) as redis:
        return str(major).startswith("18") and await redis.ping()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("with spaces", id="spaces"),
        pytest.param("Größe, 日本 #1 & 50% 'quoted' \"twice\"?", id="every awkward character"),
        pytest.param("deep/" * 30, id="too deep for a socket"),
    ],
)
async def test_a_data_directory_may_be_anywhere_and_be_shared(data_dir: Path, name: str) -> None:
    place = data_dir / name
    with embedded_postgres(place) as database, embedded_redis(place) as cache:
        assert await answers(database, cache)
        async with a_python(SERVE, place) as guest:
            assert [await a_line(guest), await a_line(guest)] == [database, cache]


async def test_sockets_and_data_are_for_their_account_alone(data_dir: Path) -> None:
    with embedded_postgres(data_dir), embedded_redis(data_dir):
        private = [data_dir / name for name in ("postgres", "socket", "redis")]
        assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o700, 0o700, 0o700]


async def test_a_strict_umask_is_no_hindrance(data_dir: Path) -> None:
    place = data_dir / "below"
    before = os.umask(0o077)
    try:
        with embedded_postgres(place) as database, embedded_redis(place) as cache:
            assert await answers(database, cache)
    finally:
        os.umask(before)


async def test_a_guest_is_told_when_the_first_process_ends(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as first:
        url = await a_line(first)
        await a_line(first)
        with embedded_postgres(data_dir) as same:
            assert same == url
            engine = connect(same)
            async with reading(engine) as connection:
                await connection.execute(text("SELECT 1"))
            await first.communicate(b"")
            with pytest.raises(Broken, match="it runs for the process that started it, and that has ended"):
                async with reading(engine):
                    raise AssertionError("it was reached")
            await engine.dispose()


async def test_who_comes_after_the_first_has_ended_is_the_first(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as first:
        await a_line(first)
        await a_line(first)
        with embedded_redis(data_dir):
            await first.communicate(b"")
        with embedded_postgres(data_dir) as database, embedded_redis(data_dir) as cache:
            assert await answers(database, cache)


async def test_data_of_another_version_are_refused_and_left_alone(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        pass
    version = data_dir / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(Broken, match="was made by PostgreSQL 17 and this is 18; dump it"):
        embedded_postgres(data_dir).__enter__()
    assert version.read_text() == "17\n"


def test_a_file_in_the_place_of_the_data_directory_is_refused(data_dir: Path) -> None:
    data_dir.write_text("mine")
    for embedded in (embedded_postgres, embedded_redis):
        with pytest.raises(Broken, match="is not a directory; set REMIT_DATA_DIR to a place you may write"):
            embedded(data_dir).__enter__()
    assert data_dir.read_text() == "mine"


@needs_root
@pytest.mark.parametrize("closed", [pytest.param("data", id="itself"), pytest.param(".", id="its parent")])
def test_a_directory_that_the_account_cannot_enter_is_refused_and_not_opened(data_dir: Path, closed: str) -> None:
    data_dir.mkdir()
    shut = data_dir.parent / closed
    shut.chmod(0o700)
    with pytest.raises(Broken, match="does not run as root and its account cannot enter"):
        embedded_postgres(data_dir).__enter__()
    assert stat.S_IMODE(shut.stat().st_mode) == 0o700
    assert list(data_dir.iterdir()) == []


@needs_root
async def test_an_ordinary_user_runs_servers_as_well() -> None:
    if not (may_run_as_nobody(redis_server()) and may_run_as_nobody(postgres_bin_dir() / "postgres")):
        pytest.skip("the account `nobody` cannot get to the servers' programs in this checkout")
    with TemporaryDirectory(prefix="remit-test-") as home:
        os.chown(home, NOBODY, NOBODY)
        async with a_python(AS_NOBODY + SERVE, f"{home}/data", cwd=home) as process:
            assert await answers(await a_line(process), await a_line(process))
            assert owners(home) == {NOBODY}
            await process.communicate(b"")
            assert process.returncode == 0


@needs_root
async def test_an_ordinary_user_is_told_of_a_directory_of_somebody_else(data_dir: Path) -> None:
    os.mkdir(data_dir)
    for place, said in ((data_dir, "you may not write in"), (data_dir / "below", "cannot be made (Permission denied)")):
        async with a_python(AS_NOBODY + REFUSED, place, cwd="/") as process:
            told = await a_line(process)
        assert said in told
        assert told.endswith("; set REMIT_DATA_DIR to a place you may write")
    assert os.listdir(data_dir) == []


REFUSED = """
import sys
from pathlib import Path
from remit.domain.errors import Broken
from remit.storage.embedded.valkey import embedded_redis

try:
    embedded_redis(Path(sys.argv[1]), binary=Path("/never/run")).__enter__()
except Broken as broken:
    print(broken.message, flush=True)
"""

NOBODY = 65534
AS_NOBODY = f"""
import os
import remit.storage.embedded.postgres, remit.storage.embedded.valkey  # while the interpreter can still be read
os.setgroups([])
os.setresgid({NOBODY}, {NOBODY}, {NOBODY})
os.setresuid({NOBODY}, {NOBODY}, {NOBODY})
"""


def may_run_as_nobody(program: Path) -> bool:
    return can_enter(Account(NOBODY, NOBODY), program.parent)


def owners(directory: str) -> set[int]:
    return {path.lstat().st_uid for path in Path(directory).rglob("*")}
