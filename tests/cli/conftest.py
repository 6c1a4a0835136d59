"""A shell to type commands in, with a migrated database and a Redis of its own."""

from pathlib import Path

import pytest

from support.asking_commands import Shell


@pytest.fixture
def bare_shell(tmp_path: Path) -> Shell:
    """Names no server, and a data directory nobody has used."""
    return Shell(tmp_path, {"REMIT_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def shell(bare_shell: Shell, database: str, one_redis_url: str) -> Shell:
    return bare_shell.having(REMIT_DATABASE_URL=database, REMIT_REDIS_URL=one_redis_url)
