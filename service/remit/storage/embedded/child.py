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
ENDED = ("Z", "X")
"""States of a process that only waits for its parent to take notice (proc(5))."""


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
    with log.open("ab") as told:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
            **_confined(account, home, stop_signal),
        )
    try:
        deadline = time.monotonic() + within_s
        while not ready(process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                said = _last_words(log.read_text(errors="replace"))
                raise Broken(f"{Path(arguments[0]).name} did not start: {said}")
            time.sleep(0.005)
        yield process.pid
    finally:
        _end(process, stop_signal)


def run(arguments: Sequence[str | Path], *, account: Account, home: Path) -> None:
    """Run a program to its end, which comes with ours at the latest; raises Broken with what it said when it fails."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        check=False,
        **_confined(account, home, signal.SIGTERM),
    )
    if done.returncode:
        raise Broken(f"{Path(arguments[0]).name} failed: {_last_words(done.stderr)}")


def let_former_end(pid_file: Path, program: str) -> None:
    """Wait for the server of an earlier process that was killed: told to stop by the kernel, it may be at it still.

    Takes away its pid file, which may by now name a process of somebody else. Raises Broken when it does not end.
    """
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while (pid := _first_number(pid_file)) is not None and _is_running(pid, program):
        if time.monotonic() > deadline:
            raise Broken(f"an earlier {program} (process {pid}) does not end; end it and run this again")
        time.sleep(0.01)
    pid_file.unlink(missing_ok=True)


def _first_number(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_running(pid: int, program: str) -> bool:
    """Whether that process is that program; where there is no /proc, whether it is there at all."""
    if not Path("/proc/self/stat").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    try:
        _, _, told = Path(f"/proc/{pid}/stat").read_text().partition("(")
    except (FileNotFoundError, ProcessLookupError):
        return False
    name, _, rest = told.rpartition(") ")
    return name == program[:15] and not rest.startswith(ENDED)


def _confined(account: Account, home: Path, stop_signal: signal.Signals) -> dict[str, Any]:
    """The arguments that give a child its account, its directory, an environment without ours, and its end with us."""
    ours = os.getpid()
    return {
        "cwd": home,
        "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        "preexec_fn": lambda: _die_with(ours, stop_signal),  # runs after the account is dropped, which would clear it
        **account.popen,
    }


def _die_with(parent: int, stop_signal: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop_signal))
    if os.getppid() != parent:  # it ended before the kernel was told to watch it
        os._exit(1)


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
