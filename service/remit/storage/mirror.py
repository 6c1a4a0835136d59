"""Reads the mirror of the sources: items by key or id with their ancestors, watermarks, the sources' state."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, all_, any_, case, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, array, distinct_on
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import BacklogItem, Reference, StatusCategory
from remit.ports import Counts, Intake, Mirrored, SourceState
from remit.storage import intake
from remit.storage.engine import reading, writing
from remit.storage.tables import area_watermark, backlog_item, backlog_key, parked, source_state

DEEPEST = 20
"""Levels of parents followed; Jira's own hierarchies have at most a handful."""

_ITEM = [column for column in backlog_item.c if column.name not in ("raw", "first_seen", "gone_at")]


class PostgresMirror:
    """A `MirrorStore` in PostgreSQL. The number of statements never grows with how many records are asked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def by_keys(self, keys: Collection[str]) -> Mapping[str, Mirrored]:
        found = (
            select(backlog_key.c.key.label("asked"), backlog_key.c.source, backlog_key.c.id)
            .where(backlog_key.c.key == any_(_texts(keys)))
            .cte("found")
        )
        return await self._mirrored(found)

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, Mirrored]:
        found = (
            select(backlog_item.c.id.label("asked"), backlog_item.c.source, backlog_item.c.id)
            .where(backlog_item.c.source == source, backlog_item.c.id == any_(_texts(ids)))
            .cte("found")
        )
        return await self._mirrored(found)

    async def _mirrored(self, found: Any) -> Mapping[str, Mirrored]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(_with_lineage(found))).all()
        mirrored: dict[str, Mirrored] = {}
        for row in rows:  # sorted by source: where two sources have the same key, the first by name answers
            mirrored.setdefault(row.asked, _mirrored(row))
        return mirrored

    async def watermarks(self, areas: Collection[AreaKey]) -> Mapping[AreaKey, int]:
        asked = select(area_watermark.c.area, area_watermark.c.mark).where(area_watermark.c.area == any_(_texts(areas)))
        async with reading(self._engine) as connection:
            return {AreaKey(row.area): row.mark for row in await connection.execute(asked)}

    async def take(self, page: Intake) -> None:
        async with writing(self._engine) as connection:
            await intake.take(connection, page)

    async def refer(self, source: SourceName, references: Sequence[Reference]) -> None:
        async with writing(self._engine) as connection:
            await intake.refer(connection, source, references)

    async def sources(self) -> tuple[SourceState, ...]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(source_state).order_by(source_state.c.name))
            return tuple(
                SourceState(SourceName(row.name), row.cursor, row.last_success_at, row.last_attempt_at, row.trouble)
                for row in rows
            )

    async def counts(self) -> Mapping[SourceName, Counts]:
        held = select(backlog_item.c.source, func.count().label("held")).where(backlog_item.c.gone_at.is_(None))
        waiting = select(parked.c.source, func.count().label("waiting")).group_by(parked.c.source)
        async with reading(self._engine) as connection:
            records = {row.source: row.held for row in await connection.execute(held.group_by(backlog_item.c.source))}
            wait = {row.source: row.waiting for row in await connection.execute(waiting)}
        return {SourceName(name): Counts(records.get(name, 0), wait.get(name, 0)) for name in {*records, *wait}}

    async def attempted(self, source: SourceName, at: datetime, trouble: str | None) -> None:
        async with writing(self._engine) as connection:
            await intake.attempted(connection, source, at, trouble)

    async def succeeded(self, source: SourceName, at: datetime, cursor: bytes | None) -> None:
        async with writing(self._engine) as connection:
            await intake.succeeded(connection, source, at, cursor)


def _with_lineage(found: Any) -> Select[Any]:
    """The asked items, each with the keys of its ancestors, nearest first; a loop ends before its first repeat.

    A child may name its parent by a former key: the parent was moved, and the child has not changed since. Such a key
    leads to the parent by its history, and both its keys are told (R35).
    """
    start = (
        select(
            found.c.asked,
            found.c.source,
            backlog_item.c.parent.label("told"),
            array([], type_=Text).label("above"),
            array([backlog_item.c.id]).label("climbed"),
        )
        .join(backlog_item, (backlog_item.c.source == found.c.source) & (backlog_item.c.id == found.c.id))
        .cte("climb", recursive=True)
    )
    named, upper = backlog_key.alias("named"), backlog_item.alias("upper")
    moved = (upper.c.key != start.c.told, func.array_append(start.c.above, start.c.told).op("||")(upper.c.key))
    climb = start.union_all(
        select(
            start.c.asked,
            start.c.source,
            upper.c.parent,
            case(moved, else_=func.array_append(start.c.above, start.c.told)),
            func.array_append(start.c.climbed, func.coalesce(upper.c.id, "")),
        )
        .select_from(start)
        .outerjoin(named, (named.c.source == start.c.source) & (named.c.key == start.c.told))
        .outerjoin(upper, (upper.c.source == named.c.source) & (upper.c.id == named.c.id))
        .where(start.c.told.is_not(None))
        .where(upper.c.id.is_(None) | (upper.c.id != all_(start.c.climbed)))
        .where(func.cardinality(start.c.climbed) <= DEEPEST)
    )
    longest = (
        select(climb.c.asked, climb.c.source, climb.c.above)
        .ext(distinct_on(climb.c.asked, climb.c.source))
        .order_by(climb.c.asked, climb.c.source, func.cardinality(climb.c.climbed).desc())
        .cte("longest")
    )
    return (
        select(found.c.asked, longest.c.above, backlog_item.c.first_seen, backlog_item.c.gone_at, *_ITEM)
        .select_from(found)
        .join(backlog_item, (backlog_item.c.source == found.c.source) & (backlog_item.c.id == found.c.id))
        .join(longest, (longest.c.asked == found.c.asked) & (longest.c.source == found.c.source))
        .order_by(found.c.source)
    )


def _mirrored(row: Row[Any]) -> Mirrored:
    item = BacklogItem(
        source=SourceName(row.source),
        id=row.id,
        key=row.key,
        project=row.project,
        type=row.type,
        summary=row.summary,
        status=row.status,
        category=StatusCategory(row.category),
        created=row.created,
        updated=row.updated,
        resolved=row.resolved,
        priority=row.priority,
        assignee=row.assignee,
        reporter=row.reporter,
        components=tuple(row.components),
        labels=tuple(row.labels),
        team=tuple(row.team),
        parent=row.parent,
    )
    return Mirrored(item, tuple(row.above), row.first_seen, row.gone_at)


def _texts(values: Collection[str]) -> Any:
    """An array of those values that PostgreSQL can hold at all; nothing is kept under any other."""
    return literal(sorted(value for value in values if _can_be_held(value)), ARRAY(Text))


def _can_be_held(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
