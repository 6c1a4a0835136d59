"""A Redis-protocol server as a child process. It is a cache only: nothing of it is written to disk."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from remit.storage.embedded.account import Account
from remit.storage.embedded.binaries import redis_server
from remit.storage.embedded.child import let_former_end, running
from remit.storage.embedded.places import announced, first_or_guest, made, socket_dir, throw_away

STARTED_WITHIN_S = 20
MOST_MEMORY = "256mb"


@contextmanager
def embedded_redis(data_dir: Path | None, *, binary: Path | None = None) -> Iterator[str]:
    """The URL of a server on a private unix socket; shared between the processes that use one data directory.

    Whoever shares it does not insist on an answer: without a cache everything is slower, and nothing fails.
    """
    program = binary or redis_server()
    ours = Account()
    with ExitStack() as stack:
        if data_dir is None:
            home = stack.enter_context(throw_away("redis-", ours))
            yield stack.enter_context(_served(program, home))
            return
        made(data_dir, ours)
        lock, address = data_dir / "redis.lock", data_dir / "redis.address"
        running_already = stack.enter_context(first_or_guest(lock, address, lambda _: True))
        if running_already is not None:
            yield running_already
            return
        home = stack.enter_context(socket_dir(data_dir / "redis", ours))
        yield stack.enter_context(announced(address, stack.enter_context(_served(program, home))))


@contextmanager
def _served(program: Path, home: Path) -> Iterator[str]:
    path = home / "redis.sock"
    pid_file = home / "redis.pid"
    let_former_end(pid_file, program.name)  # at its end it takes away the socket of its name, even if that is ours
    path.unlink(missing_ok=True)
    arguments: list[str | Path] = [
        program,
        "--port",
        "0",
        "--unixsocket",
        path,
        "--unixsocketperm",
        "700",
        "--pidfile",
        pid_file,
        "--dir",
        home,
    ]
    arguments += ["--save", "", "--appendonly", "no", "--maxmemory", MOST_MEMORY, "--maxmemory-policy", "allkeys-lru"]
    url = f"unix://{quote(str(path))}"
    with running(
        arguments,
        account=Account(),
        home=home,
        log=home / "redis.log",
        ready=lambda pid: _answers(url),
        stop_signal=signal.SIGTERM,
        within_s=STARTED_WITHIN_S,
    ):
        yield url


def _answers(url: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        if probe.connect_ex(unquote(url.removeprefix("unix://"))) != 0:
            return False
        probe.sendall(b"PING\r\n")
        try:
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
