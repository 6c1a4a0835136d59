"""When records were gone and came back: who asks how it was then is told so."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LAPSES = """
CREATE TABLE backlog_lapse (
  source text NOT NULL,
  id text NOT NULL,
  at timestamptz NOT NULL,
  back_at timestamptz NOT NULL CHECK (back_at > at),
  how text NOT NULL CHECK (how IN ('deleted', 'not_visible', 'left_out')),
  PRIMARY KEY (source, id, at)
)
"""


def upgrade() -> None:
    op.execute(LAPSES)


def downgrade() -> None:
    raise RuntimeError("what is known of records is never thrown away; restore a backup instead")
