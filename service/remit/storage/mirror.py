"""Reads the mirror of the sources: items by key or id with ancestors and history, watermarks, the sources' state."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, TextClause, any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import DEEPEST, History, Loss, Reference
from remit.domain.tallies import Account, Tally, Vocabulary
from remit.ports import Counts, Intake, Mirrored, SourceState
from remit.storage import histories, intake, tallies
from remit.storage.engine import reading, writing, written
from remit.storage.feedback import PostgresFeedback
from remit.storage.items import COLUMNS, IS_REQUEST, item_of
from remit.storage.tables import INSTANT, area_watermark, source_state


class PostgresMirror:
    """A `MirrorStore` in PostgreSQL. The number of statements never grows with how many records are asked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.feedback = PostgresFeedback(engine)

    async def by_keys(self, keys: Collection[str]) -> Mapping[str, Mirrored]:
        return await self._mirrored(_BY_KEYS, {"asked": _held(keys)})

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, Mirrored]:
        return await self._mirrored(_BY_IDS, {"asked": _held(ids), "source": source})

    async def histories(self, keys: Collection[str]) -> tuple[History, ...]:
        async with reading(self.engine) as connection:
            return await histories.histories(connection, _held(keys))

    async def _mirrored(self, question: TextClause, asked: Mapping[str, Any]) -> Mapping[str, Mirrored]:
        async with reading(self.engine) as connection:
            rows = (await connection.execute(question, asked)).all()
        mirrored: dict[str, Mirrored] = {}
        for row in rows:  # sorted by source: where two sources have the same key, the first by name answers
            mirrored.setdefault(row.asked, _mirrored(row))
        return mirrored

    async def present(self, source: SourceName) -> frozenset[str]:
        async with reading(self.engine) as connection:
            return frozenset((await connection.execute(_PRESENT, {"source": source})).scalars())

    async def watermarks(self, areas: Collection[AreaKey]) -> Mapping[AreaKey, int]:
        async with reading(self.engine) as connection:
            rows = await connection.execute(_WATERMARKS, {"asked": _held(areas)})
            return {AreaKey(row.area): row.mark for row in rows}

    async def risen(self, sums: Sequence[int]) -> Mapping[int, Mapping[AreaKey, int]]:
        found: dict[int, dict[AreaKey, int]] = {}
        async with reading(self.engine) as connection:
            for row in await connection.execute(_RISEN, {"sums": list(sums), "bundles": len(sums)}):
                bundle = found.setdefault(row.bundle, {})
                if row.area is not None:
                    bundle[AreaKey(row.area)] = row.mark
        return found

    async def take(self, page: Intake) -> None:
        await written(self.engine, lambda connection: intake.take(connection, page))

    async def refer(self, source: SourceName, references: Sequence[Reference]) -> None:
        await written(self.engine, lambda connection: intake.refer(connection, source, references))

    async def sources(self, known_at: datetime | None = None) -> tuple[SourceState, ...]:
        if known_at is not None:
            return await self._sources_then(known_at)
        async with reading(self.engine) as connection:
            rows = await connection.execute(_SOURCES)
            return tuple(SourceState(**row) for row in rows.mappings())

    async def _sources_then(self, known_at: datetime) -> tuple[SourceState, ...]:
        async with reading(self.engine) as connection:
            rows = await connection.execute(_SOURCES_THEN, {"known_at": known_at})
            return tuple(SourceState(SourceName(row.name), last_success_at=row.at) for row in rows)

    async def counts(self) -> Mapping[SourceName, Counts]:
        async with reading(self.engine) as connection:
            rows = await connection.execute(_COUNTS)
            return {SourceName(row.source): Counts(row.records, row.parked, row.aside, row.waiting) for row in rows}

    async def tallies(self, epics: Collection[str]) -> tuple[Tally, ...]:
        async with reading(self.engine) as connection:
            return await tallies.tallies(connection, _held(epics))

    async def accounts(self) -> tuple[Account, ...]:
        async with reading(self.engine) as connection:
            return await tallies.accounts(connection)

    async def emails(self, accounts: Collection[tuple[SourceName, str]]) -> Mapping[tuple[SourceName, str], str]:
        asked = [account for account in accounts if all(map(can_be_held, account))]
        async with reading(self.engine) as connection:
            rows = await connection.execute(
                _EMAILS, {"sources": [source for source, _ in asked], "ids": [id_ for _, id_ in asked]}
            )
            return {(SourceName(row.source), row.id): row.email for row in rows}

    async def addressed(self, emails: Collection[str]) -> Mapping[tuple[SourceName, str], str]:
        async with reading(self.engine) as connection:
            rows = await connection.execute(_ADDRESSED, {"emails": [email.lower() for email in _held(emails)]})
            return {(SourceName(row.source), row.id): row.email for row in rows}

    async def vocabulary(self, epics: Collection[str]) -> Vocabulary:
        async with reading(self.engine) as connection:
            return await tallies.vocabulary(connection, _held(epics))

    async def attempted(
        self,
        source: SourceName,
        at: datetime,
        trouble: str | None,
        *,
        failures: int = 1,
        retry_at: datetime | None = None,
    ) -> None:
        async with writing(self.engine) as connection:
            await intake.attempted(connection, source, at, trouble, failures, retry_at)

    async def succeeded(
        self, source: SourceName, at: datetime, cursor: bytes | None, trouble: str | None = None
    ) -> None:
        async with writing(self.engine) as connection:
            await intake.succeeded(connection, source, at, cursor, trouble)

    async def forget_parked(self, source: SourceName, before: datetime) -> None:
        async with writing(self.engine) as connection:
            await intake.forget_parked(connection, source, before)


