"""Reads items with all their changes, and with those of every item that was ever above them, in one statement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from remit.domain.ids import SourceName
from remit.domain.records import DEEPEST, PARENT_FIELDS, BacklogEvent, History, Lapse, Loss, SeenEvent
from remit.storage.items import COLUMNS, item_of
from remit.storage.tables import backlog_event

# A change tells both the id and the key of a parent; the key may be one that the parent has no more, or never had here.
# How many items are reached cannot be foreseen by PostgreSQL, which would read all of them for a few hundred keys:
# LIMIT 1 has it look up each by its id.
_HISTORIES = """
WITH RECURSIVE reach (source, id, depth) AS (
  SELECT source, id, 0 FROM backlog_key WHERE key = ANY (:asked)
  UNION
  SELECT reach.source, named.id, reach.depth + 1
  FROM reach
  CROSS JOIN LATERAL (
    SELECT item.parent AS key, NULL::text AS id
    FROM backlog_item AS item WHERE item.source = reach.source AND item.id = reach.id
    UNION ALL
    SELECT told.key, told.id
    FROM backlog_event AS event
    CROSS JOIN LATERAL (VALUES (event.from_text, event.from_value), (event.to_text, event.to_value)) AS told (key, id)
    WHERE event.source = reach.source AND event.item_id = reach.id AND lower(event.field) = ANY (:parents)
  ) AS told
  CROSS JOIN LATERAL (
    SELECT named.id FROM backlog_key AS named WHERE named.source = reach.source AND named.key = told.key
    UNION ALL
    SELECT told.id WHERE told.id IS NOT NULL
  ) AS named
  WHERE reach.depth < {deepest}
)
SELECT {columns}, item.first_seen, item.read_at, past.*, lapsed.*,
  ARRAY(SELECT key FROM backlog_key AS named WHERE named.source = item.source AND named.id = item.id ORDER BY 1) AS keys
FROM (SELECT DISTINCT source, id FROM reach) AS reached
CROSS JOIN LATERAL (
  SELECT * FROM backlog_item AS found WHERE found.source = reached.source AND found.id = reached.id LIMIT 1
) AS item
CROSS JOIN LATERAL (
  SELECT {arrays}
  FROM (
    SELECT * FROM backlog_event WHERE source = item.source AND item_id = item.id ORDER BY at, change_id, position
  ) AS event
) AS past
CROSS JOIN LATERAL (
  SELECT array_agg(at ORDER BY at) AS lapse_at, array_agg(back_at ORDER BY at) AS lapse_back_at,
    array_agg(how ORDER BY at) AS lapse_how
  FROM backlog_lapse WHERE source = item.source AND id = item.id
) AS lapsed
ORDER BY item.source, item.id
"""

# The bare items of one source, in the order of their ids.
_AFTER = """
SELECT {columns}, item.first_seen, item.gone_at, item.read_at, past.*,
  ARRAY(SELECT key FROM backlog_key AS named WHERE named.source = item.source AND named.id = item.id ORDER BY 1) AS keys
FROM (SELECT * FROM backlog_item WHERE source = :source AND id > :id ORDER BY id LIMIT :most) AS item
CROSS JOIN LATERAL (
  SELECT {arrays}
  FROM (
    SELECT * FROM backlog_event WHERE source = item.source AND item_id = item.id ORDER BY at, change_id, position
  ) AS event
) AS past
ORDER BY item.id
"""
_CHANGES = text("""
SELECT * FROM backlog_event WHERE source = :source AND item_id = ANY (:ids) ORDER BY item_id, at, change_id, position
""").bindparams(bindparam("ids", type_=ARRAY(Text)))

_EVENT = [column.name for column in backlog_event.c if column.name not in ("source", "item_id")]
_ARRAYS = ", ".join(f"array_agg(event.{name}) AS past_{name}" for name in _EVENT)
_ITEMS_AFTER = text(_AFTER.format(columns=COLUMNS, arrays=_ARRAYS))
_QUESTION = text(_HISTORIES.format(columns=COLUMNS, deepest=DEEPEST, arrays=_ARRAYS)).bindparams(
    bindparam("asked", type_=ARRAY(Text)), bindparam("parents", sorted(PARENT_FIELDS), type_=ARRAY(Text))
)


async def histories(connection: AsyncConnection, keys: Sequence[str]) -> tuple[History, ...]:
    """Those of the items of these keys and of all that were ever above them, by source and id."""
    rows = await connection.execute(_QUESTION, {"asked": keys})
    return tuple(replace(_history(row), lapses=_lapses(row)) for row in rows)


async def after(
    connection: AsyncConnection, source: SourceName, id_: str, most: int
) -> tuple[tuple[History, datetime | None], ...]:
    """So many items of a source with their histories, and since when each is gone, from the one after that id on."""
    rows = await connection.execute(_ITEMS_AFTER, {"source": source, "id": id_, "most": most})
    return tuple((_history(row), row.gone_at) for row in rows)


async def changes(
    connection: AsyncConnection, source: SourceName, ids: Sequence[str]
) -> Mapping[str, tuple[SeenEvent, ...]]:
    """All changes of these items, by id."""
    found: dict[str, list[SeenEvent]] = defaultdict(list)
    for row in await connection.execute(_CHANGES, {"source": source, "ids": ids}):
        told = {name: getattr(row, name) for name in _EVENT}
        seen_at = told.pop("seen_at")
        event = BacklogEvent(source=source, item_id=row.item_id, **told)
        found[row.item_id].append(SeenEvent(event, seen_at))
    return {item: tuple(events) for item, events in found.items()}


def _history(row: Row[Any]) -> History:
    told = row._mapping
    past = zip(*(told[f"past_{name}"] or () for name in _EVENT), strict=True)
    events = tuple(_seen(row, dict(zip(_EVENT, values, strict=True))) for values in past)
    return History(item_of(row), tuple(row.keys), row.first_seen, events, read_at=row.read_at)


def _lapses(row: Row[Any]) -> tuple[Lapse, ...]:
    told = zip(row.lapse_at or (), row.lapse_back_at or (), row.lapse_how or (), strict=True)
    return tuple(Lapse(at, back_at, Loss(how)) for at, back_at, how in told)


def _seen(row: Row[Any], told: dict[str, Any]) -> SeenEvent:
    seen_at = told.pop("seen_at")
    return SeenEvent(BacklogEvent(source=SourceName(row.source), item_id=row.id, **told), seen_at)
