"""A server that never outlives us: it ends with its parent, however that ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from remit.domain.errors import Broken
from remit.storage.embedded.account import Account

PR_SET_PDEATHSIG = 1
STOPPED_WITHIN_S = 30


@contextmanager
def running(
    arguments: Sequence[str | Path],
    *,
    account: Account,
    home: Path,
    log: Path,
    ready: Callable[[int], bool],
    stop_signal: signal.Signals,
    within_s: float,
) -> Iterator[int]:
    """Run a server until the block ends; yields its process id once `ready(pid)`. Raises Broken with its last words.

    The kernel sends `stop_signal` to the child when the thread that started it ends (Linux), so start servers from the
    main thread. It has a session of its own: Ctrl-C on the terminal reaches us, and we end it in order.
    """
    ours = os.getpid()
    with log.open("ab") as told:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
            preexec_fn=lambda: _die_with(ours, stop_signal),  # runs after the account is dropped, which would clear it
            **account.popen,
        )
    try:
        _await(process, ready, log, time.monotonic() + within_s)
        yield process.pid
    finally:
        _end(process, stop_signal)


def run(arguments: Sequence[str | Path], *, account: Account, home: Path) -> None:
    """Run a program to its end; raises Broken with what it said when it fails."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        **account.popen,
    )
    if done.returncode:
        raise Broken(f"{Path(arguments[0]).name} failed: {_last_words(done.stderr)}")


def _die_with(parent: int, stop_signal: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop_signal))
    if os.getppid() != parent:  # it ended before the kernel was told to watch it
        os._exit(1)


def _await(process: subprocess.Popen[Any], ready: Callable[[int], bool], log: Path, deadline: float) -> None:
    while not ready(process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            said = _last_words(log.read_text(errors="replace"))
            raise Broken(f"{Path(str(process.args[0])).name} did not start: {said}")  # type: ignore[index]
        time.sleep(0.005)


def _end(process: subprocess.Popen[Any], stop_signal: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "it said nothing"
