"""How every record went, by the area it belongs to; and the category of each status."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Computed from the mirror, and computed anew whenever what it rests on changes: see `evidence_basis`.
    """
    CREATE TABLE evidence (
      source text NOT NULL,
      kind text NOT NULL,
      id text NOT NULL,
      area text,
      created timestamptz NOT NULL,
      updated timestamptz NOT NULL,
      step_at timestamptz[] NOT NULL,
      step_phase text[] NOT NULL,
      touched_at timestamptz,
      gone_at timestamptz,
      has_history boolean NOT NULL,
      is_dated boolean NOT NULL,
      PRIMARY KEY (source, kind, id),
      CHECK (cardinality(step_at) = cardinality(step_phase))
    )
    """,
    "CREATE INDEX evidence_area ON evidence (area)",
    """
    CREATE TABLE evidence_basis (
      source text PRIMARY KEY,
      statuses text NOT NULL,
      selectors text NOT NULL
    )
    """,
    "ALTER TABLE source_reference ADD COLUMN category text",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what is known of records is never thrown away; restore a backup instead")
