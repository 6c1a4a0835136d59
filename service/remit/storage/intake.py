"""Writes into the mirror, inside a transaction somebody else opened: a page of records, references, the outcome."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import any_, bindparam, delete, func, literal, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from remit.domain.ids import SourceName
from remit.domain.records import Reference, former_key
from remit.ports import SUCCESSES_KEPT_FOR, Intake
from remit.storage import evidence_rows, feedback_rows
from remit.storage.bulk import Merge
from remit.storage.tables import (
    INSTANT,
    area_watermark,
    backlog_event,
    backlog_item,
    backlog_key,
    parked,
    source_reference,
    source_state,
    source_success,
)


async def take(connection: AsyncConnection, page: Intake) -> None:
    """A few statements per table, whatever the size of the page; nothing that is older overwrites what is there."""
    await evidence_rows.amid_others(connection)
    await evidence_rows.rest_on(connection, page.source, page.basis)
    if page.asked_at is not None and page.items:
        back = {"source": page.source, "ids": [pulled.item.id for pulled in page.items], "asked_at": page.asked_at}
        await connection.execute(_KEEP_LAPSES, back)
    await ITEMS.write(connection, _item_rows(page), asked_at=page.asked_at)
    await KEYS.write(connection, _key_rows(page))
    await EVENTS.write(connection, _event_rows(page))
    await feedback_rows.take(connection, page)
    await evidence_rows.write(connection, page.courses)
    if page.gone:
        told = {"ids": [g.id for g in page.gone], "instants": [g.at for g in page.gone]}
        lost = {"source": page.source, "how": [g.how.value for g in page.gone], **told}
        await connection.execute(_MARK_GONE, lost)
        await evidence_rows.lose(connection, page.source, page.gone)
    if page.seen:
        read = literal(sorted(page.seen), ARRAY(Text))
        whole = func.split_part(parked.c.id, "/", 1)  # a part of a record, such as `10001/changelog/7`, goes with it
        await connection.execute(delete(parked).where(parked.c.source == page.source, whole == any_(read)))
    if page.parked:
        newest = {record.id: asdict(record) | {"at": page.at} for record in page.parked}
        await connection.execute(_UPSERT_PARKED, [newest[id_] for id_ in sorted(newest)])
    if page.touched:  # sorted, so that two sources' transactions cannot wait for each other in a ring
        marks = [{"area": area, "mark": rise} for area, rise in sorted(page.touched.items())]
        await connection.execute(_RAISE_MARKS, marks)
    place = {"cursor": page.cursor} if page.cursor is not None else {}
    await _tell(connection, page.source, last_attempt_at=page.at, **place)


async def refer(connection: AsyncConnection, source: SourceName, references: Sequence[Reference]) -> None:
    """Write what the source calls its projects, components, statuses and users; those not told again stay."""
    newest = {(r.kind, r.id): _reference_row(source, r) for r in references}
    await REFERENCES.write(connection, list(newest.values()))


async def attempted(
    connection: AsyncConnection,
    source: SourceName,
    at: datetime,
    trouble: str | None,
    failures: int,
    retry_at: datetime | None,
) -> None:
    told = {"trouble": trouble, "failures": failures, "retry_at": retry_at} if trouble is not None else {}
    await _tell(connection, source, last_attempt_at=at, **told)


async def succeeded(
    connection: AsyncConnection, source: SourceName, at: datetime, cursor: bytes | None, trouble: str | None
) -> None:
    done = {"last_attempt_at": at, "last_success_at": at, "failures": 0, "retry_at": None}
    await _tell(connection, source, cursor=cursor, trouble=trouble, **done)
    noted = insert(source_success).values(source=source, at=at)
    await connection.execute(noted.on_conflict_do_nothing())
    await connection.execute(_THIN_OUT, {"source": source, "before": at - SUCCESSES_KEPT_FOR})


async def forget_parked(connection: AsyncConnection, source: SourceName, before: datetime) -> None:
    """Records parked before then and not since."""
    await connection.execute(delete(parked).where(parked.c.source == source, parked.c.at < before))


async def _tell(connection: AsyncConnection, source: SourceName, **told: object) -> None:
    """Write these columns of a source's state; the others stay as they are."""
    state = insert(source_state).values(name=source, **told)
    there = {name: state.excluded[name] for name in told}
    await connection.execute(state.on_conflict_do_update(index_elements=["name"], set_=there))


