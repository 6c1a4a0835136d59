"""Feedback and what was done with it."""

from sqlalchemy import Column, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from remit.storage.tables.metadata import INSTANT, METADATA

feedback_item = Table(
    "feedback_item",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("triaged_at", INSTANT),
    Column("answered_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("segment", Text),
    Column("linked", ARRAY(Text), nullable=False),
    Column("offers", JSONB, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("gone_at", INSTANT),
    Column("gone_how", Text),
    Column("read_at", INSTANT),
)

feedback_act = Table(
    "feedback_act",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text),
)

feedback_basis = Table(
    "feedback_basis",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("selectors", Text, nullable=False),
)
