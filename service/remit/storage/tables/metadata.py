"""What all tables are listed in, and the type of an instant."""

from sqlalchemy import DateTime, MetaData

METADATA = MetaData()
INSTANT = DateTime(timezone=True)
