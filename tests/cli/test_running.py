"""What runs until it is told to end: it answers, ends in order, and leaves no process behind."""

import asyncio
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import httpx
import orjson
import pytest

from support.asking_commands import Shell, end, heard
from support.asking_jira import a_recorded_site, connected
from support.processes import started_by


async def answers(line: str, path: str) -> int:
    """The status of a path of the address a line tells."""
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None, line
    async with httpx.AsyncClient(base_url=found[0]) as client:
        return (await client.get(path)).status_code


def descendants(pid: int) -> list[int]:
    """The processes started by a process, and by those; some may end meanwhile."""
    below: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                below += [int(child), *descendants(int(child))]
    return below


def left(started: list[int]) -> list[int]:
    return [pid for pid in started if Path(f"/proc/{pid}").exists()]


async def gone(started: list[int]) -> None:
    """Waits for what was cut off half-way: the kernel ends it with its parent, and it may tidy up first."""
    async with asyncio.timeout(60):
        while left(started):  # noqa: ASYNC110 - no event tells of the end of somebody else's child
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serve_asks_for_tokens_and_ends_in_order(shell: Shell, number: int) -> None:
    async with shell.remit_running("serve", "--port", "0") as process:
        line = await heard(process, "Remit answers at")
        assert await answers(line, "/livez") == 200
        assert await answers(line, "/v1/areas/shop/ownership") == 401
        ended = await end(process, number)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


async def test_up_starts_servers_of_its_own_and_takes_them_along(embedding_shell: Shell) -> None:
    async with embedding_shell.remit_running("up", "--port", "0") as process:
        line = await heard(process, "Remit answers at")
        assert await answers(line, "/readyz") == 200
        assert await answers(line, "/v1/areas/shop/ownership") == 200
        started = descendants(process.pid)
        ended = await end(process, signal.SIGTERM)
    assert len(started) >= 2
    assert left(started) == []
    assert (ended.code, ended.out, ended.err) == (0, "", "")


async def test_up_told_to_end_while_it_starts_leaves_nothing_behind(embedding_shell: Shell) -> None:
    async with embedding_shell.remit_running("up", "--port", "0") as process:
        started: list[int] = []
        while not started and process.returncode is None:
            await asyncio.sleep(0)
            started = descendants(process.pid)
        ended = await end(process, signal.SIGTERM)
    assert ended.code == 128 + signal.SIGTERM
    await gone(started)


async def test_up_answers_without_its_cache_and_ends_with_a_sentence_without_its_database(
    embedding_shell: Shell,
) -> None:
    async with embedding_shell.remit_running("up", "--port", "0") as process:
        line = await heard(process, "Remit answers at")
        servers = {name: pid for pid, name in reversed(started_by(process.pid).items())}  # the nearest of a name
        os.kill(servers["valkey-server"], signal.SIGKILL)
        asked = await embedding_shell.remit("who", "SHOP-1")
        assert (asked.code, asked.err) == (0, "")
        assert await answers(line, "/readyz") == 200
        os.kill(servers["postgres"], signal.SIGKILL)
        _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().splitlines()[-1] == (
        "remit: the embedded PostgreSQL has ended, see postgres.log in the data directory; start Remit again"
    )


async def test_the_worker_reads_its_sources_until_it_is_told_to_end(shell: Shell) -> None:
    async with (
        connected(shell, a_recorded_site(1)) as commands,
        commands.having(REMIT_LOG="json").remit_running("worker") as process,
    ):
        assert await heard(process, "Reading") == "Reading jira; Ctrl-C ends it.\n"
        done = orjson.loads(await heard(process, "sync.done"))
        ended = await end(process, signal.SIGTERM)
    assert (done["event"], done["source"], done["seen"], done["level"]) == ("sync.done", "jira", 1, "info")
    assert ended.code == 0


async def test_a_worker_tells_how_it_stands_on_a_port(shell: Shell) -> None:
    async with (
        connected(shell, a_recorded_site(1)) as commands,
        commands.remit_running("worker", "--port", "0") as process,
    ):
        line = await heard(process, "How it stands is at")
        assert [await answers(line, path) for path in ("/livez", "/readyz", "/metrics", "/graphql")] == [
            200, 200, 200, 404,
        ]  # fmt: skip
        ended = await end(process, signal.SIGTERM)
    assert ended.code == 0


async def test_the_stand_in_tells_the_settings_that_lead_to_it(bare_shell: Shell) -> None:
    async with bare_shell.remit_running("standin", "jira", "--port", "0") as process:
        assert await heard(process, "1499 issues") == "1499 issues; Ctrl-C ends it.\n"
        ended = await end(process, signal.SIGINT)
    settings = dict(line.split("=", 1) for line in ended.out.splitlines())
    assert list(settings) == ["REMIT_JIRA_URL", "REMIT_JIRA_EMAIL", "REMIT_JIRA_TOKEN"]
    assert ended.code == 0


async def test_the_stand_in_help_desk_tells_the_settings_that_lead_to_it(bare_shell: Shell) -> None:
    async with bare_shell.remit_running("standin", "helpdesk", "--port", "0", "--tickets", "30") as process:
        assert await heard(process, "30 tickets") == "30 tickets; Ctrl-C ends it.\n"
        ended = await end(process, signal.SIGINT)
    settings = dict(line.split("=", 1) for line in ended.out.splitlines())
    names = ("URL", "EMAIL", "TOKEN", "REQUESTS_PER_MINUTE")
    assert list(settings) == [f"REMIT_ZENDESK_{name}" for name in names]
    assert ended.code == 0


async def test_the_stand_in_may_be_a_data_center_of_any_size(bare_shell: Shell) -> None:
    sized = ("--flavour", "datacenter", "--issues", "2000", "--port", "0")
    async with bare_shell.remit_running("standin", "jira", *sized) as process:
        assert await heard(process, "2000 issues") == "2000 issues; Ctrl-C ends it.\n"
        ended = await end(process, signal.SIGINT)
    settings = dict(line.split("=", 1) for line in ended.out.splitlines())
    assert list(settings) == ["REMIT_JIRA_URL", "REMIT_JIRA_TOKEN"]
    assert ended.code == 0
