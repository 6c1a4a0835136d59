"""A backup made as docs/operations.md says is the whole of what cannot be had again."""

import subprocess
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.embedded.binaries import postgres_bin_dir
from remit.storage.engine import connect, database_url
from remit.storage.migrate import require_current
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from support.desks import a_desk
from support.repository import documents

KEPT = "SELECT to_jsonb(change)::text FROM change UNION ALL SELECT to_jsonb(fact)::text FROM fact ORDER BY 1"


async def test_a_dump_restored_into_an_empty_database_holds_every_fact(
    postgres_url: str, database: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    await a_desk(models=PostgresModels(engine))
    dump = tmp_path / "remit.dump"
    _run("pg_dump", "--format", "custom", "--file", str(dump), "--dbname", _for_libpq(database))
    async with scratch_database(postgres_url) as empty:
        _run("pg_restore", "--exit-on-error", "--dbname", _for_libpq(empty), str(dump))
        restored = connect(empty)
        try:
            await require_current(restored)
            held = await _kept(engine)
            assert len(held) > 1
            assert await _kept(restored) == held
        finally:
            await restored.dispose()


def test_the_documented_commands_are_the_tested_ones() -> None:
    told = documents()["docs/operations.md"]
    assert "pg_dump --username remit --format custom remit > remit.dump" in told
    assert "pg_restore --username remit --exit-on-error --dbname remit < remit.dump" in told


async def _kept(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.execute(text(KEPT))).scalars())


def _for_libpq(url: str) -> str:
    return database_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([str(postgres_bin_dir() / program), *arguments], check=True, capture_output=True)
