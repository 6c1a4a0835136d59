"""How records went, and where."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from remit.storage.tables.metadata import INSTANT, METADATA

evidence = Table(
    "evidence",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("area", Text),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("step_at", ARRAY(INSTANT), nullable=False),
    Column("step_phase", ARRAY(Text), nullable=False),
    Column("touched_at", INSTANT),
    Column("gone_at", INSTANT),
    Column("has_history", Boolean, nullable=False),
    Column("is_dated", Boolean, nullable=False),
)

evidence_basis = Table(
    "evidence_basis",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("statuses", Text, nullable=False),
    Column("selectors", Text, nullable=False),
)

area_watermark = Table(
    "area_watermark",
    METADATA,
    Column("area", Text, primary_key=True),
    Column("mark", BigInteger, nullable=False),
)
