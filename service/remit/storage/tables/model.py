"""The model and who asked for what changed in it."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE

from remit.storage.tables.metadata import INSTANT, METADATA

change = Table(
    "change",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("recorded_at", INSTANT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

fact = Table(
    "fact",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("valid", TSTZRANGE, primary_key=True),
    Column("recorded", TSTZRANGE, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("opened_by", BigInteger, nullable=False),
    Column("closed_by", BigInteger),
)

model_request = Table(
    "model_request",
    METADATA,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("changes", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    Column("change", BigInteger),
    Column("recorded_at", INSTANT, nullable=False),
)
