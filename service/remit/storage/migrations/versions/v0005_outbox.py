"""An event for every change of the model, subscribers, and how far each of them was told."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STEPS = (
    # `shifts` are the cells the change made another, `areas` those they are in; both are added after the change.
    # Changes from before this table was there are told to nobody.
    """
    CREATE TABLE outbox (
      change bigint PRIMARY KEY REFERENCES change (id),
      rows jsonb NOT NULL,
      shifts jsonb,
      areas text[],
      told_at timestamptz,
      CHECK ((told_at IS NULL) = (shifts IS NULL) AND (told_at IS NULL) = (areas IS NULL))
    )
    """,
    "CREATE INDEX outbox_untold ON outbox (change) WHERE told_at IS NULL",
    """
    CREATE TABLE webhook (
      name text PRIMARY KEY CHECK (name <> ''),
      url text NOT NULL,
      secret text NOT NULL,
      area text,
      active boolean NOT NULL DEFAULT true,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    # `due_at` is null once the event was accepted, or parked after the last try.
    """
    CREATE TABLE webhook_delivery (
      webhook text NOT NULL REFERENCES webhook (name) ON DELETE CASCADE,
      change bigint NOT NULL REFERENCES outbox (change),
      message uuid NOT NULL DEFAULT gen_random_uuid(),
      tries integer NOT NULL DEFAULT 0,
      due_at timestamptz DEFAULT clock_timestamp(),
      delivered_at timestamptz,
      trouble text,
      PRIMARY KEY (webhook, change),
      CHECK (due_at IS NULL OR delivered_at IS NULL)
    )
    """,
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, change) WHERE due_at IS NOT NULL",
)


def upgrade() -> None:
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    op.execute("DROP TABLE webhook_delivery")
    op.execute("DROP TABLE webhook")
    op.execute("DROP TABLE outbox")
