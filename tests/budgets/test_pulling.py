"""How fast a backlog is pulled: the stand-in's own ceiling, a bare client, and Remit."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.memory import MemoryAnswers
from remit.entrypoints.wiring import now
from remit.storage.engine import writing
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from remit_integrations.jira.payloads import FIELDS, Found, IssueReader
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.recorded import default_data
from remit_integrations.sync import synchronise
from support.budgets import Section, Spent, Stopwatch, resident_mb
from support.plain_http import plain_connection, post
from support.standing_in import ACCOUNT, standing_in

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ABOUT = """One client, one process, pages of 100 with `nextPageToken` one after another, from the stand-in Jira in a
process of its own that serves recorded issues of about 4 KB. The ceiling takes every page's bytes and throws them away;
the limit decodes them to the needed fields and copies those into a bare table. Ratios are rates over the ceiling's."""


async def pages(url: str) -> AsyncIterator[bytes]:
    """Every page of the search that Remit makes, over a bare socket."""
    user = ":".join(ACCOUNT)
    asked: dict[str, Any] = {
        "jql": 'updated >= "1970/01/02 00:00" ORDER BY key ASC',
        "maxResults": 100,
        "fields": list(FIELDS),
    }
    async with plain_connection(url) as connection:
        while True:
            body = await connection.exchange(post("/rest/api/3/search/jql", orjson.dumps(asked), user=user))
            yield body
            _, quoted, rest = body[-200:].partition(b'"nextPageToken":"')
            if not quoted:
                return
            asked["nextPageToken"] = rest.partition(b'"')[0].decode()


async def ceiling(url: str) -> Spent:
    with Stopwatch() as watch:
        async for _ in pages(url):
            pass
    return watch.spent


async def limit(url: str, engine: AsyncEngine) -> Spent:
    """Decode to the needed fields and copy them into a table without keys."""
    reader = IssueReader(NAME)
    async with writing(engine) as connection:
        await connection.execute(
            text("CREATE TEMPORARY TABLE bare (id text, key text, updated timestamptz, raw bytea)")
        )
        session: Any = (await connection.get_raw_connection()).driver_connection
        with Stopwatch() as watch:
            async for body in pages(url):
                found = msgspec.json.decode(body, type=Found)
                read = [reader.read(bytes(raw)) for raw in found.issues or ()]
                rows = [(one.item.id, one.item.key, one.item.updated, one.raw) for one in read]
                await session.copy_records_to_table("bare", records=rows)
        return watch.spent


async def test_a_full_synchronisation_and_one_that_finds_nothing_new(
    engine: AsyncEngine, section: Callable[[str, str], Section]
) -> None:
    data = Path(os.environ.get("BENCH_ISSUES") or default_data())
    models, mirror = PostgresModels(engine), PostgresMirror(engine)
    desk = Desk(shipped_catalogue(), models, mirror, MemoryAnswers(size=0), now, evidence=PostgresEvidence(engine))
    async with standing_in(data) as url:
        source = jira(JiraSettings(url=url, email="sync@example.com", token=SecretStr("stand-in-token")))
        await ceiling(url)  # the stand-in encodes each issue when it is first asked for
        bytes_only, bare = await ceiling(url), await limit(url, engine)
        with Stopwatch() as first:
            done = await synchronise(desk, source)
        with Stopwatch() as again:
            repeated = await synchronise(desk, source, full=True)
    assert (done.parked, repeated.changed) == (0, 0)
    shown = section("1. Pulling a Jira backlog", ABOUT)
    shown.add("issues", f"{done.seen:,} from {data.name}")
    for name, spent in (
        ("ceiling: the pages' bytes", bytes_only),
        ("limit: bare socket, msgspec, COPY", bare),
        ("Remit, full synchronisation, with changelogs and references", first.spent),
        ("Remit, the same again, nothing new", again.spent),
    ):
        rate = f"{done.seen / spent.wall_s:,.0f} issues/s, {spent.cpu_s / done.seen * 1000:.3f} CPU s per 1,000"
        shown.add(name, rate, f"{bytes_only.wall_s / spent.wall_s:.2f}")
    shown.add("memory of the process afterwards", f"{resident_mb():.0f} MB")
