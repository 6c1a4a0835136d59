"""Who may ask."""

from sqlalchemy import Column, LargeBinary, Table, Text

from remit.storage.tables.metadata import INSTANT, METADATA

api_token = Table(
    "api_token",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("revoked_at", INSTANT),
)
