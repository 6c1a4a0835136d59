"""What users say of a product, what was done with it, and by which selectors it was put into areas."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE feedback_item (
      source text NOT NULL,
      id text NOT NULL,
      created timestamptz NOT NULL,
      updated timestamptz NOT NULL,
      state text NOT NULL,
      triaged_at timestamptz,
      answered_at timestamptz,
      closed_at timestamptz,
      segment text,
      linked text[] NOT NULL,
      offers jsonb NOT NULL,
      excerpt text NOT NULL,
      raw bytea NOT NULL,
      first_seen timestamptz NOT NULL,
      gone_at timestamptz,
      gone_how text,
      PRIMARY KEY (source, id)
    )
    """,
    # Told once and never told otherwise: the one that is there stays.
    """
    CREATE TABLE feedback_act (
      source text NOT NULL,
      item_id text NOT NULL,
      id text NOT NULL,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      author text,
      PRIMARY KEY (source, item_id, id)
    )
    """,
    """
    CREATE TABLE feedback_basis (
      source text PRIMARY KEY,
      selectors text NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what users said is never thrown away; restore a backup instead")
