"""Lets a golden story happen on a database: models applied and sources read, each recorded when the story says."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Gone, Loss
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from support.desks import JIRA, AClock, a_desk, a_page, an_issue
from support.golden import Book

Step = Mapping[str, Any]
LONG_AGO = datetime(2024, 2, 1, tzinfo=UTC)
FINAL = (("change", "change_is_final"), ("fact", "fact_only_closes"))
"""Triggers that let nobody write over what is recorded, as a story must: PostgreSQL stamps with the clock of today."""


async def happen(engine: AsyncEngine, book: Book) -> None:
    """Afterwards Jira counts as read just now, whatever is asked; other sources as read when the story says."""
    clock = AClock()
    desk = await a_desk(
        clock=clock, model=None, models=PostgresModels(engine), mirror=PostgresMirror(engine), synchronised=False
    )
    model = book.model
    for step in book.story:
        clock.now = step["at"]
        if "read" in step:
            await _read(desk, SourceName(step["read"]), step)
        else:
            model = edited(model, step.get("drops", ()), step.get("adds", {}))
            await apply(desk, model, actor="ana", reason="golden")
            await _recorded_at(engine, clock.now)
    await desk.mirror.succeeded(JIRA, datetime.now(UTC), b"a cursor")


def edited(model: str, drops: Sequence[Any], adds: Mapping[str, str]) -> str:
    """A model file without the rows that begin like those of `drops`, and with more rows in some sections."""
    for row in drops:
        start = "  - {" + ", ".join(f"{name}: {value}" for name, value in row.items())
        (line,) = (line for line in model.splitlines(keepends=True) if line.startswith(start))
        model = model.replace(line, "")
    for section, rows in adds.items():
        more = "".join(f"\n  - {row}" for row in rows.splitlines())
        model, count = re.subn(rf"^{section}:.*$", lambda head, more=more: head[0] + more, model, flags=re.MULTILINE)
        assert count == 1, section
    return model


async def _recorded_at(engine: AsyncEngine, at: datetime) -> None:
    """As if the newest change had been recorded then."""
    async with engine.begin() as connection:
        for table, trigger in FINAL:
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
        newest = {"change": (await connection.execute(text("SELECT max(id) FROM change"))).scalar_one(), "at": at}
        for statement in (
            "UPDATE change SET recorded_at = :at WHERE id = :change",
            "UPDATE fact SET recorded = tstzrange(lower(recorded), :at) WHERE closed_by = :change",
            "UPDATE fact SET recorded = tstzrange(:at, upper(recorded)) WHERE opened_by = :change",
        ):
            await connection.execute(text(statement), newest)
        for table, trigger in FINAL:
            await connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}"))


async def _read(desk: Desk, source: SourceName, step: Step) -> None:
    at = step["at"]
    items = [_item(source, told) for told in step.get("issues", ())]
    events = tuple(_event(source, n, told) for n, told in enumerate(step.get("changes", ())))
    gone = tuple(Gone(source, key, at, Loss(how)) for key, how in step.get("gone", {}).items())
    seen = frozenset(item.id for item in items) | {one.id for one in gone}
    page = a_page(*items, source=source, at=at, events=events, gone=gone, seen=seen)
    await desk.mirror.take(page)
    await desk.mirror.succeeded(source, at, b"a cursor")


def _item(source: SourceName, told: Step) -> BacklogItem:
    """An issue that kept its key has that for its id; one that `was` another keeps the first."""
    lists = {name: tuple(told.get(name, ())) for name in ("components", "labels")}
    created = told.get("created", LONG_AGO)
    return an_issue(
        told["key"],
        source=source,
        id=told.get("was", told["key"]),
        type=told["type"],
        created=created,
        updated=told.get("updated", created),
        parent=told.get("parent"),
        **lists,
    )


def _event(source: SourceName, number: int, told: Step) -> BacklogEvent:
    return BacklogEvent(
        source,
        told["issue"],
        f"{told['at']:%s}",
        number,
        told["at"],
        told["field"],
        from_text=told.get("from"),
        to_text=told.get("to"),
    )
