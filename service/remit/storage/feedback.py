"""Reads feedback with what was done with it, and puts it into areas anew where selectors have changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import Text

from remit.domain.courses import Moving
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackState
from remit.domain.feedback_lists import FeedbackExcerpt, FeedbackPage
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Loss
from remit.domain.tallies import FeedbackTally
from remit.ports import MirroredFeedback
from remit.ports.feedback import Alike
from remit.storage import course_columns, evidence_rows, feedback_pages
from remit.storage.engine import reading, writing, written
from remit.storage.feedback_pages import item_of, offers_of
from remit.storage.feedback_rows import offers_text

PLACED_WITHIN_S = 600.0


class PostgresFeedback:
    """A `FeedbackStore` in PostgreSQL. The number of statements never grows with how many items are asked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, MirroredFeedback]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(_BY_IDS, {"source": source, "ids": sorted(ids)})
            return {row.id: _mirrored(row) for row in rows}

    async def pages(self, asked: Collection[FeedbackExcerpt]) -> Mapping[FeedbackExcerpt, FeedbackPage]:
        async with reading(self._engine) as connection:
            return await feedback_pages.pages(connection, asked)

    async def outdated(self, selectors: str) -> tuple[SourceName, ...]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(_OUTDATED, {"selectors": selectors})
            return tuple(SourceName(row.source) for row in rows)

    async def alike(self) -> tuple[Alike, ...]:
        async with reading(self._engine, within_s=PLACED_WITHIN_S) as connection:
            rows = await connection.execute(_ALIKE)
            return tuple((SourceName(row.source), offers_of(row.offers)) for row in rows)

    async def tallies(self, since: datetime) -> tuple[FeedbackTally, ...]:
        async with reading(self._engine, within_s=PLACED_WITHIN_S) as connection:
            rows = await connection.execute(_TALLIES, {"since": since, "open": _OPEN})
            found = [FeedbackTally(SourceName(row.source), offers_of(row.offers), row.held) for row in rows]
            return tuple(sorted(found, key=lambda tally: (tally.source, tally.offers)))

    async def place(self, areas: Mapping[Alike, AreaKey | None], selectors: str) -> None:
        told = dict(zip(("sources", "offers", "areas"), _columns(areas), strict=True))

        async def work(connection: AsyncConnection) -> None:
            await evidence_rows.alone(connection)
            await connection.execute(_RAISE)
            await connection.execute(_PLACE, told)
            await connection.execute(_RAISE)
            await connection.execute(_SETTLE, {"selectors": selectors})

        await written(self._engine, work, within_s=PLACED_WITHIN_S)

    async def moving(self, areas: Mapping[Alike, AreaKey | None], within: Sequence[AreaKey]) -> Moving:
        async with writing(self._engine, within_s=PLACED_WITHIN_S) as connection:
            return await course_columns.moving(connection, within, _MOVING, *_columns(areas))


def _columns(areas: Mapping[Alike, AreaKey | None]) -> tuple[list[str], list[str], list[AreaKey | None]]:
    """Sources, offers and areas, as statements take them."""
    return [source for source, _ in areas], [offers_text(offers) for _, offers in areas], list(areas.values())


def _mirrored(row: Row[Any]) -> MirroredFeedback:
    source = SourceName(row.source)
    item = item_of(row)
    told = zip(row.act_ids, row.act_at, row.act_kinds, row.act_authors, strict=True)
    acts = tuple(FeedbackAct(source, row.id, id_, at, ActKind(kind), author) for id_, at, kind, author in told)
    how = Loss(row.gone_how) if row.gone_how else None
    return MirroredFeedback(item, row.first_seen, acts, row.gone_at, how, row.read_at)


_BY_IDS = text("""
SELECT item.*, acts.* FROM feedback_item AS item
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(id ORDER BY at, id), '{}') AS act_ids,
    coalesce(array_agg(at ORDER BY at, id), '{}') AS act_at,
    coalesce(array_agg(kind ORDER BY at, id), '{}') AS act_kinds,
    coalesce(array_agg(author ORDER BY at, id), '{}') AS act_authors
  FROM feedback_act AS act WHERE act.source = item.source AND act.item_id = item.id
) AS acts
WHERE item.source = :source AND item.id = ANY (:ids)
""").bindparams(bindparam("ids", type_=ARRAY(Text)))
_OUTDATED = text("SELECT source FROM feedback_basis WHERE selectors <> :selectors ORDER BY source")
_ALIKE = text("SELECT DISTINCT source, offers FROM feedback_item")
_OPEN = [FeedbackState.NEW.value, FeedbackState.TRIAGED.value]
_TALLIES = text("""
SELECT source, offers, count(*)::int AS held FROM feedback_item
WHERE gone_at IS NULL AND (state = ANY (:open) OR created >= :since) GROUP BY source, offers
""").bindparams(bindparam("open", type_=ARRAY(Text)))
_ITEMS = """
feedback_item AS item
JOIN unnest(CAST({} AS text[]), CAST({} AS text[]), CAST({} AS text[])) AS placed (source, offers, area)
  ON placed.source = item.source AND CAST(placed.offers AS jsonb) = item.offers
WHERE evidence.source = item.source AND evidence.kind = 'feedback' AND evidence.id = item.id
  AND evidence.area IS DISTINCT FROM placed.area
"""
_PLACE = text(f"UPDATE evidence SET area = placed.area FROM {_ITEMS.format(':sources', ':offers', ':areas')}")
_MOVING = f"""
WITH moved AS (
  SELECT evidence.*, placed.area AS would_be FROM evidence, {_ITEMS.format("$1", "$2", "$3")}
)
SELECT would_be, {course_columns.COLUMNS} FROM moved
"""
_RAISE = text("""
INSERT INTO area_watermark AS raised (area, mark)
SELECT DISTINCT area, 1 FROM evidence WHERE kind = 'feedback' AND area IS NOT NULL ORDER BY area
ON CONFLICT (area) DO UPDATE SET mark = raised.mark + 1
""")
_SETTLE = text("UPDATE feedback_basis SET selectors = :selectors WHERE selectors <> :selectors")
