"""Whatever happens to a site, its webhooks and its reader, after one quiet reconciliation the mirror is the site.

A run is drawn from its seed: what happens on the site, which deliveries are dropped, doubled, shuffled and late, when
the process that receives and reads is killed. Runs go in batches beside each other; in every fifth batch Redis is
killed in the midst, in every fifth PostgreSQL. `REMIT_RUNS=2000` makes so many runs; `REMIT_SEED=17` makes run 17
alone, with a server lost as in its batch. What fails tells its seed and its scenario, to be pasted. A run costs about
1.6 s of CPU time, of which half goes into the lives of the process and a quarter each into PostgreSQL and the test.

Mistakes were made by hand, one at a time, to see it fail; a run that did is named. The state at the end tells when a
census marks none of what vanished (run 2), what is gone never comes back (4), and former keys are not kept (5, 9). What
the last reconciliation would mend is told by looking midway (`support/witness.py`): any answer brings back what is gone
(0); a census marks what a search does not show (8); deliveries are applied from their bodies (1, 7); what was not shown
yet is not asked for again (3); an older version overwrites a newer one (7).

Not told here is a guard against older versions that is lacking in the database alone, or a cursor that is committed
before its page: these take two processes or a kill within a millisecond. `tests/storage/test_mirror_contract.py` tells.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.domain.records import Loss
from remit.storage.engine import connect, database_url, reading, writing
from remit.storage.inbox import PostgresInbox
from remit.storage.migrate import upgrade
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.storage.tables import inbox, parked
from remit.usecases.desk import Desk
from remit_integrations.applying import apply
from remit_integrations.inbox import MOST_AT_ONCE, settle
from remit_integrations.source import Source
from remit_integrations.standins.jira.scenario import Scenario, Stage
from remit_integrations.standins.jira.sender import LONGEST, Sender
from remit_integrations.standins.jira.site import Site
from remit_integrations.sync import synchronise
from support.desks import JIRA, a_desk
from support.drawn_runs import STAYS, Run, Running, a_run
from support.jira_site import CHANGELOGS, SEARCH, a_site, a_source, many, served
from support.mirrored_site import as_it_is, as_mirrored, changes_mirrored, changes_of, lost
from support.mortal_servers import Mortal, mortal_postgres, mortal_redis
from support.rebirths import Cradle, Reborn, a_cradle, a_remit
from support.witness import Witness

log = logging.getLogger(__name__)

RUNS = int(os.environ.get("REMIT_RUNS", "200"))
ALONE = os.environ.get("REMIT_SEED")
IN_A_TEST, AT_ONCE = 100, 10
MOST_READ = 0.8
"""Of the runs of a batch, at least so many hold a synchronisation that the process itself ended well."""
MOST_LOOKS, LOOK_EVERY_S = 80, 0.05
WITHIN_S = 240
SECRET = "a-secret-of-the-webhook"
QUIET = timedelta(hours=26)
"""By the site's clock. No index lags so long, and a census is held every day."""


@dataclass(frozen=True, slots=True)
class World:
    """What the runs of a test share: processes, servers, and the name of a database to copy."""

    cradle: Cradle
    postgres: Mortal
    redis: Mortal
    template: str
    home: Path


@asynccontextmanager
async def a_world(home: Path, data_dir: Path) -> AsyncIterator[World]:
    with mortal_postgres(data_dir) as postgres, mortal_redis(data_dir) as redis:
        async with a_cradle(home) as cradle, scratch_database(postgres.url) as template:
            await upgrade(template)
            engine = connect(template)
            await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine), synchronised=False)
            await engine.dispose()
            yield World(cradle, postgres, redis, str(database_url(template).database), home)


async def batch(world: World, seeds: Collection[int], number: int) -> None:
    """Runs side by side, over which a server may be lost."""
    async with asyncio.TaskGroup() as together:
        under_way = [together.create_task(one(world, a_run(seed))) for seed in seeds]
        dying = {1: world.redis, 3: world.postgres}.get(number % 5)
        if dying is not None:
            await asyncio.sleep(Random(number).uniform(1, 2))  # in the midst
            dying.lose()
    read = sum(task.result() > 0 for task in under_way)
    assert read >= MOST_READ * len(under_way), f"in {read} of {len(under_way)} runs the process read its source"


async def one(world: World, run: Run) -> int:
    """Play a run in a database of its own, be quiet, and compare; how often the process read its source to the end."""
    clock = Running()
    site = a_site(*many(STAYS), clock=clock)
    try:
        async with (
            asyncio.timeout(WITHIN_S),
            scratch_database(world.postgres.url, template=world.template) as database,
            served(site) as jira,
            a_remit(world.cradle, settings(world, site, jira.url, database), world.home / f"{run.seed}.log") as remit,
        ):
            engine = connect(database)
            try:
                sender = Sender(site, f"http://127.0.0.1:{remit.port}/webhooks/jira", SECRET, chance=Random(run.seed))
                witness = Witness(site, sender, engine)
                await play(run, Stage(site, sender, clock.goes_on), remit, witness)
                await quiet(run, site, sender, clock, remit, engine, a_source(jira.url, site))
                await compare(site, engine)
                await witness.looks()
            finally:
                await engine.dispose()
    except Exception as error:
        error.add_note(f"REMIT_SEED={run.seed}, killed before steps {sorted(run.kills)} of\n{run.scenario}")
        raise
    came = (run.seed, len(site.issues), len(sender.ledger), remit.lives, remit.readings)
    log.info("run %d is reconciled: %d issues, %d deliveries, %d lives, %d readings", *came)
    return remit.readings


