"""Confirmations of owners, requests that were answered, and one accountable who may be told twice."""

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

# R27: only two different owners exclude each other; one who is told twice, under two keys, does no harm.
ONE_ACCOUNTABLE = """
ALTER TABLE fact_assignment DROP CONSTRAINT one_explicit_accountable, ADD CONSTRAINT one_explicit_accountable
EXCLUDE USING gist (
  (body ->> 'area') WITH =,
  (body ->> 'responsibility') WITH =,
  (body ->> 'function') WITH =,
  (CASE body ->> 'inherit' WHEN 'block' THEN 'inherit' ELSE body ->> 'inherit' END) WITH =,
  (body ->> 'owner') WITH <>,
  valid WITH &&,
  recorded WITH &&
) WHERE (body ->> 'letter' = 'accountable')
"""


def upgrade() -> None:
    op.execute(ONE_ACCOUNTABLE)
    op.execute("CREATE TABLE fact_confirmation PARTITION OF fact FOR VALUES IN ('confirmation')")
    op.execute(MODEL_REQUEST)


def downgrade() -> None:
    raise RuntimeError("declared facts are never thrown away; restore a backup instead")
