"""What it costs to load a large model from PostgreSQL, to change one row of it, and to tell whom that concerns."""

import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.memory import MemoryAnswers
from remit.domain.changes import SetAssignment
from remit.domain.facts import Facts
from remit.entrypoints.wiring import now
from remit.ports import Recording
from remit.resolution.verdicts import verdicts
from remit.storage.engine import connect, reading, writing
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.outbox import PostgresOutbox
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.shelf import Shelf
from remit.usecases.shipped import shipped_catalogue
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.tell_changes import consequence_of
from support.budgets import Section, Spent, Stopwatch
from support.databases import Databases
from support.large_models import large_facts

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ABOUT = """The generated organisation of section 3 in a database. Load: every fact of it from PostgreSQL; its limit
fetches the same rows as text and leaves them so. Index: from nothing to a model that can be asked, digest included.
Change: a team gets another owner through the use case, from the request to the commit, with the model at hand: planned,
checked as a whole, digested, written with its event; its limit commits one row of text. Event: who gained and who lost
by it, the model after it loaded, both indexed and compared; its limit is one pass over the cells without traces. Tell:
that is stored and queued for subscribers; its limit is the commit again. Wall clock; changes are the median of five,
each of another team. Ratios of the growth are per area: 1 is linear, 0.1 does not depend on the size."""
SMALL, LARGE = 1_000, 10_000
TEAMS = ("team-1", "team-2", "team-3", "team-4", "team-5")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, and what was there."""

    facts: int
    rows_s: float
    load_s: float
    index_s: float
    digest_s: float
    commit_s: float
    change_s: float
    pass_s: float
    event_s: float
    tell_s: float
    shifts: int


@asynccontextmanager
async def filled(databases: Databases, areas: int) -> AsyncIterator[tuple[AsyncEngine, Desk]]:
    """A database with a model of so many areas, of whose recording everybody has been told."""
    url = await databases.take()
    engine = connect(url)
    desk = Desk(
        shipped_catalogue(),
        PostgresModels(engine),
        PostgresMirror(engine),
        MemoryAnswers(size=0),
        now,
        evidence=PostgresEvidence(engine),
    )
    facts = large_facts(areas, areas // 2, seed=1)
    head = await desk.models.head()
    first = await desk.models.record(Recording("bench", "bench", facts.declared, (), facts.digest, head))
    await PostgresOutbox(engine).tell(first.id, ())
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE fact"))
    yield engine, desk
    await engine.dispose()
    await databases.give_back(url)


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[Spent, Any]:
    with Stopwatch() as watch:
        made = await work()
    return watch.spent, made


async def rows(engine: AsyncEngine) -> int:
    async with reading(engine) as connection:
        asked = text("SELECT kind, key, valid::text, body::text FROM fact WHERE upper_inf(recorded)")
        return len((await connection.execute(asked)).all())


async def commit(engine: AsyncEngine) -> None:
    async with writing(engine) as connection:
        await connection.execute(text("INSERT INTO bench_row VALUES ('a row')"))


async def cost(databases: Databases, areas: int) -> Cost:
    async with filled(databases, areas) as (engine, desk):
        await rows(engine)  # the first statement of a connection is slower
        bare, count = await timed(lambda: rows(engine))
        head = await desk.models.head()
        load, facts = await timed(lambda: desk.models.facts(head))
        assert len(facts) == count
        fresh = replace(desk, shelf=Shelf())
        index, snap = await timed(lambda: snapshot(fresh, Moment()))
        with Stopwatch() as digest:
            named = Facts(desk.catalogue, facts).digest
        assert named == snap.model.version
        async with writing(engine) as connection:
            await connection.execute(text("CREATE TABLE bench_row (told text)"))
        commits = [(await timed(lambda: commit(engine)))[0].wall_s for _ in range(20)]
        with Stopwatch() as whole:
            verdicts(snap.model)
        changed = [await one_change(engine, fresh, team) for team in TEAMS]
        change_s, event_s, tell_s = (statistics.median(column) for column in list(zip(*changed, strict=True))[:3])
        return Cost(
            count, bare.wall_s, load.wall_s, index.wall_s, digest.spent.wall_s, statistics.median(commits), change_s,
            whole.spent.wall_s, event_s, tell_s, shifts=int(max(row[3] for row in changed)),
        )  # fmt: skip


async def one_change(engine: AsyncEngine, desk: Desk, team: str) -> tuple[float, float, float, float]:
    """Seconds for a change, for what it comes to, and for telling that; and how many cells it alters."""
    outbox = PostgresOutbox(engine)
    change = SetAssignment(
        area=team, responsibility="all", function="product_management", owner="p0", letter="accountable"
    )
    done, changed = await timed(lambda: change_model(desk, [change], actor="bench", reason="bench"))
    event = await outbox.untold()
    assert changed.is_recorded
    assert event is not None
    worked_out, shifts = await timed(lambda: consequence_of(desk, event))
    told, _ = await timed(lambda: outbox.tell(event.change, shifts))
    return done.wall_s, worked_out.wall_s, told.wall_s, float(len(shifts))


async def test_loading_changing_and_telling(databases: Databases, section: Callable[[str, str], Section]) -> None:
    shown = section("5. Loading and changing a large model", ABOUT)
    small, large = await cost(databases, SMALL), await cost(databases, LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):

        def row(what: str, spent_s: float, limit_s: float, more: str = "", size: int = size) -> None:
            figure = f"{spent_s:.3f} s{more}" if spent_s >= 0.1 else f"{spent_s * 1000:.1f} ms{more}"
            shown.add(f"{size:,} areas: {what}", figure, f"{spent_s / limit_s:.1f}")

        row("fetch the rows (limit of load)", told.rows_s, told.rows_s, f", {told.facts:,} facts")
        row("load the facts", told.load_s, told.rows_s)
        row("load and index the model, with its digest", told.index_s, told.rows_s)
        row("digest of all facts", told.digest_s, told.rows_s)
        row("commit one row (limit of change and tell)", told.commit_s, told.commit_s)
        row("change one row", told.change_s, told.commit_s)
        row("one pass over every cell (limit of event)", told.pass_s, told.pass_s)
        row("work out the event", told.event_s, told.pass_s, f", {told.shifts:,} cells")
        row("tell it", told.tell_s, told.commit_s)
    for name in ("load", "index", "change", "event", "tell"):
        growth = getattr(large, f"{name}_s") / getattr(small, f"{name}_s") / (LARGE / SMALL)
        shown.add(f"growth from {SMALL:,} to {LARGE:,} areas, per area: {name}", f"{growth:.2f}", f"{growth:.2f}")
