"""Requests that were answered, kept with what they changed, so that one sent twice is done once."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.ports import Head, Request
from remit.storage.tables import change, model_request


async def keep(connection: AsyncConnection, request: Request, head: Head) -> bool:
    """Whether the key was new; what is kept under it never changes."""
    kept = insert(model_request).values(
        actor=request.actor,
        key=request.key,
        changes=request.changes,
        outcome=request.outcome,
        change=head.id or None,
    )
    return bool((await connection.execute(kept.on_conflict_do_nothing())).rowcount)


async def answered(connection: AsyncConnection, actor: str, key: str) -> tuple[Request, Head] | None:
    asked = (
        select(model_request, change.c.digest, change.c.recorded_at.label("changed_at"))
        .join(change, change.c.id == model_request.c.change, isouter=True)
        .where(model_request.c.actor == actor, model_request.c.key == key)
    )
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return None
    return Request(row.actor, row.key, row.changes, row.outcome), Head(
        row.change or 0, row.digest or "", row.changed_at
    )
