"""Records that a stage could not work on.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "set_aside",
        sa.Column("seq", key, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("record", sa.String(length=450), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_set_aside"),
        sa.UniqueConstraint("id", name="uq_set_aside_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_set_aside_stage", "set_aside", ["stage", "seq"], unique=False)
    op.create_table(
        "stumble",
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stage", name="pk_stumble"),
    )
