"""PostgreSQL as a child process: made when it is not there, shared when it already runs, gone when we go."""

import errno
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from remit.domain.errors import Broken
from remit.storage.embedded.account import Account, reachable_programs, serving_account
from remit.storage.embedded.binaries import postgres_bin_dir
from remit.storage.embedded.child import let_former_end, run, running
from remit.storage.embedded.places import announced, first_or_guest, made, socket_dir, throw_away

MAJOR = "18"
STARTED_WITHIN_S = 60
SOCKET = ".s.PGSQL.5432"
MAKING = "postgres.making-"
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def embedded_postgres(data_dir: Path | None) -> Iterator[str]:
    """The URL of a PostgreSQL on a private unix socket; None for one that is thrown away with the block.

    Raises Broken, saying what to do, when it cannot be had.
    """
    account, bin_dir = serving_account(), postgres_bin_dir()
    with ExitStack() as stack:
        if data_dir is None:
            home = stack.enter_context(throw_away("pg-", account))
            programs = reachable_programs(account, bin_dir, home)
            yield stack.enter_context(_served(programs, home / "data", home, account, durable=False))
            return
        made(data_dir, account)
        lock, address = data_dir / "postgres.lock", data_dir / "postgres.address"
        running_already = stack.enter_context(first_or_guest(lock, address, listens))
        if running_already is not None:
            yield running_already
            return
        programs = reachable_programs(account, bin_dir, data_dir)
        sockets = stack.enter_context(socket_dir(data_dir / "socket", account))
        url = stack.enter_context(_served(programs, data_dir / "postgres", sockets, account, durable=True))
        yield stack.enter_context(announced(address, url))


@contextmanager
def _served(programs: Path, data: Path, sockets: Path, account: Account, *, durable: bool) -> Iterator[str]:
    if not data.exists():
        _initialise(programs, data, account, durable=durable)
    _require_version(data)
    let_former_end(data / "postmaster.pid", "postgres")
    (sockets / f"{SOCKET}.lock").unlink(missing_ok=True)  # it names that process too
    options = {
        "listen_addresses": "",
        "unix_socket_directories": _quoted(sockets),
        "unix_socket_permissions": "0700",
        "shared_buffers": "64MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **({} if durable else THROW_AWAY),
    }
    arguments: list[str | Path] = [programs / "postgres", "-D", data]
    arguments += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with running(
        arguments,
        account=account,
        home=sockets,
        log=_log(data, account),
        ready=lambda pid: _is_ready(data, pid),
        stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back, nothing is lost
        within_s=STARTED_WITHIN_S,
    ):
        yield f"postgresql+asyncpg://postgres@/postgres?host={quote(str(sockets), safe='/')}"


def _initialise(programs: Path, data: Path, account: Account, *, durable: bool) -> None:
    """Made under another name and renamed when whole, so that a kill half-way leaves nothing to trip over."""
    for half_made in data.parent.glob(f"{MAKING}*"):
        shutil.rmtree(half_made, ignore_errors=True)  # whoever was killed over it may be clearing it away still
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=data.parent))
    account.owns(making)
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
    quick = [] if durable else ["--no-sync"]
    run([programs / "initdb", "-D", making, *options, *quick], account=account, home=making)
    making.rename(data)


def _quoted(directory: Path) -> str:
    """A path as an entry of a list, where a comma or a space would mean something."""
    return '"' + str(directory).replace('"', '""') + '"'


def _require_version(data: Path) -> None:
    present = (data / "PG_VERSION").read_text().strip()
    if present != MAJOR:
        raise Broken(
            f"{data} was made by PostgreSQL {present} and this is {MAJOR}; dump it with the old version and load it "
            "into a new REMIT_DATA_DIR"
        )


def _log(data: Path, account: Account) -> Path:
    """The server's log beside its data; started anew, since the last words of an earlier run would mislead."""
    log = data.with_name("postgres.log")
    log.write_bytes(b"")
    log.chmod(0o600)  # it quotes statements that failed
    account.owns(log)
    return log


def _is_ready(data: Path, pid: int) -> bool:
    """`postmaster.pid` names the process in its first line and its state in its last; a stale file names another."""
    try:
        lines = (data / "postmaster.pid").read_text().split()
    except FileNotFoundError:
        return False
    return bool(lines) and lines[0] == str(pid) and lines[-1] == "ready"


def listens(url: str) -> bool:
    """Whether a server still listens at the URL of an embedded one; one that is stopped or overworked does."""
    path = Path(unquote(url.partition("host=")[2])) / SOCKET
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)  # where too many wait to be let in, this one would wait too
        return probe.connect_ex(str(path)) not in (errno.ECONNREFUSED, errno.ENOENT)
