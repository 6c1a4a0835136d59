"""How a record is gone: deleted, not visible, or left out; and the e-mail addresses by which users are people."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE backlog_item ADD COLUMN gone_how text",
    "UPDATE backlog_item SET gone_how = 'not_visible' WHERE gone_at IS NOT NULL",
    """
    ALTER TABLE backlog_item ADD CONSTRAINT backlog_item_gone_how CHECK (
      (gone_at IS NULL) = (gone_how IS NULL) AND gone_how IN ('deleted', 'not_visible', 'left_out')
    )
    """,
    "ALTER TABLE source_reference ADD COLUMN email text",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what is known of records is never thrown away; restore a backup instead")
