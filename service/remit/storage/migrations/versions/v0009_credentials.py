"""Credentials that change by themselves, sealed."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE source_credential (
      source text PRIMARY KEY,
      sealed bytea NOT NULL,
      changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("a refresh token is good once and is never thrown away; restore a backup instead")
