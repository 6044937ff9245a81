"""The first schema.

Revision ID: 0001
"""

from alembic import op

from havenwall.store.schema import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    # A released version must never change under a running database: from the first release on, this
    # file gets a frozen copy of the tables, and later files say what changes.
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    METADATA.drop_all(op.get_bind())
