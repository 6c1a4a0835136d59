"""Writes into the mirror, inside a transaction somebody else opened: a page of records, references, the outcome."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from remit.domain.ids import SourceName
from remit.domain.records import Reference
from remit.ports import Intake
from remit.storage.tables import (
    area_watermark,
    backlog_event,
    backlog_item,
    backlog_key,
    parked,
    source_reference,
    source_state,
)


async def take(connection: AsyncConnection, page: Intake) -> None:
    """One statement per table, whatever the size of the page; nothing that is older overwrites what is there."""
    if page.items:
        await connection.execute(_UPSERT_ITEMS, _item_rows(page))
    keys = _key_rows(page)
    if keys:
        await connection.execute(_UPSERT_KEYS, keys)
    if page.events:
        await connection.execute(insert(backlog_event).on_conflict_do_nothing(), [asdict(e) for e in page.events])
    if page.seen:
        read = literal(sorted(page.seen), ARRAY(Text))
        await connection.execute(delete(parked).where(parked.c.source == page.source, parked.c.id == func.any(read)))
    if page.parked:
        rows = [asdict(record) | {"at": page.at} for record in page.parked]
        await connection.execute(_UPSERT_PARKED, rows)
    if page.touched:  # sorted, so that two sources' transactions cannot wait for each other in a ring
        marks = [{"area": area, "mark": rise} for area, rise in sorted(page.touched.items())]
        await connection.execute(_RAISE_MARKS, marks)
    state = insert(source_state).values(name=page.source, cursor=page.cursor, last_attempt_at=page.at)
    moved = {"cursor": state.excluded.cursor, "last_attempt_at": state.excluded.last_attempt_at}
    await connection.execute(state.on_conflict_do_update(index_elements=["name"], set_=moved))


async def refer(connection: AsyncConnection, source: SourceName, references: Sequence[Reference]) -> None:
    """Write what the source calls its projects, components, statuses and users; those not told again stay."""
    if references:
        await connection.execute(_UPSERT_REFERENCES, [asdict(r) | {"source": source} for r in references])


async def attempted(connection: AsyncConnection, source: SourceName, at: datetime, trouble: str | None) -> None:
    state = insert(source_state).values(name=source, last_attempt_at=at, trouble=trouble)
    told: dict[str, Any] = {"last_attempt_at": state.excluded.last_attempt_at}
    if trouble is not None:
        told["trouble"] = state.excluded.trouble
    await connection.execute(state.on_conflict_do_update(index_elements=["name"], set_=told))


async def succeeded(connection: AsyncConnection, source: SourceName, at: datetime, cursor: bytes | None) -> None:
    state = insert(source_state).values(
        name=source, cursor=cursor, last_attempt_at=at, last_success_at=at, trouble=None
    )
    told = {name: state.excluded[name] for name in ("cursor", "last_attempt_at", "last_success_at", "trouble")}
    await connection.execute(state.on_conflict_do_update(index_elements=["name"], set_=told))


def _item_rows(page: Intake) -> list[dict[str, Any]]:
    rows = []
    for pulled in page.items:
        item = pulled.item
        row = {name: getattr(item, name) for name in _ITEM_FIELDS}
        row |= {"category": item.category.value, "raw": pulled.raw, "first_seen": page.at, "gone_at": None}
        row |= {name: list(row[name]) for name in ("components", "labels", "team")}
        rows.append(row)
    return rows


def _key_rows(page: Intake) -> list[dict[str, str]]:
    """Present keys, and former ones as far as an item's history tells them (a move changes the key, never the id)."""
    former = [(event.from_text, event.item_id) for event in page.events if event.field == "Key" and event.from_text]
    present = [(pulled.item.key, pulled.item.id) for pulled in page.items]
    return [{"source": page.source, "key": key, "id": id_} for key, id_ in {**dict(former), **dict(present)}.items()]


_KEPT = ("source", "id", "first_seen")  # what an update of an item leaves alone
_ITEM_FIELDS = [c.name for c in backlog_item.c if c.name not in ("raw", "first_seen", "gone_at")]


def _upsert_items() -> Any:
    new = insert(backlog_item)
    told = {c.name: new.excluded[c.name] for c in backlog_item.c if c.name not in _KEPT}
    newer = (new.excluded.updated >= backlog_item.c.updated) | backlog_item.c.gone_at.is_not(None)
    return new.on_conflict_do_update(index_elements=["source", "id"], set_=told, where=newer)


def _upsert_keys() -> Any:
    new = insert(backlog_key)
    return new.on_conflict_do_update(index_elements=["source", "key"], set_={"id": new.excluded.id})


def _upsert_parked() -> Any:
    new = insert(parked)
    told = {name: new.excluded[name] for name in ("reason", "raw", "at")}
    return new.on_conflict_do_update(index_elements=["source", "id"], set_=told)


def _raise_marks() -> Any:
    new = insert(area_watermark)
    risen = {"mark": area_watermark.c.mark + new.excluded.mark}
    return new.on_conflict_do_update(index_elements=["area"], set_=risen)


def _upsert_references() -> Any:
    new = insert(source_reference)
    told = {name: new.excluded[name] for name in ("key", "name", "active", "raw")}
    return new.on_conflict_do_update(index_elements=["source", "kind", "id"], set_=told)


_UPSERT_ITEMS = _upsert_items()
_UPSERT_KEYS = _upsert_keys()
_UPSERT_PARKED = _upsert_parked()
_RAISE_MARKS = _raise_marks()
_UPSERT_REFERENCES = _upsert_references()
