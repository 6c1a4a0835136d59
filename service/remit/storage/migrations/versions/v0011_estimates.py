"""What an item is estimated at, and which sprints it was in."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE backlog_item ADD COLUMN estimate double precision",
    "ALTER TABLE backlog_item ADD COLUMN sprints text[] NOT NULL DEFAULT '{}'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what is known of records is never thrown away; restore a backup instead")
