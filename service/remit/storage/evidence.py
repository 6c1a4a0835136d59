"""Reads how records went, and computes it anew in bulk where what it rests on has changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from remit.domain.courses import Courses, Moving, NamedCourses
from remit.domain.evidence import Acts, Course, RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Window
from remit.domain.records import History, Reference, SeenEvent, StatusCategory
from remit.domain.tallies import Tally
from remit.ports import Basis
from remit.storage import course_columns, evidence_rows, histories, placing
from remit.storage.days import PostgresDays
from remit.storage.engine import reading, writing, written

READ_WITHIN_S, PLACED_WITHIN_S = 120.0, 600.0
"""A million courses take some ten seconds; the wait is for a machine that does other things as well."""


class PostgresEvidence:
    """An `EvidenceStore` in PostgreSQL. The number of statements never grows with how many records are asked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.days = PostgresDays(engine)

    async def changes(self, source: SourceName, ids: Collection[str]) -> Mapping[str, tuple[SeenEvent, ...]]:
        async with reading(self._engine) as connection:
            return await histories.changes(connection, source, sorted(ids))

    async def statuses(self, source: SourceName) -> Sequence[Reference]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(_STATUSES, {"source": source})
            return [_status(source, row) for row in rows]

    async def courses(self, areas: Sequence[AreaKey]) -> Courses:
        async with writing(self._engine, within_s=READ_WITHIN_S) as connection:
            return await course_columns.courses(connection, areas)

    async def named(self, areas: Sequence[AreaKey], kinds: Collection[RecordKind]) -> NamedCourses:
        async with writing(self._engine, within_s=READ_WITHIN_S) as connection:
            return await course_columns.named(connection, areas, kinds)

    async def acts(self, areas: Collection[AreaKey], window: Window) -> tuple[Acts, ...]:
        asked = {"areas": sorted(areas), "start": window.start, "end": window.end}
        async with reading(self._engine, within_s=READ_WITHIN_S) as connection:
            rows = await connection.execute(_ACTS, asked)
            return tuple(
                Acts(SourceName(row.source), row.author, AreaKey(row.area), row.trace, row.held, row.is_custom)
                for row in rows
            )

    async def silent(self) -> Mapping[RecordKind, frozenset[SourceName]]:
        async with reading(self._engine, within_s=READ_WITHIN_S) as connection:
            rows = (await connection.execute(_SILENT)).all()
            return {
                kind: frozenset(SourceName(row.source) for row in rows if row.kind == kind.value) for kind in RecordKind
            }

    async def basis(self) -> Mapping[SourceName, Basis]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(_BASIS)
            return {SourceName(row.source): Basis(row.statuses, row.selectors) for row in rows}

    async def after(self, source: SourceName, id_: str, most: int) -> tuple[tuple[History, datetime | None], ...]:
        async with reading(self._engine) as connection:
            return await histories.after(connection, source, id_, most)

    async def rewrite(self, courses: Sequence[Course]) -> None:
        await written(self._engine, lambda rows: evidence_rows.write(rows, courses, evidence_rows.ELSEWHERE))

    async def alike(self, epics: Collection[str]) -> tuple[Tally, ...]:
        async with reading(self._engine, within_s=READ_WITHIN_S) as connection:
            return await placing.alike(connection, sorted(epics))

    async def place(self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None]) -> None:
        await written(self._engine, lambda rows: placing.place(rows, sorted(epics), areas), within_s=PLACED_WITHIN_S)

    async def moving(
        self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None], within: Sequence[AreaKey]
    ) -> Moving:
        async with writing(self._engine, within_s=PLACED_WITHIN_S) as connection:
            return await placing.moving(connection, sorted(epics), areas, within)

    async def are_parents(self, source: SourceName, keys: Collection[str]) -> bool:
        async with reading(self._engine) as connection:
            asked = {"source": source, "keys": sorted(keys)}
            return bool((await connection.execute(_ARE_PARENTS, asked)).scalar_one())

    async def settle(self, source: SourceName, basis: Basis) -> None:
        told = {"source": source, "statuses": basis.statuses, "selectors": basis.selectors}
        async with writing(self._engine) as connection:
            await connection.execute(_SETTLE, told)


def _status(source: SourceName, row: Row[Any]) -> Reference:
    category = StatusCategory(row.category) if row.category is not None else None
    return Reference(source, "status", row.id, row.name, row.raw, row.key, row.active, category=category)


_STATUSES = text("SELECT * FROM source_reference WHERE source = :source AND kind = 'status' ORDER BY id")
_AREAS = bindparam("areas", type_=ARRAY(Text))
_ACTS = text("""
SELECT event.source, event.author, course.area, lower(event.field) AS trace,
  count(DISTINCT (event.item_id, event.change_id))::int AS held,
  coalesce(starts_with(event.field_id, 'customfield_'), false) AS is_custom
FROM evidence AS course
JOIN backlog_event AS event ON event.source = course.source AND event.item_id = course.id
WHERE course.kind = 'backlog' AND course.area = ANY (:areas)
  AND event.at >= :start AND event.seen_at >= :start AND least(event.at, event.seen_at) < :end
GROUP BY event.source, event.author, course.area, lower(event.field), is_custom
UNION ALL
SELECT act.source, act.author, course.area, 'feedback ' || act.kind AS trace, count(*)::int AS held, false AS is_custom
FROM evidence AS course
JOIN feedback_act AS act ON act.source = course.source AND act.item_id = course.id
WHERE course.kind = 'feedback' AND course.area = ANY (:areas)
  AND act.at >= :start AND act.at < :end
GROUP BY act.source, act.author, course.area, act.kind
ORDER BY 1, 2, 3, 4, is_custom
""").bindparams(_AREAS)
_SILENT = text("""
SELECT 'backlog' AS kind, name AS source FROM source_state
WHERE EXISTS (SELECT FROM backlog_item WHERE source = name AND gone_at IS NULL)
  AND NOT EXISTS (SELECT FROM backlog_event WHERE source = name AND author IS NOT NULL)
UNION ALL
SELECT 'feedback', name FROM source_state
WHERE EXISTS (SELECT FROM feedback_item WHERE source = name AND gone_at IS NULL)
  AND NOT EXISTS (SELECT FROM feedback_act WHERE source = name AND author IS NOT NULL)
""")
_ARE_PARENTS = text("""
SELECT EXISTS (SELECT FROM backlog_item WHERE source = :source AND parent = ANY (:keys))
""").bindparams(bindparam("keys", type_=ARRAY(Text)))
_BASIS = text("""
SELECT source, coalesce(statuses, '') AS statuses, coalesce(selectors, '') AS selectors
FROM (SELECT name AS source FROM source_state) AS tried
LEFT JOIN evidence_basis USING (source)
WHERE EXISTS (SELECT FROM backlog_item WHERE backlog_item.source = tried.source)
""")
_SETTLE = text("""
INSERT INTO evidence_basis (source, statuses, selectors) VALUES (:source, :statuses, :selectors)
ON CONFLICT (source) DO UPDATE SET statuses = :statuses, selectors = :selectors
""")
