"""Writes rows of evidence inside a transaction somebody else opened: courses, losses, and what they rest on."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.domain.evidence import Course, RecordKind
from remit.domain.ids import SourceName
from remit.domain.records import Gone
from remit.ports import Basis
from remit.ports.evidence import NO_BASIS, OUTDATED
from remit.storage.bulk import Merge
from remit.storage.tables import evidence

COURSES = Merge(evidence, when=lambda new: (evidence.c.gone_at.is_not(None)) | (new.updated >= evidence.c.updated))
ELSEWHERE = Merge(evidence, keeps=frozenset({"area"}))
"""Courses computed anew, which stay where they are."""


async def amid_others(connection: AsyncConnection) -> None:
    """The first statement of a page: whoever waits here, for courses being put into areas anew, holds nothing yet that
    those could wait for in turn. Pages do not wait for each other here.
    """
    await connection.execute(text("LOCK TABLE evidence IN ROW EXCLUSIVE MODE"))


async def alone(connection: AsyncConnection) -> None:
    """The first statement of putting courses into areas anew: pages that are being taken in are waited for, and further
    ones wait. Rows locked one by one, in another order than a page locks them, could end in a ring.
    """
    await connection.execute(text("LOCK TABLE evidence IN SHARE ROW EXCLUSIVE MODE"))


async def write(connection: AsyncConnection, courses: Iterable[Course], how: Merge = COURSES) -> None:
    """A few statements, whatever the number; an older version of a record does not replace a newer one."""
    await how.write(connection, [_row(course) for course in courses])


async def lose(
    connection: AsyncConnection, source: SourceName, gone: Sequence[Gone], kind: RecordKind = RecordKind.BACKLOG
) -> None:
    """Note since when records are gone; what is gone already stays gone since it was."""
    told = {"ids": [one.id for one in gone], "instants": [one.at for one in gone]}
    await connection.execute(_LOSE, {"source": source, "kind": kind.value, **told})


async def rest_on(connection: AsyncConnection, source: SourceName, basis: Basis) -> None:
    """Before the first items of a source are written: note what their courses rest on.

    Where there are courses that rest on something else, they are to be computed or placed anew.
    """
    if basis != NO_BASIS:
        told = {"source": source, "statuses": basis.statuses, "selectors": basis.selectors, "outdated": OUTDATED}
        await connection.execute(_REST_ON, told)


def _row(course: Course) -> tuple[Any, ...]:
    return (
        course.source,
        course.kind.value,
        course.id,
        course.area,
        course.created,
        course.updated,
        [at for at, _ in course.steps],
        [phase.value for _, phase in course.steps],
        course.touched_at,
        course.gone_at,
        course.has_history,
        course.is_dated,
    )


_LOSE = text("""
WITH held AS MATERIALIZED (
  SELECT source, kind, id FROM evidence WHERE source = :source AND kind = :kind AND id = ANY (CAST(:ids AS text[]))
  ORDER BY source, kind, id FOR NO KEY UPDATE
)
UPDATE evidence AS course SET gone_at = lost.at
FROM held JOIN unnest(CAST(:ids AS text[]), CAST(:instants AS timestamptz[])) AS lost (id, at) USING (id)
WHERE course.source = held.source AND course.kind = held.kind AND course.id = held.id AND course.gone_at IS NULL
""")
# A source whose items were mirrored before there was evidence gets an empty basis, which is different from any.
_REST_ON = text("""
INSERT INTO evidence_basis AS rests (source, statuses, selectors)
SELECT :source, CASE WHEN late THEN '' ELSE :statuses END, CASE WHEN late THEN '' ELSE :selectors END
FROM (SELECT EXISTS (SELECT FROM backlog_item WHERE source = :source) AS late) AS found
ON CONFLICT (source) DO UPDATE SET
  statuses = CASE WHEN rests.statuses IN ('', :statuses) THEN rests.statuses ELSE :outdated END,
  selectors = CASE WHEN rests.selectors IN ('', :selectors) THEN rests.selectors ELSE :outdated END
WHERE (rests.statuses, rests.selectors) <> (:statuses, :selectors)
""")