ITEMS = Merge(
    backlog_item,
    keeps=frozenset({"first_seen"}),
    when=lambda new: (
        (backlog_item.c.gone_at.is_(None) & (new.updated >= backlog_item.c.updated))
        | (backlog_item.c.gone_at <= bindparam("asked_at", type_=INSTANT))
    ),
)
KEYS = Merge(backlog_key)
EVENTS = Merge(backlog_event, keeps=None)
REFERENCES = Merge(source_reference)

_OURS = frozenset({"raw", "first_seen", "gone_at", "gone_how", "read_at"})
_item = attrgetter(*(c.name for c in backlog_item.c if c.name not in _OURS))
_event = attrgetter(*(c.name for c in backlog_event.c if c.name != "seen_at"))


def _item_rows(page: Intake) -> list[tuple[Any, ...]]:
    at = page.at
    rows = ((pulled.item, pulled.raw) for pulled in page.items)
    return [(*_item(item), raw, at, None, None, at if item.is_dated_after(at) else None) for item, raw in rows]


def _event_rows(page: Intake) -> list[tuple[Any, ...]]:
    newest = {(e.source, e.item_id, e.change_id, e.position): _event(e) for e in page.events}
    return [(*event, page.at) for event in newest.values()]  # one that is there keeps when it was first read


def _key_rows(page: Intake) -> list[tuple[str, str, str]]:
    """Present keys, and former ones as far as an item's history tells them (a move changes the key, never the id)."""
    former = [(key, event.item_id) for event in page.events if (key := former_key(event)) is not None]
    present = [(pulled.item.key, pulled.item.id) for pulled in page.items]
    return [(page.source, key, id_) for key, id_ in {**dict(former), **dict(present)}.items()]


def _reference_row(source: SourceName, told: Reference) -> tuple[Any, ...]:
    category = told.category.value if told.category is not None else None
    return source, told.kind, told.id, told.key, told.name, told.active, told.raw, told.email, category


def _upsert_parked() -> Any:
    new = insert(parked)
    told = {name: new.excluded[name] for name in ("reason", "raw", "at")}
    return new.on_conflict_do_update(index_elements=["source", "id"], set_=told)


def _raise_marks() -> Any:
    new = insert(area_watermark)
    risen = {"mark": area_watermark.c.mark + new.excluded.mark}
    return new.on_conflict_do_update(index_elements=["area"], set_=risen)


_UPSERT_PARKED = _upsert_parked()
# Of the days before, the last success of each is kept: an age of then is never told shorter than it was.
_THIN_OUT = text("""
DELETE FROM source_success AS early
WHERE early.source = :source AND early.at < :before AND EXISTS (
  SELECT FROM source_success AS late
  WHERE late.source = early.source AND late.at > early.at AND late.at < :before
    AND late.at < date_trunc('day', early.at, 'UTC') + interval '1 day'
)
""").bindparams(bindparam("before", type_=INSTANT))
# Before what is there again is written over, by the rule of ITEMS: what was believed of then can still be told.
_KEEP_LAPSES = text("""
INSERT INTO backlog_lapse (source, id, at, back_at, how)
SELECT source, id, gone_at, :asked_at, gone_how FROM backlog_item
WHERE source = :source AND id = ANY (CAST(:ids AS text[])) AND gone_at < :asked_at
ORDER BY id
ON CONFLICT DO NOTHING
""").bindparams(bindparam("asked_at", type_=INSTANT))
_MARK_GONE = text("""
WITH held AS MATERIALIZED (
  SELECT id FROM backlog_item WHERE source = :source AND id = ANY (CAST(:ids AS text[])) ORDER BY id FOR NO KEY UPDATE
)
UPDATE backlog_item AS item SET gone_at = coalesce(item.gone_at, lost.at), gone_how = lost.how
FROM held
JOIN unnest(CAST(:ids AS text[]), CAST(:instants AS timestamptz[]), CAST(:how AS text[])) AS lost (id, at, how)
  USING (id)
WHERE item.source = :source AND item.id = lost.id
  AND (item.gone_at IS NULL OR (lost.how = 'deleted' AND item.gone_how <> 'deleted'))
""")
_RAISE_MARKS = _raise_marks()
