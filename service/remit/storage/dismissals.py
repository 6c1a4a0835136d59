"""Which moves are not to be proposed, in PostgreSQL."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.advice import Dismissal
from remit.ports import Head, Request
from remit.storage import requests
from remit.storage.engine import reading, writing
from remit.storage.tables import advice_dismissal

NO_CHANGE = Head(0, "", None)
"""A dismissal changes nothing in the model."""


class PostgresDismissals:
    """A `Dismissals` in PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def current(self, now: datetime) -> tuple[Dismissal, ...]:
        table = advice_dismissal.c
        holding = (
            select(table.move, table.until, table.reason, table.actor).where(table.until > now).order_by(table.move)
        )
        async with reading(self._engine) as connection:
            return tuple(Dismissal(*row) for row in await connection.execute(holding))

    async def dismiss(self, dismissal: Dismissal, request: Request | None = None) -> bool:
        told = {"until": dismissal.until, "reason": dismissal.reason, "actor": dismissal.actor}
        keeping = insert(advice_dismissal).values(move=dismissal.move, **told)
        async with writing(self._engine) as connection:
            if request is not None and not await requests.keep(connection, request, NO_CHANGE):
                return False
            await connection.execute(keeping.on_conflict_do_update(index_elements=["move"], set_=told))
        return True

    async def restore(self, move: str) -> bool:
        async with writing(self._engine) as connection:
            gone = await connection.execute(delete(advice_dismissal).where(advice_dismissal.c.move == move))
        return bool(gone.rowcount)
