"""Moves that are not to be proposed, until when and why."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE TABLE advice_dismissal (
  move text PRIMARY KEY,
  until timestamptz NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL
)
""")


def downgrade() -> None:
    op.execute("DROP TABLE advice_dismissal")
