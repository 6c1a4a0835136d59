"""What was told of each day."""

from sqlalchemy import Boolean, Column, Date, Double, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from remit.storage.tables.metadata import INSTANT, METADATA

kept_day = Table(
    "kept_day",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("ended_at", INSTANT, nullable=False),
    Column("measured_at", INSTANT, nullable=False),
    Column("data_as_of", INSTANT),
    Column("degraded", ARRAY(Text), nullable=False),
    Column("signals", ARRAY(Text), nullable=False),
)

area_day = Table(
    "area_day",
    METADATA,
    Column("area", Text, primary_key=True),
    Column("with_below", Boolean, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", ARRAY(Double), nullable=False),
    Column("sample", ARRAY(Integer), nullable=False),
)

person_day = Table(
    "person_day",
    METADATA,
    Column("person", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("demand_hours", Double, nullable=False),
    Column("capacity_hours", Double),
    Column("utilisation", Double),
    Column("operational_share", Double),
    Column("verdict", Text, nullable=False),
    Column("breadth", Integer, nullable=False),
)
