"""Which account a server runs as: ours, or, since PostgreSQL refuses root, one that exists already."""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remit.domain.errors import Broken

UNPRIVILEGED = ("postgres", "nobody")
COPYING = ".copying-"


@dataclass(frozen=True, slots=True)
class Account:
    """`uid` None: the servers run as ourselves."""

    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments that make `subprocess` drop to this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        """Hand a directory of ours over to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def serving_account() -> Account:
    """Ourselves, or for root an account that exists already: nothing is added to the machine. Raises Broken."""
    if os.geteuid() != 0:
        return Account()
    for name in UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Broken("root cannot run PostgreSQL and there is no account named postgres or nobody; run as another user")


def can_enter(account: Account, path: Path) -> bool:
    """Whether the account can get to a path; our own account can get to what we can."""
    if account.uid is None:
        return True
    return all(_lets_in(account, step) for step in (path, *path.parents) if step.exists())


def require_entry(account: Account, data_dir: Path) -> None:
    """Raises Broken when the account cannot get to the data directory; no directory of others is ever opened up."""
    if not can_enter(account, data_dir):
        raise Broken(
            f"PostgreSQL does not run as root and its account cannot enter {data_dir}; "
            "set REMIT_DATA_DIR to a place others may enter, for example /var/lib/remit"
        )


def reachable_programs(account: Account, bin_dir: Path, copies: Path) -> Path:
    """The programs' directory, or a copy below `copies` when the account cannot get to them (a home only we may enter).

    The copy is made under another name first, so that a half-made one is never run; the next start takes that away.
    `copies` is to be held by one process at a time.
    """
    if can_enter(account, bin_dir):
        return bin_dir
    package = bin_dir.parent.parent
    version = f"{package.name}-{int(bin_dir.stat().st_mtime)}"
    copy = copies / version
    if not copy.exists():
        for half_made in copies.glob(f"{COPYING}*"):
            shutil.rmtree(half_made, ignore_errors=True)
        making = Path(tempfile.mkdtemp(prefix=COPYING, dir=copies))
        making.chmod(0o755)
        shutil.copytree(bin_dir.parent, making / package.name / bin_dir.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # shared libraries that the wheel puts beside the package
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.rename(copy)
    return copy / package.name / bin_dir.parent.name / bin_dir.name


def _lets_in(account: Account, step: Path) -> bool:
    told = step.stat()
    if told.st_uid == account.uid:
        return bool(told.st_mode & stat.S_IXUSR)
    if told.st_gid == account.gid:
        return bool(told.st_mode & stat.S_IXGRP)
    return bool(told.st_mode & stat.S_IXOTH)
