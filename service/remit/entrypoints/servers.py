"""The database and the cache a command works with: those the settings name, or embedded ones."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from remit.entrypoints.settings import Settings
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they listen; `embedded` tells that the database is ours to migrate."""

    database_url: str
    redis_url: str
    embedded: bool


@contextmanager
def servers(settings: Settings, *, throw_away: bool = False) -> Iterator[Servers]:
    """Start what is not named in the settings; it ends with the block, or with this process however that ends.

    To be called from the main thread: the kernel ends the children when the *thread* that made them ends.
    """
    data_dir = None if throw_away else settings.data_dir
    with ExitStack() as stack:
        database, redis = settings.database_url, settings.redis_url
        yield Servers(
            database.get_secret_value() if database else stack.enter_context(embedded_postgres(data_dir)),
            redis.get_secret_value() if redis else stack.enter_context(embedded_redis(data_dir)),
            embedded=database is None,
        )
