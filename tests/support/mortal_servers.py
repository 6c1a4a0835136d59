"""A PostgreSQL and a Redis that lose their lives, and come back at the same address with what was promised."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis

Started = Callable[[Path | None], AbstractContextManager[str]]


class Mortal:
    """A server that is killed and started again. Start it from the main thread: it ends with its parent."""

    def __init__(self, started: Started, data_dir: Path, pid_file: Path) -> None:
        self._started, self._data_dir, self._pid_file = started, data_dir, pid_file
        self._running = started(data_dir)
        self.url = self._running.__enter__()
        self.losses = 0

    def lose(self) -> None:
        """Kill it without a warning, and start it again."""
        os.kill(int(self._pid_file.read_text().split()[0]), signal.SIGKILL)
        self._running.__exit__(None, None, None)
        self._running = self._started(self._data_dir)
        self.losses += 1
        url = self._running.__enter__()
        assert url == self.url, "those who use it know it by its address"

    def close(self) -> None:
        self._running.__exit__(None, None, None)


@contextmanager
def mortal_postgres(data_dir: Path) -> Iterator[Mortal]:
    yield from _until_closed(Mortal(embedded_postgres, data_dir, data_dir / "postgres" / "postmaster.pid"))


@contextmanager
def mortal_redis(data_dir: Path) -> Iterator[Mortal]:
    yield from _until_closed(Mortal(embedded_redis, data_dir, data_dir / "redis" / "redis.pid"))


def _until_closed(server: Mortal) -> Iterator[Mortal]:
    try:
        yield server
    finally:
        server.close()
