"""Reads courses straight into columns: a million of them are never rows or records at the same time.

Measured against rows of SQLAlchemy turned into courses and packed: a third of the time (2026-11).
"""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.domain.courses import CODES, NEVER, Courses, Moving, NamedCourses, micros
from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey, SourceName

AT_ONCE = 10_000
"""Rows fetched together."""


async def courses(connection: AsyncConnection, areas: Sequence[AreaKey]) -> Courses:
    """One statement, in a transaction of `connection`: a cursor lives in one."""
    packed = Courses(tuple(areas))
    places: dict[str, int] = {area: place for place, area in enumerate(areas)}
    async for rows in _pages(connection, _COURSES, list(areas)):
        _append(packed, places, rows)
    return packed


async def named(connection: AsyncConnection, areas: Sequence[AreaKey], kinds: Collection[RecordKind]) -> NamedCourses:
    """Likewise, of records of these kinds, with their names."""
    packed = Courses(tuple(areas))
    places: dict[str, int] = {area: place for place, area in enumerate(areas)}
    names: list[tuple[SourceName, str]] = []
    async for rows in _pages(connection, _NAMED, list(areas), sorted(kinds)):
        _append(packed, places, [row[2:] for row in rows])
        names += [(row[0], row[1]) for row in rows]
    return NamedCourses(packed, tuple(names))


async def moving(
    connection: AsyncConnection, within: Sequence[AreaKey], statement: str, *asked: Sequence[str | None]
) -> Moving:
    """Likewise, of what changes its area: rows have the area to come before the columns."""
    found = Moving(Courses(tuple(within)), Courses(tuple(within)))
    places: dict[str, int] = {area: place for place, area in enumerate(within)}
    async for rows in _pages(connection, statement, *asked):
        _append(found.leaving, places, [row[1:] for row in rows if row[1] in places])
        _append(found.coming, places, [(row[0], *row[2:]) for row in rows if row[0] in places])
    return found


async def _pages(
    connection: AsyncConnection, statement: str, *asked: Sequence[str | None]
) -> AsyncIterator[Sequence[Any]]:
    """Rows by the thousand, read by a cursor, which lives in a transaction."""
    await connection.execute(text("SET TRANSACTION READ ONLY"))  # it also begins the transaction
    session = (await connection.get_raw_connection()).driver_connection
    if session is None:
        raise TypeError("the connection has no asyncpg session behind it")
    cursor = await session.cursor(statement, *asked)
    while rows := await cursor.fetch(AT_ONCE):
        yield rows


def _append(packed: Courses, places: dict[str, int], rows: Sequence[Any]) -> None:
    if not rows:
        return
    area, is_feedback, created, updated, touched, gone, has_history, is_dated, step_at, step_phase = zip(
        *rows, strict=True
    )
    packed.area.extend(map(places.__getitem__, area))
    packed.is_feedback.extend(is_feedback)
    packed.created.extend(created)
    packed.updated.extend(updated)
    packed.touched.extend(touched)
    packed.gone.extend(gone)
    packed.has_history.extend(has_history)
    packed.is_dated.extend(is_dated)
    for instants in step_at:
        packed.step_at.extend(map(micros, instants))
        packed.ends.append(len(packed.step_at))
    for phases in step_phase:
        packed.step_phase.extend(map(_CODES.__getitem__, phases))


_CODES = {phase.value: code for phase, code in CODES.items()}


def _micros(column: str) -> str:
    """As `micros` has it; exact, which the double of `date_part` would not be for ever."""
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


COLUMNS = f"""area, kind = '{RecordKind.FEEDBACK.value}', {_micros("created")}, {_micros("updated")},
  coalesce({_micros("touched_at")}, {NEVER}), coalesce({_micros("gone_at")}, {NEVER}),
  has_history, is_dated, step_at, step_phase"""
"""What a course is made of, of rows of `evidence`."""
_COURSES = f"SELECT {COLUMNS} FROM evidence WHERE area = ANY ($1)"
_NAMED = f"""
SELECT source, id, {COLUMNS} FROM evidence WHERE area = ANY ($1) AND kind = ANY ($2)
ORDER BY source COLLATE "C", id COLLATE "C", kind
"""