# Written out and made once: put together anew for each question they would cost more than PostgreSQL takes to answer.
#
# An item's ancestors come nearest first; a loop ends before its first repeat. A child may name its parent by a former
# key: the parent was moved, and the child has not changed since. A selector may do so as well. Any key leads to the
# parent, and all its keys are told (R35): the one the child names, the present one, the others.
_WITH_LINEAGE = """
WITH RECURSIVE found AS ({found}),
climb AS (
  SELECT found.asked, found.source, item.parent AS told, '{{}}'::text[] AS above, ARRAY[item.id] AS climbed
  FROM found JOIN backlog_item AS item USING (source, id)
  UNION ALL
  SELECT climb.asked, climb.source, upper.parent,
    climb.above || climb.told || ARRAY(
      SELECT other.key FROM backlog_key AS other
      WHERE other.source = upper.source AND other.id = upper.id AND other.key <> climb.told
      ORDER BY other.key <> upper.key, other.key
    ),
    climb.climbed || coalesce(upper.id, '')
  FROM climb
  LEFT JOIN backlog_key AS named ON named.source = climb.source AND named.key = climb.told
  LEFT JOIN backlog_item AS upper ON upper.source = named.source AND upper.id = named.id
  WHERE climb.told IS NOT NULL
    AND (upper.id IS NULL OR upper.id <> ALL (climb.climbed))
    AND cardinality(climb.climbed) <= {deepest}
),
longest AS (
  SELECT DISTINCT ON (asked, source) asked, source, above FROM climb ORDER BY asked, source, cardinality(climbed) DESC
)
SELECT found.asked, longest.above, item.first_seen, item.gone_at, item.gone_how, item.read_at, {columns},
  ARRAY(
    SELECT other.key FROM backlog_key AS other
    WHERE other.source = item.source AND other.id = item.id AND other.key <> item.key ORDER BY 1
  ) AS former,
  EXISTS (SELECT FROM feedback_item AS said WHERE {request}) AS is_request
FROM found
JOIN backlog_item AS item USING (source, id)
JOIN longest ON longest.asked = found.asked AND longest.source = found.source
ORDER BY found.source
"""


