"""What was told of each day: how its sources stood, the signals of areas and the loads of people."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATEMENTS = (
    # `signals` names what stands at each place of the arrays of that day: no value moves onto another's name.
    """
    CREATE TABLE kept_day (
      day date PRIMARY KEY,
      ended_at timestamptz NOT NULL,
      measured_at timestamptz NOT NULL,
      data_as_of timestamptz,
      degraded text[] NOT NULL,
      signals text[] NOT NULL
    )
    """,
    """
    CREATE TABLE area_day (
      area text NOT NULL,
      with_below boolean NOT NULL,
      day date NOT NULL,
      value double precision[] NOT NULL,
      sample integer[] NOT NULL,
      PRIMARY KEY (area, with_below, day),
      CHECK (cardinality(value) = cardinality(sample))
    )
    """,
    """
    CREATE TABLE person_day (
      person text NOT NULL,
      day date NOT NULL,
      demand_hours double precision NOT NULL,
      capacity_hours double precision,
      utilisation double precision,
      operational_share double precision,
      verdict text NOT NULL,
      breadth integer NOT NULL,
      PRIMARY KEY (person, day)
    )
    """,
    # Rows come and go by day, so that those of one day lie together: such an index holds a few pages for years.
    "CREATE INDEX area_day_day ON area_day USING brin (day) WITH (pages_per_range = 32)",
    "CREATE INDEX person_day_day ON person_day USING brin (day) WITH (pages_per_range = 32)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what was told of a day cannot be told again; restore a backup instead")
