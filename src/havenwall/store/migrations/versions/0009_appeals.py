"""Appeals, and blind second review.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _seq() -> sa.Column[int]:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("seq", key, autoincrement=True, nullable=False)


def upgrade() -> None:
    _appeal()
    _review()


def _appeal() -> None:
    op.create_table(
        "appeal",
        _seq(),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("action_id", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("case_class", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_appeal"),
        sa.UniqueConstraint("id", name="uq_appeal_id"),
        sa.UniqueConstraint("number", name="uq_appeal_number"),
        sa.UniqueConstraint("action_id", name="uq_appeal_action_id"),
        sa.UniqueConstraint("sender", "source_id", name="uq_appeal_sender"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeal_entity", "appeal", ["entity"], unique=False)
    op.create_index("ix_appeal_list", "appeal", ["state", "due_at"], unique=False)


def _review() -> None:
    op.create_table(
        "review",
        _seq(),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("stratum", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("case_class", sa.String(length=30), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("golden", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_review"),
        sa.UniqueConstraint("id", name="uq_review_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_state", "review", ["state", "seq"], unique=False)
    op.create_index("ix_review_stratum", "review", ["stratum", "at"], unique=False)
    op.create_table(
        "review_answer",
        _seq(),
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_review_answer"),
        sa.UniqueConstraint("review_id", "by", name="uq_review_answer_review_id"),
        sqlite_autoincrement=True,
    )
