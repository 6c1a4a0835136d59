"""Directories servers use, and who may start one in them: the first process; others use the one that runs."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.domain.errors import Broken
from remit.storage.embedded.account import Account, require_entry

PREFIX = "remit-"
IN_USE = ".in-use"
ELSEWHERE = "set REMIT_DATA_DIR to a place you may write"

LONGEST_SOCKET_PATH = 107
"""Bytes the kernel allows for a unix socket's path."""
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
SHARED_WITHIN_S = 60
"""How long the first process may take to start its server."""
SILENT_WITHIN_S = 5
"""How long a server that has started may leave a guest without an answer."""


def made(data_dir: Path, account: Account) -> None:
    """Make the data directory unless it is there; raises Broken, with what to do, when it cannot be used."""
    if data_dir.exists() and not data_dir.is_dir():
        raise Broken(f"{data_dir} is not a directory; {ELSEWHERE}")
    require_entry(account, data_dir)
    missing = [step for step in (data_dir, *data_dir.parents) if not step.exists()]
    try:
        for step in reversed(missing):
            step.mkdir(exist_ok=True)
            step.chmod(0o755)  # whatever the umask, the account has to get in; what matters inside is for it alone
    except OSError as refused:
        raise Broken(f"{data_dir} cannot be made ({refused.strerror}); {ELSEWHERE}") from refused
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise Broken(f"you may not write in {data_dir}; {ELSEWHERE}")


@contextmanager
def throw_away(prefix: str, account: Account) -> Iterator[Path]:
    """A directory that only the account may enter, gone with the block.

    Where this process is killed it stays behind; whoever next asks for one takes it away.
    """
    _sweep(account)
    home = Path(tempfile.mkdtemp(prefix=PREFIX + prefix))
    try:
        with _in_use(home):
            account.owns(home)
            yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _in_use(home: Path) -> Iterator[None]:
    """Mark a directory as ours to throw away, and as in use for as long as this process lives."""
    making = home / f"{IN_USE}.making"  # nobody may find the mark before it is locked
    with making.open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        making.rename(home / IN_USE)
        yield


def _sweep(account: Account) -> None:
    """Take away directories whose process was killed: those with our mark that nobody holds. Others' stay."""
    ours = {os.geteuid(), account.uid}
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            told = home.lstat()
            if not stat.S_ISDIR(told.st_mode) or told.st_uid not in ours:
                continue
            with (home / IN_USE).open("r+") as mark:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(home, ignore_errors=True)
        except OSError:  # it is in use, not yet marked, or gone meanwhile
            continue


@contextmanager
def socket_dir(wished: Path, account: Account) -> Iterator[Path]:
    """A directory for sockets that only the account may enter: `wished`, or a short one when that will not do."""
    too_deep = len(os.fsencode(wished)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET_PATH
    if too_deep or any(sign in str(wished) for sign in ",:"):  # which part hosts and ports in a database's URL
        with throw_away("", account) as short:
            yield short
        return
    wished.mkdir(mode=0o700, exist_ok=True)
    wished.chmod(0o700)
    account.owns(wished)
    yield wished


@contextmanager
def first_or_guest(lock: Path, address: Path, answers: Callable[[str], bool]) -> Iterator[str | None]:
    """Yields None to the first process, which then starts the server and keeps the lock while the block runs; and to
    every other one the address that the first announced, once something answers there. Raises Broken when nothing does.
    """
    started_by = time.monotonic() + SHARED_WITHIN_S
    with lock.open("a") as held:
        answers_by: float | None = None
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                told = _announced_at(address)
                if told is not None and answers(told):
                    yield told
                    return
                now = time.monotonic()
                answers_by = None if told is None else answers_by or now + SILENT_WITHIN_S
                if now > min(started_by, answers_by or started_by):
                    raise Broken(f"another process holds {lock} but its server does not answer; end it") from None
                time.sleep(0.02)
        address.unlink(missing_ok=True)
        yield None


@contextmanager
def announced(address: Path, url: str) -> Iterator[str]:
    """Tell guests where the server listens: from when it does until it is told to stop, never half a line."""
    making = address.with_name(f"{address.name}.making")
    making.write_text(url)
    making.rename(address)
    try:
        yield url
    finally:
        address.unlink(missing_ok=True)


def _announced_at(address: Path) -> str | None:
    try:
        return address.read_text()
    except FileNotFoundError:
        return None
