"""Findings of audits.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "finding",
        sa.Column("seq", key, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_finding"),
        sa.UniqueConstraint("id", name="uq_finding_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_finding_at", "finding", ["at", "seq"], unique=False)
    op.create_index("ix_finding_name", "finding", ["name", "at"], unique=False)
    op.create_index("ix_finding_outcome", "finding", ["outcome", "at"], unique=False)
