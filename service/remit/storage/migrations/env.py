"""Runs the steps on the connection handed over by `remit.storage.migrate`."""

from alembic import context

from remit.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
