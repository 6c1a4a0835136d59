"""Reads the history of many nodes in one statement, a page of each, newest first."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import Integer, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.domain.facts import BODIES, Body, Fact, FactKind
from remit.domain.history import Edit, Excerpt, Node, Past, Side, entries
from remit.domain.intervals import Interval
from remit.storage.mirror import can_be_held
from remit.storage.tables import INSTANT

_DECODERS = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}
_NAMESPACES = {FactKind.PERSON: "owner", FactKind.TEAM: "owner"}


async def pasts(connection: AsyncConnection, asked: Collection[Excerpt]) -> Mapping[Excerpt, Past]:
    """The excerpts asked for; costs one statement however many they are, and reads no row about any other node."""
    excerpts = list(dict.fromkeys(asked))
    if not excerpts:
        return {}
    rows: dict[int, list[Row[Any]]] = {number: [] for number in range(len(excerpts))}
    for row in await connection.execute(PAGES, columns(excerpts)):
        rows[row.number].append(row)
    return {excerpt: _past(excerpt, rows[number]) for number, excerpt in enumerate(excerpts)}


def name_of(node: Node) -> str:
    """What the database's function `fact_names` calls a node."""
    return f"{_NAMESPACES.get(node.kind, node.kind.value)}:{node.key}"


def _past(excerpt: Excerpt, rows: list[Row[Any]]) -> Past:
    found = entries(_side(row) for row in rows if row.at is not None)
    return Past(rows[0].declared, rows[0].total, found[: excerpt.first], len(found) > excerpt.first)


def _side(row: Row[Any]) -> Side:
    body: Body = _DECODERS[FactKind(row.kind)].decode(row.body)
    fact = Fact(row.key, body, Interval(row.valid.lower, row.valid.upper))
    return Edit(row.at, row.actor, row.reason, row.is_first), fact, row.begins


def columns(excerpts: list[Excerpt]) -> dict[str, list[Any]]:
    places = [excerpt.after for excerpt in excerpts]
    return {
        "kind": [excerpt.node.kind.value for excerpt in excerpts],
        "key": [_storable(excerpt.node.key) for excerpt in excerpts],
        "name": [_storable(name_of(excerpt.node)) for excerpt in excerpts],
        "most": [excerpt.first + 1 for excerpt in excerpts],  # one more tells whether there are more
        "at": [place.at if place is not None else None for place in places],
        "after_kind": [place.kind if place is not None else None for place in places],
        "after_key": [_storable(place.key) if place is not None else None for place in places],
    }


def _storable(told: str) -> str:
    """What PostgreSQL cannot hold is the name of nothing, and nothing has an empty one."""
    return told if can_be_held(told) else ""


# `OFFSET 0` keeps a part to itself, so that it is looked up row by row; joined as a whole it would be read as a whole.
PAGES = text("""
SELECT asked.number - 1 AS number, page.total, page.at, page.kind, page.key,
  known.declared, change.actor, change.reason,
  version.valid, version.body::text AS body, version.opened_by = change.id AS begins,
  NOT EXISTS (SELECT FROM change AS earlier WHERE earlier.recorded_at < page.at) AS is_first
FROM unnest(:kind, :key, :name, :most, :at, :after_kind, :after_key) WITH ORDINALITY
  AS asked (kind, key, name, most, after_at, after_kind, after_key, number)
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS declared,
    CASE WHEN asked.kind = 'area' AND bool_or(own.body ->> 'parent' IS NULL)
      THEN ARRAY[asked.name, 'root:'] ELSE ARRAY[asked.name] END AS names
  FROM fact AS own WHERE own.kind = asked.kind AND own.key = asked.key
) AS known
CROSS JOIN LATERAL (
  WITH touched AS MATERIALIZED (
    SELECT DISTINCT told.kind, told.key, moment.at
    FROM (
      SELECT fact.kind, fact.key, fact.recorded FROM fact WHERE fact_names(fact.kind, fact.body) && known.names
      UNION ALL
      SELECT confirmed.* FROM fact AS held CROSS JOIN LATERAL (
        SELECT kind, key, recorded FROM fact_confirmation AS confirmed
        WHERE fact_names(confirmed.kind, confirmed.body) && ARRAY['assignment:' || held.key]
          AND NOT isempty(confirmed.valid * held.valid) AND NOT isempty(confirmed.recorded * held.recorded)
        OFFSET 0
      ) AS confirmed
      WHERE asked.kind IN ('area', 'responsibility')
        AND held.kind = 'assignment' AND fact_names(held.kind, held.body) && known.names
    ) AS told
    CROSS JOIN LATERAL (VALUES (lower(told.recorded)), (upper(told.recorded))) AS moment (at)
    WHERE moment.at IS NOT NULL
  ), page AS (
    SELECT touched.kind, touched.key, touched.at FROM touched
    WHERE asked.after_at IS NULL OR touched.at < asked.after_at
      OR touched.at = asked.after_at
        AND (touched.kind COLLATE "C", touched.key COLLATE "C") > (asked.after_kind, asked.after_key)
    ORDER BY touched.at DESC, touched.kind COLLATE "C", touched.key COLLATE "C" LIMIT asked.most
  )
  SELECT counted.total, page.kind, page.key, page.at
  FROM (SELECT count(*) AS total FROM touched) AS counted LEFT JOIN page ON true
) AS page
LEFT JOIN change ON change.recorded_at = page.at
LEFT JOIN LATERAL (
  SELECT valid, body, opened_by FROM fact WHERE fact.kind = page.kind AND fact.key = page.key
    AND (fact.opened_by = change.id OR fact.closed_by = change.id)
  OFFSET 0
) AS version ON true
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("kind", "key", "name", "after_kind", "after_key")),
    bindparam("most", type_=ARRAY(Integer)),
    bindparam("at", type_=ARRAY(INSTANT)),
)
