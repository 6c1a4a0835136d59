"""What a storm of signed deliveries costs: how soon each is acknowledged, and how soon it is applied."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.storage.embedded.postgres import embedded_postgres
from remit.storage.embedded.valkey import embedded_redis
from remit.storage.engine import connect, reading
from remit.storage.migrate import upgrade
from remit.storage.mirror import PostgresMirror
from remit.storage.tables import inbox
from remit_integrations.standins.jira.many import cycled
from remit_integrations.standins.jira.proofs import signature
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.sender import Sender
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.asking_commands import Shell, heard
from support.budgets import Section
from support.nursery import free_port
from support.processes import a_line, a_python
from support.steady_sender import Request, delivery, sent_steadily

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ISSUES, WARM, PER_SECOND = 2000, 200, 200
SECRET = "a-secret-of-the-webhook"
JIRA = SourceName("jira")
ABOUT = """200 signed deliveries a second for ten seconds, each of another recorded issue of about 4 KB, which has to be
read again from the stand-in; sender, stand-in, Remit and its PostgreSQL, which writes to the disk, are processes of
their own. Acknowledged: from the moment a delivery is due, however late those before it are, to its 204. Applied: from
the same moment until it is noted that the mirror has the issue as it is now; the worker looks once a second. The limit
is an ASGI application that answers 204 and does nothing. Ratios are times over its median. Aims: 99 % are acknowledged
within 50 ms, and each is applied within 5 s."""
BARE = """
import asyncio, sys
from remit.serving import serving

async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})

async def main():
    async with serving(app, "127.0.0.1", 0) as served:
        print(served.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def changed(site: Site, url: str, how: str) -> Sequence[Request]:
    """Change every issue, and what is to be sent of it."""
    sender = Sender(site, url, SECRET)
    for id_ in list(site.issues):
        site.edit(id_, summary=f"{how} {id_}")
    site.listeners.remove(sender.hear)
    return [
        Request(
            one.id,
            delivery(
                url,
                {"X-Atlassian-Webhook-Identifier": one.id, "X-Hub-Signature": signature(SECRET, one.body)},
                one.body,
            ),
        )
        for one in sender.ledger.values()
    ]


def cpu_s(process: Process) -> float:
    """What a process has used so far."""
    told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def running(shell: Shell, *commands: Sequence[str]) -> AsyncIterator[Sequence[Process]]:
    """Commands that run until the block ends, the last of which has read the source; nobody hears the rest."""
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(shell.remit_running(*command)) for command in commands]
        await heard(processes[0], "answers at")
        await heard(processes[-1], "sync.done")
        deaf = [asyncio.create_task(one.stderr.read()) for one in processes if one.stderr is not None]
        yield processes
        for one in deaf:
            one.cancel()


async def applied(engine: AsyncEngine) -> Mapping[str, float]:
    """When each delivery was done with, in seconds since 1970, once all are."""
    left = select(func.count()).select_from(inbox).where(inbox.c.done_at.is_(None))
    while True:
        async with reading(engine) as connection:
            if (await connection.execute(left)).scalar_one() == 0:
                rows = await connection.execute(select(inbox.c.id, inbox.c.done_at))
                return {row.id: row.done_at.timestamp() for row in rows}
        await asyncio.sleep(0.05)


async def bare(site: Site, at: Path) -> Sequence[float]:
    """Seconds to each answer of the limit."""
    async with a_python(BARE) as process:
        url = f"{await a_line(process)}/webhooks/jira"
        requests = changed(site, url, "Before")
        await sent_steadily(url, requests[:WARM], PER_SECOND, at)
        return [one.took_s for one in (await sent_steadily(url, requests, PER_SECOND, at)).values()]


@dataclass(frozen=True, slots=True)
class Storm:
    """What became of a storm: seconds to each acknowledgement and to each application, and CPU seconds by process."""

    acknowledged: Sequence[float]
    applied: Sequence[float]
    used: Sequence[float]


async def storm(shell: Shell, site: Site, engine: AsyncEngine, commands: Sequence[str], at: Path) -> Storm:
    """Every issue changes and is told of, while these commands run."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/webhooks/jira"
    started = [[one] if one == "worker" else [one, "--port", port] for one in commands]
    async with running(shell, *started) as processes:
        await sent_steadily(url, changed(site, url, "At first")[:WARM], PER_SECOND, at)
        await applied(engine)
        requests, before = changed(site, url, "At last"), [cpu_s(one) for one in processes]
        answered = await sent_steadily(url, requests, PER_SECOND, at)
        done = await applied(engine)
        used = [cpu_s(one) - earlier for one, earlier in zip(processes, before, strict=True)]
        mirrored = await PostgresMirror(engine).by_ids(JIRA, site.issues)
    assert {one.status for one in answered.values()} == {204}
    assert {id_: one.item.summary for id_, one in mirrored.items()} == {id_: f"At last {id_}" for id_ in site.issues}
    taken = [one.took_s for one in answered.values()]
    return Storm(taken, [done[id_] - one.due for id_, one in answered.items()], used)


async def test_two_hundred_deliveries_a_second(
    data_dir: Path, tmp_path: Path, section: Callable[[str, str], Section]
) -> None:
    site, at = Site(), tmp_path / "requests"
    site.load(cycled(records(default_data()), ISSUES))
    shown, limit = section("7. Receiving deliveries", ABOUT), await bare(site, at)
    told(shown, "limit: acknowledged", limit, median(limit))
    for commands in (("serve", "worker"), ("up",)):
        how, data = f"`{'` and `'.join(commands)}`", data_dir.with_name(commands[0])
        with embedded_postgres(data) as database, embedded_redis(data) as redis:
            await upgrade(database)
            engine = connect(database)
            async with jira_server(site) as served:
                settings = {
                    "REMIT_DATABASE_URL": database,
                    "REMIT_REDIS_URL": redis,
                    "REMIT_LOG": "json",
                    "REMIT_AUTH": "off",
                    "REMIT_JIRA_URL": served.url,
                    "REMIT_JIRA_EMAIL": site.email,
                    "REMIT_JIRA_TOKEN": site.token,
                    "REMIT_JIRA_WEBHOOK_SECRET": SECRET,
                }
                came = await storm(Shell(tmp_path, settings), site, engine, commands, at)
            await engine.dispose()
        told(shown, f"{how}: acknowledged", came.acknowledged, median(limit))
        told(shown, f"{how}: applied", came.applied, median(limit))
        for command, used_s in zip(commands, came.used, strict=True):
            shown.add(f"{how}: CPU of `{command}`", f"{used_s / ISSUES * 1000:.2f} s per 1,000")


def told(shown: Section, what: str, taken: Sequence[float], limit_s: float) -> None:
    for share, took_s in (("half", median(taken)), ("99 %", quantiles(taken, n=100)[98]), ("all", max(taken))):
        shown.add(f"{what}, {share} within", f"{took_s * 1000:,.1f} ms", f"{took_s / limit_s:,.1f}")
