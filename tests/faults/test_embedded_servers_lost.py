"""An embedded server dies under those who use it: without a cache all goes on, without a database all is told soon."""

import os
import signal
from pathlib import Path

import pytest

from remit.domain.errors import Broken
from remit.storage.embedded.postgres import embedded_postgres, listens
from remit.storage.embedded.valkey import embedded_redis
from support.processes import Watched, a_line, a_python, started_by

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


async def lose(parent: int, program: str) -> None:
    """Kill a server whose parent goes on."""
    lost = next(pid for pid, name in started_by(parent).items() if name == program)  # nearest first
    watched = Watched([lost])
    os.kill(lost, signal.SIGKILL)
    await watched.gone()


async def test_a_guest_does_not_insist_on_a_cache(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as first:
        _, cache = await a_line(first), await a_line(first)
        await lose(first.pid, "valkey-server")
        with embedded_redis(data_dir) as same:
            assert same == cache


async def test_a_guest_is_told_of_a_database_that_was_lost(data_dir: Path) -> None:
    async with a_python(SERVE, data_dir) as first:
        database, _ = await a_line(first), await a_line(first)
        assert listens(database)
        await lose(first.pid, "postgres")
        assert not listens(database)
        with pytest.raises(Broken, match=r"another process holds .*postgres\.lock but its server does not answer"):
            embedded_postgres(data_dir).__enter__()
