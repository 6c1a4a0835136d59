"""Writes rows of feedback inside a transaction somebody else opened: items, acts, losses, what places them."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.domain.evidence import RecordKind
from remit.domain.feedback import FeedbackItem, Offers
from remit.ports import Intake
from remit.ports.evidence import OUTDATED
from remit.storage import evidence_rows
from remit.storage.bulk import Merge
from remit.storage.tables import INSTANT, feedback_act, feedback_item

ITEMS = Merge(
    feedback_item,
    keeps=frozenset({"first_seen"}),
    when=lambda new: (
        (feedback_item.c.gone_at.is_(None) & (new.updated >= feedback_item.c.updated))
        | (feedback_item.c.gone_at <= bindparam("asked_at", type_=INSTANT))
        | (new.updated > feedback_item.c.gone_at)
    ),
)
ACTS = Merge(feedback_act, keeps=None)


async def take(connection: AsyncConnection, page: Intake) -> None:
    """A few statements, whatever the size of the page; an older version does not replace a newer one."""
    told = page.feedback
    if told.items:
        rests = {"source": page.source, "selectors": told.selectors, "outdated": OUTDATED}
        await connection.execute(_REST_ON, rests)
    await ITEMS.write(
        connection,
        [
            (*_row(pulled.item), pulled.raw, page.at, None, None, _read_at(pulled.item, page.at))
            for pulled in told.items
        ],
        asked_at=page.asked_at,
    )
    acts = {(act.item_id, act.id): act for act in told.acts}
    await ACTS.write(connection, [(a.source, a.item_id, a.id, a.at, a.kind.value, a.author) for a in acts.values()])
    if told.gone:
        lost = {"ids": [g.id for g in told.gone], "instants": [g.at for g in told.gone]}
        await connection.execute(_MARK_GONE, {"source": page.source, "how": [g.how.value for g in told.gone], **lost})
        await evidence_rows.lose(connection, page.source, told.gone, RecordKind.FEEDBACK)


def offers_text(offers: Offers) -> str:
    """As the column holds it."""
    return json.dumps(dict(offers), ensure_ascii=False)


def _row(item: FeedbackItem) -> tuple[Any, ...]:
    return (
        item.source,
        item.id,
        item.created,
        item.updated,
        item.state.value,
        item.triaged_at,
        item.answered_at,
        item.closed_at,
        item.segment,
        list(item.linked),
        offers_text(item.offers),
        item.excerpt,
    )


def _read_at(item: FeedbackItem, at: datetime) -> datetime | None:
    return at if item.is_dated_after(at) else None


_REST_ON = text("""
INSERT INTO feedback_basis AS rests (source, selectors) VALUES (:source, :selectors)
ON CONFLICT (source) DO UPDATE SET selectors = :outdated WHERE rests.selectors <> :selectors
""")
_MARK_GONE = text("""
WITH held AS MATERIALIZED (
  SELECT id FROM feedback_item WHERE source = :source AND id = ANY (CAST(:ids AS text[])) ORDER BY id FOR NO KEY UPDATE
)
UPDATE feedback_item AS item SET gone_at = coalesce(item.gone_at, lost.at), gone_how = lost.how
FROM held
JOIN unnest(CAST(:ids AS text[]), CAST(:instants AS timestamptz[]), CAST(:how AS text[])) AS lost (id, at, how)
  USING (id)
WHERE item.source = :source AND item.id = lost.id
  AND (item.gone_at IS NULL OR (lost.how = 'deleted' AND item.gone_how <> 'deleted'))
""")
