"""A worker that is killed while it measures days leaves each day whole or not at all, and the next one goes on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.engine import reading
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from support.asking_commands import Shell, heard
from support.desks import AClock, a_desk, an_issue

MODEL = "\n".join(
    [
        "version: 1",
        "organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}",
        "people:",
        *(f"  - {{key: p{n}, name: P{n}, function: product_management, capacity_hours: 40}}" for n in range(20)),
        "areas:",
        *(f"  - {{key: a{n}, name: A{n}, kind: team, parent: acme, jira: [{{project: P{n}}}]}}" for n in range(60)),
        "assignments:",
        *(
            f"  - {{area: a{n}, responsibility: all, function: product_management, owner: p{n % 20}}}"
            for n in range(60)
        ),
    ]
)
WHOLE = (62, 20)
"""Areas alone, the organisation among them, and that with everything below; people."""
KEPT = text("""
SELECT (SELECT count(*) FROM area_day WHERE area_day.day = kept.day) AS areas,
  (SELECT count(*) FROM person_day WHERE person_day.day = kept.day) AS people
FROM kept_day AS kept
""")
STRAY = text("""
SELECT (SELECT count(*) FROM area_day WHERE day NOT IN (SELECT day FROM kept_day))
  + (SELECT count(*) FROM person_day WHERE day NOT IN (SELECT day FROM kept_day))
""")


@pytest.fixture
def shell(tmp_path: Path, database: str, one_redis_url: str) -> Shell:
    named = {"REMIT_DATABASE_URL": database, "REMIT_REDIS_URL": one_redis_url, "REMIT_LOG": "json"}
    return Shell(tmp_path, named)


async def test_each_day_is_there_wholly_and_once_however_often_the_worker_is_killed(
    shell: Shell, engine: AsyncEngine
) -> None:
    now = datetime.now(UTC)
    issues = [an_issue(f"P{n % 60}-{n}", created=now - timedelta(days=n % 40)) for n in range(300)]
    parts = {"models": PostgresModels(engine), "mirror": PostgresMirror(engine)}
    desk = await a_desk(clock=AClock(now), model=MODEL, items=issues, **parts)  # type: ignore[arg-type]  # by name
    await settle_evidence(desk, (await snapshot(desk, Moment())).model)
    await shell.remit("webhook", "add", "chat", "https://example.com/remit")  # so that a worker without a source runs
    days: set[str] = set()
    for _ in range(3):
        async with shell.remit_running("worker") as process:
            days.add(orjson.loads(await heard(process, "days.kept"))["day"])
            process.kill()
            await process.wait()
        assert await _kept(engine) == {WHOLE}
    async with shell.remit_running("worker") as process:
        while len(await _all(engine)) < 28:
            await heard(process, "days.kept")
    assert len(days) == 3
    assert await _all(engine) == [WHOLE] * 28


async def _kept(engine: AsyncEngine) -> set[tuple[int, int]]:
    return set(await _all(engine))


async def _all(engine: AsyncEngine) -> list[tuple[int, int]]:
    """How much is there of each day; nothing is there of any other."""
    async with reading(engine) as connection:
        assert (await connection.execute(STRAY)).scalar_one() == 0
        return [(row.areas, row.people) for row in await connection.execute(KEPT)]
