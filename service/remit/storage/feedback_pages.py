"""Reads pages of feedback, the newest first: many lists at once."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Boolean, Integer, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from remit.domain.feedback import FeedbackItem, FeedbackState, Offers
from remit.domain.feedback_lists import NO_ITEMS, FeedbackExcerpt, FeedbackPage
from remit.domain.ids import SourceName
from remit.storage.tables import INSTANT


async def pages(
    connection: AsyncConnection, asked: Collection[FeedbackExcerpt]
) -> Mapping[FeedbackExcerpt, FeedbackPage]:
    """The excerpts asked for. One statement for those of areas, and one for those from everywhere."""
    everywhere = [one for one in dict.fromkeys(asked) if one.areas is None]
    somewhere = [one for one in dict.fromkeys(asked) if one.areas is not None]
    found: dict[FeedbackExcerpt, FeedbackPage] = dict.fromkeys(asked, NO_ITEMS)
    if everywhere:
        found |= _read(everywhere, (await connection.execute(_EVERYWHERE, _columns(everywhere))).all())
    if somewhere:
        told = {"areas": [area for one in somewhere for area in one.areas or ()]}
        found |= _read(somewhere, (await connection.execute(_SOMEWHERE, _columns(somewhere) | told)).all())
    return found


def item_of(row: Row[Any]) -> FeedbackItem:
    """From a row that has all columns of the table."""
    return FeedbackItem(
        source=SourceName(row.source),
        id=row.id,
        created=row.created,
        updated=row.updated,
        state=FeedbackState(row.state),
        triaged_at=row.triaged_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        segment=row.segment,
        linked=tuple(row.linked),
        offers=offers_of(row.offers),
        excerpt=row.excerpt,
    )


def offers_of(told: Mapping[str, list[str]]) -> Offers:
    return tuple(sorted((field, tuple(values)) for field, values in told.items()))


def _read(asked: Sequence[FeedbackExcerpt], rows: Sequence[Row[Any]]) -> Mapping[FeedbackExcerpt, FeedbackPage]:
    by_number: dict[int, list[Row[Any]]] = {number: [] for number in range(1, len(asked) + 1)}
    for row in rows:
        by_number[row.number].append(row)
    return {one: _page(one, by_number[number]) for number, one in enumerate(asked, 1)}


def _page(asked: FeedbackExcerpt, rows: Sequence[Row[Any]]) -> FeedbackPage:
    """There is a row for each list, also where it has no items."""
    items = [item_of(row) for row in rows if row.id is not None]
    return FeedbackPage(tuple(items[: asked.first]), rows[0].total, len(items) > asked.first)


def _columns(asked: Sequence[FeedbackExcerpt]) -> dict[str, list[Any]]:
    """`begins` and `ends` tell where the areas of each stand among those of all: each list looks at its own alone."""
    places = [one.after for one in asked]
    ends = list(accumulate(len(one.areas or ()) for one in asked))
    return {
        "begins": [end - len(one.areas or ()) + 1 for one, end in zip(asked, ends, strict=True)],
        "ends": ends,
        "of": [one.source for one in asked],
        "state": [one.state.value if one.state is not None else None for one in asked],
        "since": [one.created_after for one in asked],
        "until": [one.created_before for one in asked],
        "unplaced": [one.unplaced for one in asked],
        "most": [one.first + 1 for one in asked],  # one more tells whether there are more
        "at": [place.created if place is not None else None for place in places],
        "after_source": [place.source if place is not None else None for place in places],
        "after_id": [place.id if place is not None else None for place in places],
    }


def _pages(joined: str, where: str) -> Any:
    """`joined` leads to the items that are looked at, `where` leaves some of them out."""
    return text(f"""
SELECT asked.number, counted.total, item.source, item.id, item.created, item.updated, item.state, item.triaged_at,
  item.answered_at, item.closed_at, item.segment, item.linked, item.offers, item.excerpt
FROM unnest(:of, :state, :since, :until, :unplaced, :most, :at, :after_source, :after_id, :begins, :ends)
  WITH ORDINALITY AS asked (of, state, since, until, unplaced, most, at, after_source, after_id, begins, ends, number)
CROSS JOIN LATERAL (
  WITH found AS MATERIALIZED (
    SELECT item.source, item.id, item.created FROM {joined}
    WHERE item.gone_at IS NULL AND {where}
      AND (asked.of IS NULL OR item.source = asked.of) AND (asked.state IS NULL OR item.state = asked.state)
      AND (asked.since IS NULL OR item.created >= asked.since)
      AND (asked.until IS NULL OR item.created < asked.until)
  ), page AS (
    SELECT found.* FROM found
    WHERE asked.at IS NULL OR found.created < asked.at OR found.created = asked.at
      AND (found.source COLLATE "C", found.id COLLATE "C") > (asked.after_source, asked.after_id)
    ORDER BY found.created DESC, found.source COLLATE "C", found.id COLLATE "C" LIMIT asked.most
  )
  SELECT count.total, page.source, page.id
  FROM (SELECT count(*)::int AS total FROM found) AS count LEFT JOIN page ON true
) AS counted
LEFT JOIN feedback_item AS item ON item.source = counted.source AND item.id = counted.id
ORDER BY asked.number, item.created DESC, item.source COLLATE "C", item.id COLLATE "C"
""")


_ASKED = (
    *(bindparam(name, type_=ARRAY(Text)) for name in ("of", "state", "after_source", "after_id")),
    *(bindparam(name, type_=ARRAY(INSTANT)) for name in ("since", "until", "at")),
    bindparam("unplaced", type_=ARRAY(Boolean)),
    *(bindparam(name, type_=ARRAY(Integer)) for name in ("most", "begins", "ends")),
)
_EVERYWHERE = _pages(
    "feedback_item AS item",
    """(NOT asked.unplaced OR EXISTS (
      SELECT FROM evidence AS course WHERE course.source = item.source AND course.kind = 'feedback'
        AND course.id = item.id AND course.area IS NULL))""",
).bindparams(*_ASKED)
_SOMEWHERE = _pages(
    """unnest((CAST(:areas AS text[]))[asked.begins:asked.ends]) AS within (area)
    JOIN evidence AS course ON course.area = within.area AND course.kind = 'feedback'
    JOIN feedback_item AS item ON item.source = course.source AND item.id = course.id""",
    "NOT asked.unplaced",
).bindparams(*_ASKED, bindparam("areas", type_=ARRAY(Text)))
