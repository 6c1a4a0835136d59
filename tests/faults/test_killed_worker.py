"""Workers that share a source: one reads, another takes over from one that is killed, and one told to end drains."""

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.storage.mirror import PostgresMirror
from remit_integrations.standins.jira.faults import Fault, Faults
from support.asking_commands import Shell, end, heard
from support.asking_jira import a_recorded_site, connected
from support.jira_site import SEARCH, SERVER_INFO

JIRA = SourceName("jira")
ISSUES = 350


@dataclass
class Slow(Faults):
    """Every page but the first is late while `late_s` says so; counts runs by their greeting."""

    late_s: float = 0.0
    pages: int = 0
    runs: int = 0

    def take(self, call: str) -> Fault | None:
        self.runs += call == SERVER_INFO  # who we are is asked at the end of a search as well
        if call != SEARCH:
            return None
        self.pages += 1
        return Fault(delay_s=self.late_s) if self.pages > 1 else None

    async def second_page(self) -> None:
        while self.pages < 2:  # noqa: ASYNC110 - the site counts in another task and tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def workers(tmp_path: Path, database: str, one_redis_url: str) -> Shell:
    named = {"REMIT_DATABASE_URL": database, "REMIT_REDIS_URL": one_redis_url, "REMIT_LOG": "json"}
    return Shell(tmp_path, named)


async def test_one_of_three_workers_reads_and_another_takes_over_within_seconds_when_it_is_killed(
    workers: Shell, engine: AsyncEngine
) -> None:
    slow = Slow(late_s=600.0)
    async with (
        connected(workers, a_recorded_site(ISSUES, slow)) as commands,
        commands.remit_running("worker") as first,
    ):
        await slow.second_page()
        async with commands.remit_running("worker") as second, commands.remit_running("worker") as third:
            for process in (second, third):
                await heard(process, "Reading")
            before = slow.runs, len(await PostgresMirror(engine).present(JIRA))
            slow.late_s = 0.0
            first.kill()
            others = [asyncio.ensure_future(heard(process, "sync.done")) for process in (second, third)]
            await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
            ((line,), runs) = [one.result() for one in others if one.done()], slow.runs
            for other in others:
                other.cancel()
    assert before == (1, 100)
    assert (orjson.loads(line)["seen"], runs) == (ISSUES - 100, 2)
    assert len(await PostgresMirror(engine).present(JIRA)) == ISSUES


async def test_a_worker_told_to_end_writes_the_page_under_way_and_the_next_goes_on_after_it(
    workers: Shell, engine: AsyncEngine
) -> None:
    slow = Slow(late_s=2.0)
    async with connected(workers, a_recorded_site(ISSUES, slow)) as commands:
        async with commands.remit_running("worker") as process:
            await slow.second_page()
            ended = await end(process, signal.SIGTERM)
        stored = len(await PostgresMirror(engine).present(JIRA))
        slow.late_s = 0.0
        async with commands.remit_running("worker") as process:
            rest = orjson.loads(await heard(process, "sync.done"))["seen"]
            await end(process, signal.SIGTERM)
    assert ended.code == 0
    assert stored in (100, 200, 300)
    assert (rest, len(await PostgresMirror(engine).present(JIRA))) == (ISSUES - stored, ISSUES)
