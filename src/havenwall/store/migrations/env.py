"""Alembic's entry point: runs in the transaction that the store opened."""

from alembic import context

from havenwall.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=False)
context.run_migrations()
