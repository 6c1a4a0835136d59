"""Changes to be told, and who is told of them."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from remit.storage.tables.metadata import INSTANT, METADATA

outbox = Table(
    "outbox",
    METADATA,
    Column("change", BigInteger, primary_key=True),
    Column("rows", JSONB, nullable=False),
    Column("shifts", JSONB),
    Column("areas", ARRAY(Text)),
    Column("told_at", INSTANT),
)

webhook = Table(
    "webhook",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("area", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
)

webhook_delivery = Table(
    "webhook_delivery",
    METADATA,
    Column("webhook", Text, primary_key=True),
    Column("change", BigInteger, primary_key=True),
    Column("message", Uuid, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", INSTANT),
    Column("delivered_at", INSTANT),
    Column("trouble", Text),
)
