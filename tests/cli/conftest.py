"""A shell to type commands in, with a migrated database and a Redis of its own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from support.asking_commands import Shell


@pytest.fixture
def bare_shell(tmp_path: Path) -> Shell:
    """Names no server, and a data directory nobody has used."""
    return Shell(tmp_path, {"REMIT_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def embedding_shell(bare_shell: Shell) -> Iterator[Shell]:
    """Its data directory is one that the account of embedded servers may enter, which pytest's own is not for root."""
    with TemporaryDirectory(prefix="remit-test-") as home:
        Path(home).chmod(0o755)
        yield bare_shell.having(REMIT_DATA_DIR=f"{home}/data")


@pytest.fixture
def shell(bare_shell: Shell, database: str, one_redis_url: str) -> Shell:
    return bare_shell.having(REMIT_DATABASE_URL=database, REMIT_REDIS_URL=one_redis_url)
