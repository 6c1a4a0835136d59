"""Deliveries that sources send of their own accord, each kept once until it is applied."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE inbox (
      source text NOT NULL,
      id text NOT NULL,
      event text NOT NULL,
      concerns text[] NOT NULL,
      deleted text[] NOT NULL,
      renames boolean NOT NULL,
      at timestamptz,
      body bytea NOT NULL,
      received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      due_at timestamptz,
      done_at timestamptz,
      tries integer NOT NULL DEFAULT 0,
      reason text,
      PRIMARY KEY (source, id),
      CHECK (done_at IS NULL OR due_at IS NULL)
    )
    """,
    "CREATE INDEX inbox_due ON inbox (source, due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL",
    "CREATE INDEX inbox_aside ON inbox (source, received_at) WHERE done_at IS NULL AND due_at IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("a delivery that was acknowledged is never thrown away; restore a backup instead")
