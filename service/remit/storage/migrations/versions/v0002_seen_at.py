"""When each change of an issue was first read here, and the keys of an issue by its id."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Of what is there already it can only be said that it was read no earlier than its issue, nor than it happened.
STEPS = (
    "ALTER TABLE backlog_event ADD COLUMN seen_at timestamptz",
    """
    UPDATE backlog_event AS event SET seen_at = greatest(event.at, item.first_seen)
    FROM backlog_item AS item WHERE item.source = event.source AND item.id = event.item_id
    """,
    "UPDATE backlog_event SET seen_at = at WHERE seen_at IS NULL",
    "ALTER TABLE backlog_event ALTER COLUMN seen_at SET NOT NULL",
    "CREATE INDEX backlog_key_id ON backlog_key (source, id)",
)


def upgrade() -> None:
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    raise RuntimeError("when a change was first read cannot be told again; restore a backup instead")
