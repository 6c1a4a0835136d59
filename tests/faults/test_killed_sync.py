"""A synchronisation that is killed again and again ends in the same tables as one that ran undisturbed."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select

from remit.storage.engine import connect, reading
from remit.storage.scratch import scratch_database
from remit.storage.tables import (
    area_watermark,
    backlog_event,
    backlog_item,
    backlog_key,
    parked,
    source_reference,
    source_state,
)
from remit_integrations.standins.jira.faults import Fault, Faults
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site

KILLS = 10
SEARCH = "POST /rest/api/3/search/jql"
TOLD_WHEN = {"first_seen", "at", "seen_at"}
"""Columns that say when something was written here, which no two runs share."""
TABLES = (backlog_item, backlog_key, backlog_event, parked, source_reference, area_watermark)


@dataclass
class Watched(Faults):
    """Counts the searches and makes each of them slow enough to be killed in."""

    searches: int = 0
    delay_s: float = 0.0

    def take(self, call: str) -> Fault | None:
        if call != SEARCH:
            return None
        self.searches += 1
        return Fault(delay_s=self.delay_s)


def a_site(watched: Watched) -> Site:
    """Recorded issues, some with a history (which the recording lacks), one that nobody can read."""
    site = Site(faults=watched)
    site.load(records(default_data()))
    for id_ in islice(site.issues, 0, None, 3):
        change = {"field": "status", "fieldId": "status", "fromString": "Open", "toString": "Closed"}
        site.histories[id_] = [
            {"id": f"{id_}{n}", "created": "2020-01-01T00:00:00+00:00", "items": [change]} for n in range(3)
        ]
    unreadable = site.issues[next(iter(site.issues))].record
    unreadable["fields"] = {**unreadable["fields"], "labels": 7}
    site.load([])
    return site


def remit(*arguments: str, environment: Mapping[str, str]) -> Any:
    """The program as a user runs it; its own process, so that it can be killed."""
    return asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from remit.entrypoints.cli import main; main()",
        *arguments,
        env={"PATH": os.environ["PATH"], "REMIT_LOG": "json", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def modelled(environment: Mapping[str, str]) -> None:
    """Apply the shipped example, whose selectors give the issues' areas their watermarks."""
    with as_file(files("remit.data") / "demo-model.yaml") as model:
        process = await remit("model", "apply", str(model), environment=environment)
        told, complaint = await process.communicate()
    assert process.returncode == 0, (told, complaint)


async def synchronised(environment: Mapping[str, str]) -> None:
    process = await remit("sync", environment=environment)
    told, complaint = await process.communicate()
    assert process.returncode == 0, (told, complaint)


async def killed(watched: Watched, environment: Mapping[str, str], after_s: float) -> bool:
    """Kill a run some time after its first search; False when it was quicker."""
    searched = watched.searches
    process = await remit("sync", environment=environment)
    ending = asyncio.ensure_future(process.communicate())
    while watched.searches == searched and not ending.done():
        await asyncio.wait([ending], timeout=0.01)
    await asyncio.wait([ending], timeout=after_s)
    if process.returncode is None:
        process.kill()
    await ending
    return process.returncode == -signal.SIGKILL


async def tables(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a synchronisation writes, without the times of writing; of the source's state its
    trouble and whether it was read to its end, since a cursor holds a time as well.
    """
    engine, found = connect(database), {}
    async with reading(engine) as connection:
        for table in TABLES:
            columns = [column for column in table.columns if column.name not in TOLD_WHEN]
            rows = await connection.execute(select(*columns).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
        state = select(source_state.c.name, source_state.c.trouble, source_state.c.last_success_at.is_not(None))
        found["source_state"] = [tuple(row) for row in await connection.execute(state)]
    await engine.dispose()
    return found


@pytest.mark.timeout(240)
async def test_ten_kills_at_random_moments_leave_the_tables_of_one_clean_run(
    postgres_url: str, migrated: str, one_redis_url: str
) -> None:
    watched, chance = Watched(), random.Random(20261125)
    site = a_site(watched)
    async with (
        jira_server(site) as server,
        scratch_database(postgres_url, template=migrated) as clean,
        scratch_database(postgres_url, template=migrated) as disturbed,
    ):
        named = {"REMIT_JIRA_URL": server.url, "REMIT_JIRA_EMAIL": site.email, "REMIT_JIRA_TOKEN": site.token}
        calm, rough = (
            {**named, "REMIT_REDIS_URL": one_redis_url, "REMIT_DATABASE_URL": url} for url in (clean, disturbed)
        )
        for environment in (calm, rough):
            await modelled(environment)
        await synchronised(calm)
        watched.delay_s = 0.2
        kills = [await killed(watched, rough, chance.uniform(0, 0.6)) for _ in range(KILLS)]
        watched.delay_s = 0.0
        await synchronised(rough)
        wanted, found = await tables(clean), await tables(disturbed)
    assert kills == [True] * KILLS
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in wanted.items()}
    assert found == wanted
    assert len(wanted["backlog_item"]) == 1498
    assert len(wanted["parked"]) == 1
    assert wanted["area_watermark"] != []
    assert wanted["source_state"] == [("jira", None, True)]
