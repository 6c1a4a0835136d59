"""How often in a row a source could not be read, and from when on it may be asked again."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE source_state ADD COLUMN failures integer NOT NULL DEFAULT 0",
    "ALTER TABLE source_state ADD COLUMN retry_at timestamptz",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the state of the sources is kept; restore a backup instead")
