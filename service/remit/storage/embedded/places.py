"""Directories servers use, and who may start one in them: the first process; others use the one that runs."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.domain.errors import Broken
from remit.storage.embedded.account import Account

LONGEST_SOCKET_PATH = 107
"""Bytes the kernel allows for a unix socket's path."""
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
SHARED_WITHIN_S = 60


@contextmanager
def throw_away(prefix: str, account: Account) -> Iterator[Path]:
    """A directory that only the account may enter, gone with the block."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    account.owns(home)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def socket_dir(wished: Path, account: Account) -> Iterator[Path]:
    """A directory for sockets that only the account may enter: `wished`, or a short one when that is too deep."""
    if len(os.fsencode(wished)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET_PATH:
        with throw_away("remit-", account) as short:
            yield short
        return
    wished.mkdir(mode=0o700, exist_ok=True)
    wished.chmod(0o700)
    account.owns(wished)
    yield wished


@contextmanager
def first_or_guest(lock: Path, address: Path, answers: Callable[[str], bool]) -> Iterator[str | None]:
    """Yields None to the first process, which then starts the server and keeps the lock while the block runs; and to
    every other one the address that the first wrote, once something answers there.
    """
    deadline = time.monotonic() + SHARED_WITHIN_S
    with lock.open("a") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                told = address.read_text() if address.exists() else ""
                if told and answers(told):
                    yield told
                    return
                if time.monotonic() > deadline:
                    raise Broken(f"another process holds {lock} but its server does not answer; end it") from None
                time.sleep(0.02)
        address.unlink(missing_ok=True)
        try:
            yield None
        finally:
            address.unlink(missing_ok=True)
