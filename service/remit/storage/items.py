"""Rows of the mirrored items, as the records they hold."""

from typing import Any

from sqlalchemy import Row

from remit.domain.ids import SourceName
from remit.domain.records import BacklogItem, StatusCategory
from remit.storage.tables import backlog_item

COLUMNS = ", ".join(f"item.{column.name}" for column in backlog_item.c if column.name in BacklogItem.__slots__)
"""What `item_of` needs of `backlog_item AS item`."""
IS_REQUEST = """
said.source = item.source AND said.id = item.id AND (said.gone_at IS NULL OR said.gone_at = item.gone_at)
"""
"""Joins `feedback_item AS said` to the items that are requests: what went otherwise than its item is none any more."""


def item_of(row: Row[Any]) -> BacklogItem:
    return BacklogItem(
        source=SourceName(row.source),
        id=row.id,
        key=row.key,
        project=row.project,
        type=row.type,
        summary=row.summary,
        status=row.status,
        category=StatusCategory(row.category),
        created=row.created,
        updated=row.updated,
        resolved=row.resolved,
        priority=row.priority,
        assignee=row.assignee,
        reporter=row.reporter,
        components=tuple(row.components),
        labels=tuple(row.labels),
        team=tuple(row.team),
        parent=row.parent,
        estimate=row.estimate,
        sprints=tuple(row.sprints),
    )
