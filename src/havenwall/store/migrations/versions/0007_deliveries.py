"""Proposals that wait for a second person, deliveries to the platform, actions that expire.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _seq() -> sa.Column[int]:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("seq", key, autoincrement=True, nullable=False)


def upgrade() -> None:
    op.add_column("action", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_action_expires_at", "action", ["expires_at"], unique=False)
    op.create_table(
        "endpoint",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("shut_until", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_endpoint"),
    )
    op.create_table(
        "delivery",
        _seq(),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.String(length=40), nullable=False),
        sa.Column("action_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_delivery"),
        sa.UniqueConstraint("id", name="uq_delivery_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_action_id", "delivery", ["action_id"], unique=False)
    op.create_index("ix_delivery_due", "delivery", ["endpoint", "state", "due_at"], unique=False)
    op.create_index("ix_delivery_entity", "delivery", ["entity", "state"], unique=False)
    op.create_table(
        "delivery_try",
        _seq(),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_delivery_try"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_try_delivery", "delivery_try", ["delivery"], unique=False)
    op.create_table(
        "proposal",
        _seq(),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_proposal"),
        sa.UniqueConstraint("id", name="uq_proposal_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposal_case_id", "proposal", ["case_id"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["state"], unique=False)
