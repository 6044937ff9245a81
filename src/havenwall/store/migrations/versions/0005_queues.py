"""Queues, leases, and what groups a case.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("case_file", sa.Column("key", sa.String(length=300), nullable=False, server_default=""))
    op.create_index("ix_case_file_key", "case_file", ["case_class", "topic", "key"], unique=False)
