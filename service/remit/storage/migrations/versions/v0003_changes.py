"""Confirmations of owners, and the requests that were answered, so that one sent twice is done once."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# `changes` is a digest of what was asked for, `outcome` the answer as it was given, `change` the newest one after it.
MODEL_REQUEST = """
CREATE TABLE model_request (
  actor text NOT NULL CHECK (actor <> ''),
  key text NOT NULL CHECK (key <> ''),
  changes bytea NOT NULL,
  outcome bytea NOT NULL,
  change bigint REFERENCES change (id),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor, key)
)
"""


def upgrade() -> None:
    op.execute("CREATE TABLE fact_confirmation PARTITION OF fact FOR VALUES IN ('confirmation')")
    op.execute(MODEL_REQUEST)


def downgrade() -> None:
    raise RuntimeError("declared facts are never thrown away; restore a backup instead")
