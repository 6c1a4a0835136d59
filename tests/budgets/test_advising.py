"""What it costs to tell how the work of a large organisation drifts, and what should move to whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.facts import Facts
from remit.domain.people import Person
from remit.resolution.signals.windows import windows
from remit.storage.engine import writing
from remit.usecases.ask_advice import advice
from remit.usecases.ask_drift import area_drifts
from remit.usecases.ask_load import Wanted, listed, survey
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, Snapshot, snapshot, zone_of
from support.budgets import Section, Stopwatch
from support.databases import Databases
from support.desks import JIRA
from support.large_models import large_facts
from support.large_records import NOW, filled

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
ABOUT = """The organisation of section 9, in which everybody has skills and each issue was changed three times within
the window, each time by somebody else. Drift: of the whole organisation, with everything of the model found before; its
limit reads the traces, counted by area and account. Advice: for the most loaded of all, and for everybody, of whom the
100 with most too much are looked at; its limit is a survey of everybody's load, which it rests on and which is part of
it. Model, holders and counts are kept from a question before.
Wall clock. Growth is for ten times as many areas, issues and people: 10 is linear."""
PER_AREA = 10
SMALL, LARGE = 1_000, 10_000
TRACES = """
INSERT INTO backlog_event (source, item_id, change_id, position, at, field, author, field_id, from_value, from_text,
  to_value, to_text, seen_at)
SELECT source, id, 'd' || step, 0, timestamptz '2026-11-20' - step * interval '1 day',
  (ARRAY['status', 'priority', 'assignee'])[step], 'account-' || (id::int * 7 + step * step) % :people,
  (ARRAY['status', 'priority', 'assignee'])[step], NULL, NULL, NULL, NULL, timestamptz '2026-11-20'
FROM backlog_item CROSS JOIN generate_series(1, 3) AS step
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, and how much was told."""

    traces_s: float
    drift_s: float
    survey_s: float
    one_s: float
    every_s: float
    drifts: int
    proposals: int
    proposals_of_all: int


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    with Stopwatch() as watch:
        made = await work()
    return watch.spent.wall_s, made


async def worked_on(engine: AsyncEngine, desk: Desk, people: int) -> Snapshot:
    """The organisation with those traces, its source read completely and everything worked out."""
    async with writing(engine, within_s=None) as connection:
        await connection.execute(text(TRACES), {"people": people})
    await desk.mirror.succeeded(JIRA, NOW, None)
    snap = await snapshot(desk, Moment())
    await settle_evidence(desk, snap.model)
    return snap


def skilled(areas: int) -> Facts:
    """The organisation, in which everybody is practised in everything that may be handed over."""
    facts = large_facts(areas, areas // 2, seed=1)
    skills = tuple((one.key, 2) for one in facts.catalogue.responsibilities if one.transferable)
    declared = (
        replace(fact, body=replace(fact.body, skills=skills)) if isinstance(fact.body, Person) else fact
        for fact in facts.declared
    )
    return Facts(facts.catalogue, tuple(declared))


async def cost(databases: Databases, areas: int) -> Cost:
    async with filled(databases, areas, PER_AREA, skilled(areas)) as (engine, desk):
        snap = await worked_on(engine, desk, areas // 2)
        window = windows(snap.as_of, zone_of(snap.model))[0]
        await area_drifts(desk, snap, [None])
        traces_s, _ = await timed(lambda: desk.evidence.acts(tuple(snap.model.areas), window))
        drift_s, drifts = await timed(lambda: area_drifts(desk, snap, [None]))
        most_loaded = listed(snap, await survey(desk, snap), Wanted())[0]
        survey_s, _ = await timed(lambda: survey(desk, snap))
        one_s, one = await timed(lambda: advice(desk, snap, person=most_loaded))
        every_s, every = await timed(lambda: advice(desk, snap))
        told = len(drifts[None].found), len(one.proposals), len(every.proposals)
        assert all(told)
        return Cost(traces_s, drift_s, survey_s, one_s, every_s, *told)


async def test_telling_what_drifts_and_what_should_move(
    databases: Databases, section: Callable[[str, str], Section]
) -> None:
    shown = section("10. Drift and advice", ABOUT)
    small, large = await cost(databases, SMALL), await cost(databases, LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):
        what = f"{size:,} areas, {size // 2:,} people"
        for name, spent_s, limit_s in (
            ("read the traces (limit of drift)", told.traces_s, told.traces_s),
            (f"drift of the whole organisation, {told.drifts:,} found", told.drift_s, told.traces_s),
            ("survey of everybody (limit of advice)", told.survey_s, told.survey_s),
            (f"advice for the most loaded, {told.proposals:,} proposals", told.one_s, told.survey_s),
            (f"advice for everybody, {told.proposals_of_all:,} proposals", told.every_s, told.survey_s),
        ):
            shown.add(f"{what}: {name}", f"{spent_s * 1000:,.0f} ms", f"{spent_s / limit_s:.2f}")
    for name, growth in (
        ("drift", large.drift_s / small.drift_s),
        ("advice for the most loaded", large.one_s / small.one_s),
        ("advice for everybody, of whom 100 at most are looked at", large.every_s / small.every_s),
    ):
        shown.add(f"growth for ten times as much: {name}", f"{growth:.2f}", f"{growth:.2f}")
