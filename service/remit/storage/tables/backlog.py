"""Issues, their changes and where they were."""

from sqlalchemy import Column, Double, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from remit.storage.tables.metadata import INSTANT, METADATA

backlog_item = Table(
    "backlog_item",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("resolved", INSTANT),
    Column("priority", Text),
    Column("assignee", Text),
    Column("reporter", Text),
    Column("components", ARRAY(Text), nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("team", ARRAY(Text), nullable=False),
    Column("parent", Text),
    Column("estimate", Double),
    Column("sprints", ARRAY(Text), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("gone_at", INSTANT),
    Column("gone_how", Text),
    Column("read_at", INSTANT),
)

backlog_lapse = Table(
    "backlog_lapse",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", INSTANT, primary_key=True),
    Column("back_at", INSTANT, nullable=False),
    Column("how", Text, nullable=False),
)

backlog_key = Table(
    "backlog_key",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("id", Text, nullable=False),
)

backlog_event = Table(
    "backlog_event",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("change_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("field", Text, nullable=False),
    Column("author", Text),
    Column("field_id", Text),
    Column("from_value", Text),
    Column("from_text", Text),
    Column("to_value", Text),
    Column("to_text", Text),
    Column("seen_at", INSTANT, nullable=False),
)
