"""Puts every course into the area of its item: items that offer the very same to selectors are placed together.

A request's is put into none, since it counts as feedback.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from remit.domain.courses import Moving
from remit.domain.ids import AreaKey, SourceName
from remit.domain.tallies import Tally
from remit.storage import course_columns, evidence_rows
from remit.storage.items import IS_REQUEST
from remit.storage.tallies import BELOW_EPICS


async def alike(connection: AsyncConnection, epics: Sequence[str]) -> tuple[Tally, ...]:
    """One statement. Lists are in the order in which items hold them, so that `place` finds the items again."""
    rows = await connection.execute(_ALIKE, {"epics": epics})
    return tuple(
        Tally(
            SourceName(row.source),
            row.project,
            row.type,
            tuple(row.components),
            tuple(row.labels),
            tuple(row.team),
            tuple(row.epics),
            row.held,
        )
        for row in rows
    )


async def place(connection: AsyncConnection, epics: Sequence[str], areas: Mapping[Tally, AreaKey | None]) -> None:
    """The number of statements does not grow; rows whose area stays are not written."""
    await evidence_rows.alone(connection)
    await _stage(connection, areas)
    await connection.execute(_PLACE, {"epics": epics})
    await connection.execute(_RAISE)


async def moving(
    connection: AsyncConnection,
    epics: Sequence[str],
    areas: Mapping[Tally, AreaKey | None],
    within: Sequence[AreaKey],
) -> Moving:
    """What `place` would do, read and not done."""
    await _stage(connection, areas)
    return await course_columns.moving(connection, within, _MOVING, epics)


async def _stage(connection: AsyncConnection, areas: Mapping[Tally, AreaKey | None]) -> None:
    """Put the areas into a table beside the items, until the transaction ends."""
    await connection.execute(_STAGE)
    session = (await connection.get_raw_connection()).driver_connection
    if session is None:
        raise TypeError("the connection has no asyncpg session behind it")
    rows = [
        (one.source, one.project, one.type, one.components, one.labels, one.team, one.epics, area)
        for one, area in areas.items()
    ]
    await session.copy_records_to_table("placed", records=rows)
    await connection.execute(text("ANALYZE placed"))  # a temporary table has no statistics by itself
    # Right after a first synchronisation the tables have no statistics yet, and row by row the join would be quadratic:
    # minutes for 1,500 items (2026-11).
    await connection.execute(text("SET LOCAL enable_nestloop = off"))


_EPICS = bindparam("epics", type_=ARRAY(Text))
_ALIKE = text(
    f"""
    {BELOW_EPICS}
    SELECT source, project, type, components, labels, team, coalesce(epics, '{{}}') AS epics, count(*)::int AS held
    FROM backlog_item LEFT JOIN epics USING (source, id)
    GROUP BY source, project, type, components, labels, team, epics
    """
).bindparams(_EPICS)
_STAGE = text("""
CREATE TEMPORARY TABLE placed (
  source text, project text, type text, components text[], labels text[], team text[], epics text[], area text
) ON COMMIT DROP
""")
_PLACED = "CASE WHEN said.id IS NULL THEN placed.area END"
_ITEMS = f"""
    backlog_item AS item
    LEFT JOIN epics ON epics.source = item.source AND epics.id = item.id
    JOIN placed ON placed.source = item.source AND placed.project = item.project AND placed.type = item.type
      AND placed.components = item.components AND placed.labels = item.labels AND placed.team = item.team
      AND placed.epics = coalesce(epics.epics, '{{}}')
    LEFT JOIN feedback_item AS said ON {IS_REQUEST}
    WHERE evidence.source = item.source AND evidence.kind = 'backlog' AND evidence.id = item.id
      AND evidence.area IS DISTINCT FROM {_PLACED}
"""
_PLACE = text(f"{BELOW_EPICS} UPDATE evidence SET area = {_PLACED} FROM {_ITEMS}").bindparams(_EPICS)
_MOVING = f"""
    {BELOW_EPICS.replace(":epics", "$1")}, moved AS (
      SELECT evidence.*, {_PLACED} AS would_be FROM evidence, {_ITEMS}
    )
    SELECT would_be, {course_columns.COLUMNS} FROM moved
"""
_RAISE = text("""
INSERT INTO area_watermark AS raised (area, mark)
SELECT area, 1 FROM evidence WHERE area IS NOT NULL UNION SELECT area, 1 FROM area_watermark
ORDER BY area
ON CONFLICT (area) DO UPDATE SET mark = raised.mark + 1
""")