def _with_lineage(found: str) -> TextClause:
    asked = bindparam("asked", type_=ARRAY(Text))
    return text(_WITH_LINEAGE.format(found=found, columns=COLUMNS, request=IS_REQUEST, deepest=DEEPEST)).bindparams(
        asked
    )


_BY_KEYS = _with_lineage("SELECT key AS asked, source, id FROM backlog_key WHERE key = ANY (:asked)")
_BY_IDS = _with_lineage("SELECT id AS asked, source, id FROM backlog_item WHERE source = :source AND id = ANY (:asked)")
_EMAILS = text("""
SELECT source, id, email FROM source_reference
JOIN unnest(CAST(:sources AS text[]), CAST(:ids AS text[])) AS asked (source, id) USING (source, id)
WHERE kind = 'user' AND email IS NOT NULL
""")
_ADDRESSED = text("""
SELECT source, id, email FROM source_reference WHERE kind = 'user' AND lower(email) = ANY (:emails)
""").bindparams(bindparam("emails", type_=ARRAY(Text)))
_PRESENT = text("""
SELECT id FROM backlog_item WHERE source = :source AND gone_at IS NULL
UNION ALL
SELECT id FROM feedback_item WHERE source = :source AND gone_at IS NULL
""")
_COUNTS = text("""
SELECT source, sum(records)::int AS records, sum(parked)::int AS parked, sum(aside)::int AS aside,
  sum(waiting)::int AS waiting
FROM (
  SELECT source, count(*) AS records, 0 AS parked, 0 AS aside, 0 AS waiting
  FROM backlog_item WHERE gone_at IS NULL GROUP BY source
  UNION ALL
  SELECT source, count(*), 0, 0, 0 FROM feedback_item WHERE gone_at IS NULL GROUP BY source
  UNION ALL
  SELECT source, 0, count(*), 0, 0 FROM parked GROUP BY source
  UNION ALL
  SELECT source, 0, 0, count(*) FILTER (WHERE due_at IS NULL), count(due_at)
  FROM inbox WHERE done_at IS NULL GROUP BY source
) AS counted
GROUP BY source
""")
_SOURCES = select(source_state).order_by(source_state.c.name)
_SOURCES_THEN = text("""
SELECT name, (SELECT max(at) FROM source_success WHERE source = name AND at <= :known_at) AS at
FROM source_state ORDER BY name
""").bindparams(bindparam("known_at", type_=INSTANT))
_WATERMARKS = select(area_watermark).where(area_watermark.c.area == any_(bindparam("asked", type_=ARRAY(Text))))
# One look at one moment: what is committed later, whatever its number, makes a sum another at the next look.
_RISEN = text("""
WITH bundled AS MATERIALIZED (
  SELECT (hashtext(area) & 2147483647) % CAST(:bundles AS int) AS bundle, area, mark FROM area_watermark
), now AS (
  SELECT bundle, sum(mark) AS mark FROM bundled GROUP BY bundle
), changed AS (
  SELECT told.place::int - 1 AS bundle
  FROM unnest(CAST(:sums AS bigint[])) WITH ORDINALITY AS told (mark, place)
  LEFT JOIN now ON now.bundle = told.place - 1
  WHERE told.mark <> coalesce(now.mark, 0)
)
SELECT bundle, area, mark FROM changed LEFT JOIN bundled USING (bundle)
""")


def _mirrored(row: Row[Any]) -> Mirrored:
    how = Loss(row.gone_how) if row.gone_how is not None else None
    above, former = tuple(row.above), tuple(row.former)
    return Mirrored(item_of(row), above, row.first_seen, row.gone_at, how, former, row.is_request, row.read_at)


def _held(values: Collection[str]) -> list[str]:
    """Those values that PostgreSQL can hold at all; nothing is kept under any other."""
    return sorted(value for value in values if can_be_held(value))


def can_be_held(told: str) -> bool:
    return "\0" not in told and not any("\ud800" <= character <= "\udfff" for character in told)
