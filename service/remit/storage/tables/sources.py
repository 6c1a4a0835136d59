"""How sources stand, what they send, and what could not be read."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from remit.storage.tables.metadata import INSTANT, METADATA

parked = Table(
    "parked",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False),
)

source_reference = Table(
    "source_reference",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("email", Text),
    Column("category", Text),
)

source_state = Table(
    "source_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("cursor", LargeBinary),
    Column("last_success_at", INSTANT),
    Column("last_attempt_at", INSTANT),
    Column("trouble", Text),
    Column("failures", Integer, nullable=False),
    Column("retry_at", INSTANT),
)

source_success = Table(
    "source_success",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("at", INSTANT, primary_key=True),
)

source_credential = Table(
    "source_credential",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
)

inbox = Table(
    "inbox",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("concerns", ARRAY(Text), nullable=False),
    Column("deleted", ARRAY(Text), nullable=False),
    Column("renames", Boolean, nullable=False),
    Column("at", INSTANT),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("due_at", INSTANT),
    Column("done_at", INSTANT),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
)
