"""Every delivery that was acknowledged is kept exactly once and applied, however often its receiver is killed.

Two mistakes were made by hand to see it fail: to answer before what was delivered is committed, and to name deliveries
anew instead of as their sender does.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.engine import reading
from remit.storage.inbox import PostgresInbox
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.tables import inbox
from remit.usecases.desk import Desk
from remit_integrations.applying import NOT_SHOWN
from remit_integrations.inbox import Applying
from remit_integrations.keeping import HINTS
from remit_integrations.source import Source
from remit_integrations.standins.jira.sender import LONGEST, NO_ANSWER, Sender, Sent
from remit_integrations.standins.jira.site import Site
from support.desks import JIRA, AClock, a_desk
from support.jira_site import a_record, a_site, a_source, many, served
from support.nursery import Nursery, nursery

DELIVERIES, KILLS, SEED = 10_000, 20, 20261125
ISSUES = 200
SECRET = "a-secret-of-the-webhook"


class Persistent(Sender):
    """After a connection that broke it waits until somebody listens again, before it sends something else."""

    receiver: Nursery
    answers = 0

    async def _status(self, client: httpx.AsyncClient, one: Sent, now: datetime) -> int:
        status = await super()._status(client, one, now)
        if status == NO_ANSWER:
            await self.receiver.listens()
        else:
            self.answers += 1
        return status


def happening(site: Site, clock: AClock, chance: Random, times: int) -> None:
    """So many things happen on the site: most are edits, some issues come and some go."""
    for number in range(times):
        clock.goes_on(seconds=1)
        id_ = chance.choice(list(site.issues))
        match chance.choices(("edit", "comment", "create", "delete"), (88, 6, 4, 2))[0]:
            case "edit":
                site.edit(id_, summary=f"Change {number}")
            case "comment":
                site.comment(id_, f"Comment {number}")
            case "create":
                site.create(a_record(ISSUES + number + 1))
            case "delete":
                site.delete(id_)


async def killed(sender: Persistent, moments: Sequence[int]) -> None:
    """Kill the receiver each time that so many answers have come, whatever it is doing then."""
    for moment in moments:
        while sender.answers < moment:  # noqa: ASYNC110 - the sender tells nobody
            await asyncio.sleep(0.001)
        await sender.receiver.kill()


async def kept(engine: AsyncEngine) -> dict[str, bytes]:
    """Every delivery in the inbox: its sender's id and its body."""
    async with reading(engine) as connection:
        rows = (await connection.execute(select(inbox.c.source, inbox.c.id, inbox.c.body))).all()
    assert {row.source for row in rows} == {JIRA}
    assert len({row.id for row in rows}) == len(rows)
    return {row.id: row.body for row in rows}


async def drained(desk: Desk, engine: AsyncEngine, source: Source) -> dict[str | None, set[str]]:
    """Apply until each was tried; of those done with (None), and for each reason to try again, the issues they name."""
    stop = asyncio.Event()
    working = asyncio.create_task(Applying(desk, PostgresInbox(engine), stop, every_s=0.05).run([source]))
    untried = select(inbox.c.id).where(inbox.c.done_at.is_(None), inbox.c.tries == 0).limit(1)
    while not working.done():
        async with reading(engine) as connection:
            if (await connection.execute(untried)).first() is None:
                break
        await asyncio.sleep(0.05)
    stop.set()
    await working
    came_to: dict[str | None, set[str]] = {}
    async with reading(engine) as connection:
        for row in await connection.execute(select(inbox.c.done_at, inbox.c.reason, inbox.c.concerns)):
            assert (row.done_at is None) == (row.reason is not None)
            came_to.setdefault(row.reason, set()).update(row.concerns)
    return came_to


@pytest.mark.timeout(300)
async def test_what_was_acknowledged_over_twenty_kills_is_kept_once_and_all_of_it_is_applied(
    engine: AsyncEngine, database: str, one_redis_url: str, tmp_path: Path
) -> None:
    clock, chance = AClock(), Random(SEED)
    site = a_site(*many(ISSUES), clock=clock)
    mirror = PostgresMirror(engine)
    desk = await a_desk(clock=clock, model=None, models=PostgresModels(engine), mirror=mirror, synchronised=False)
    settings = {
        "REMIT_DATABASE_URL": database,
        "REMIT_REDIS_URL": one_redis_url,
        "REMIT_JIRA_URL": "http://127.0.0.1:1",
        "REMIT_JIRA_EMAIL": site.email,
        "REMIT_JIRA_TOKEN": site.token,
        "REMIT_JIRA_WEBHOOK_SECRET": SECRET,
    }
    async with served(site) as jira, nursery(tmp_path, settings) as receiver:
        await jira.synchronised(desk)
        url = f"http://127.0.0.1:{receiver.port}/webhooks/jira"
        sender = Persistent(site, url, SECRET, chance=chance, at_once=16)
        sender.receiver = receiver
        happening(site, clock, chance, DELIVERIES)
        moments = sorted(chance.sample(range(DELIVERIES // 20, DELIVERIES - DELIVERIES // 20), KILLS))
        await asyncio.gather(sender.deliver(shuffled=True, twice=0.03), killed(sender, moments))
        broken = len(sender.waiting)
        while sender.waiting:
            clock.goes_on(seconds=LONGEST.total_seconds())
            await sender.deliver()
        ledger = {one.id: HINTS.payload(one.body) for one in sender.ledger.values() if one.acknowledged}
        stored = await kept(engine)
        came_to = await drained(desk, engine, a_source(jira.url, site))
    assert len(ledger) == len(sender.ledger) == DELIVERIES
    assert {status for one in sender.ledger.values() for status in one.statuses} == {204, NO_ANSWER}
    assert broken >= KILLS, "each kill came in the midst of something"
    assert sum(one.statuses.count(204) for one in sender.ledger.values()) > DELIVERIES, "some came twice"
    assert stored == ledger
    assert came_to.keys() <= {None, NOT_SHOWN}
    assert site.issues.keys().isdisjoint(came_to.get(NOT_SHOWN, ())), "what is there is read, whatever order it came in"
    present = await mirror.present(JIRA)
    found = await mirror.by_ids(JIRA, present)
    assert {id_: one.item.summary for id_, one in found.items()} == {
        id_: one.record["fields"]["summary"] for id_, one in site.issues.items()
    }
