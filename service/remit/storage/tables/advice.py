"""What is not to be proposed."""

from sqlalchemy import Column, Table, Text

from remit.storage.tables.metadata import INSTANT, METADATA

advice_dismissal = Table(
    "advice_dismissal",
    METADATA,
    Column("move", Text, primary_key=True),
    Column("until", INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
)
