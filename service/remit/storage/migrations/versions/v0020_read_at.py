"""When a version of a record that is dated later was read: what it tells of itself happened then.

Null of all others. Without a default, so that nothing is rewritten; what was read before stays as it is.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("backlog_item", "feedback_item"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN read_at timestamptz")


def downgrade() -> None:
    for table in ("backlog_item", "feedback_item"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN read_at")