def settings(world: World, site: Site, url: str, database: str) -> Mapping[str, str]:
    return {
        "REMIT_DATABASE_URL": database,
        "REMIT_REDIS_URL": world.redis.url,
        "REMIT_POLL_SECONDS": "2",
        "REMIT_JIRA_URL": url,
        "REMIT_JIRA_EMAIL": site.email,
        "REMIT_JIRA_TOKEN": site.token,
        "REMIT_JIRA_WEBHOOK_SECRET": SECRET,
    }


async def play(run: Run, stage: Stage, remit: Reborn, witness: Witness) -> None:
    """Step by step, with kills at any moment between; what holds at any time is looked at now and then."""
    chance = Random(run.seed)
    await read_once(stage.site, remit, witness.engine)
    for number, step in enumerate(run.scenario.steps):
        if number in run.kills:
            await remit.again()
        await remit.stands()
        await Scenario((step,)).play(stage)
        witness.notes()
        waited = ".wait(" in step.line
        if waited:
            await asked(stage.site)
        await asyncio.sleep(chance.uniform(0, 0.1))  # so that much is done between two steps, or little
        if waited or step.deliver is not None:
            await witness.looks()


async def read_once(site: Site, remit: Reborn, engine: AsyncEngine) -> None:
    """Returns once the mirror holds something, so that there is something to lose."""
    while True:
        try:
            if site.calls.count(CHANGELOGS) and await PostgresMirror(engine).present(JIRA):
                return
        except Broken:  # it was just lost, and comes back
            pass
        await remit.stands()
        await asyncio.sleep(LOOK_EVERY_S)


async def asked(site: Site) -> None:
    """Returns once somebody has asked the site for issues, or will not soon."""
    begun = site.calls.count(SEARCH)
    for _ in range(MOST_LOOKS):
        if site.calls.count(SEARCH) > begun:
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def quiet(
    run: Run, site: Site, sender: Sender, clock: Running, remit: Reborn, engine: AsyncEngine, source: Source
) -> None:
    """Nothing happens any more: what is still to be sent comes, time passes, and there is one reconciliation."""
    site.index_lag = timedelta(0)
    if remit.pid is None:
        await remit.begin()
    while sender.waiting:
        await remit.stands()
        await asyncio.sleep(LOOK_EVERY_S)
        clock.goes_on(LONGEST)
        await sender.deliver()
    await remit.end()
    clock.goes_on(QUIET)
    desk = await a_desk(
        clock=lambda: datetime.now(UTC),
        model=None,
        models=PostgresModels(engine),
        mirror=PostgresMirror(engine),
        synchronised=False,
    )
    if run.seed % 2:
        await drained(desk, engine, source)
    await synchronise(desk, source)
    if not run.seed % 2:
        await drained(desk, engine, source)


async def drained(desk: Desk, engine: AsyncEngine, source: Source) -> None:
    """Apply until nothing waits; the times between two tries pass at once."""
    waits, kept = inbox.c.due_at.is_not(None), PostgresInbox(engine)
    async with source.open() as feed:
        await feed.greet()
        while True:
            async with writing(engine) as connection:
                left = await connection.execute(update(inbox).where(waits).values(due_at=func.now()))
            if not left.rowcount:
                return
            async with kept.due(source.name, MOST_AT_ONCE) as waiting:
                await settle(waiting, await apply(desk, source.name, feed, waiting.waiting))


async def compare(site: Site, engine: AsyncEngine) -> None:
    """The mirror is the site; what is gone is told as what it is; nothing is left over."""
    assert await as_mirrored(engine) == as_it_is(site)
    for id_, changes in (await changes_mirrored(engine)).items():
        assert set(changes) <= set(changes_of(site, id_))
    received = {}
    async with reading(engine) as connection:
        assert (await connection.execute(select(parked))).all() == []
        for row in await connection.execute(select(inbox)):
            assert row.done_at is not None, (row.event, row.concerns, row.reason)
            received |= dict.fromkeys(row.deleted, row.received_at)
    for id_, gone in (await lost(engine)).items():
        if id_ in site.issues:
            assert site.issues[id_].hidden
            assert gone.how is Loss.NOT_VISIBLE
        elif id_ not in received:
            assert gone.how is Loss.NOT_VISIBLE
        else:  # a page that was read before may bring what its deletion, told sooner, did not find
            assert gone.how is Loss.DELETED or gone.first_seen >= received[id_]


FIRST = range(0, RUNS, IN_A_TEST) if ALONE is None else [int(ALONE)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", FIRST)
async def test_the_mirror_is_the_site_after_one_quiet_reconciliation(
    first: int, tmp_path: Path, data_dir: Path
) -> None:
    seeds = range(first, min(first + IN_A_TEST, RUNS)) if ALONE is None else [first]
    async with a_world(tmp_path, data_dir) as world:
        for begin in range(0, len(seeds), AT_ONCE):
            beside = seeds[begin : begin + AT_ONCE]
            await batch(world, beside, beside[0] // AT_ONCE)
