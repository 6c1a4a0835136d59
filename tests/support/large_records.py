"""A database as that of a large organisation: its model, and some issues with histories in each area."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.memory import MemoryAnswers
from remit.domain.areas import Area
from remit.domain.facts import Facts
from remit.domain.records import Reference, StatusCategory
from remit.ports import Recording
from remit.storage.engine import connect, writing
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from support.databases import Databases
from support.desks import JIRA
from support.large_models import large_facts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ITEMS = """
INSERT INTO backlog_item (source, id, key, project, type, summary, status, category, created, updated, resolved,
  priority, assignee, reporter, components, labels, team, parent, raw, first_seen, sprints)
SELECT 'jira', n::text, 'PRJ' || (area % 500) || '-' || n, 'PRJ' || (area % 500), 'Bug', 'Issue',
  CASE n % 3 WHEN 0 THEN 'Doing' ELSE 'Closed' END, CASE n % 3 WHEN 0 THEN 'indeterminate' ELSE 'done' END,
  born, born + interval '9 days', NULL, NULL, NULL, 'rita',
  ARRAY['component ' || area], ARRAY['label ' || n % 7], '{}', NULL, '', born, '{}'
FROM (
  SELECT n, n % :components AS area, timestamptz '2026-11-25' - (n % 730 * 7919 % 730) * interval '1 day' AS born
  FROM generate_series(1, :many) AS n
) AS drawn
"""
KEYS = "INSERT INTO backlog_key (source, key, id) SELECT source, key, id FROM backlog_item"
EVENTS = """
INSERT INTO backlog_event (source, item_id, change_id, position, at, field, author, field_id, from_value, from_text,
  to_value, to_text, seen_at)
SELECT source, id, 'c' || step, 0, created + step * (1 + length(id) % 5) * interval '1 day', 'status', 'ana', 'status',
  NULL, CASE step WHEN 1 THEN 'Open' ELSE 'Doing' END, NULL,
  CASE WHEN step = 1 THEN 'Doing' ELSE status END, created + interval '9 days'
FROM backlog_item CROSS JOIN generate_series(1, 2) AS step
"""
STATUSES = [
    Reference(JIRA, "status", str(number), name, b"{}", category=category)
    for number, (name, category) in enumerate(
        (("Open", StatusCategory.NEW), ("Doing", StatusCategory.IN_PROGRESS), ("Closed", StatusCategory.DONE))
    )
]


@asynccontextmanager
async def filled(
    databases: Databases, areas: int, per_area: int, facts: Facts | None = None
) -> AsyncIterator[tuple[AsyncEngine, Desk]]:
    """A database with a model of so many areas, half as many people and so many issues an area, none worked out."""
    url = await databases.take()
    engine = connect(url)
    parts = (shipped_catalogue(), PostgresModels(engine), PostgresMirror(engine), MemoryAnswers(size=0), lambda: NOW)
    desk = Desk(*parts, evidence=PostgresEvidence(engine))
    facts = facts or large_facts(areas, areas // 2, seed=1)
    await desk.models.record(Recording("bench", "bench", facts.declared, (), facts.digest, await desk.models.head()))
    components = sum(isinstance(one.body, Area) and one.body.kind == "component" for one in facts.declared)
    async with writing(engine, within_s=None) as connection:
        await connection.execute(text(ITEMS), {"many": areas * per_area, "components": components})
        await connection.execute(text(KEYS))
        await connection.execute(text(EVENTS))
    await desk.mirror.refer(JIRA, STATUSES)
    await desk.mirror.attempted(JIRA, NOW, None)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
    yield engine, desk
    await engine.dispose()
    await databases.give_back(url)
