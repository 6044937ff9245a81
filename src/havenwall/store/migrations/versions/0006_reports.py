"""Reports by people, and those who report.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _report()
    _outcome()
    op.create_table(
        "reporter_mute",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reporter_mute")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reporter_mute_reporter"), "reporter_mute", ["reporter"], unique=False)
    op.create_table(
        "flagger",
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_flagger")),
    )


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("case_class", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=64)),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_report")),
        sa.UniqueConstraint("id", name=op.f("uq_report_id")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
        sa.UniqueConstraint("code", name=op.f("uq_report_code")),
        sa.UniqueConstraint("sender", "source_id", name=op.f("uq_report_sender")),
        sqlite_autoincrement=True,
    )
    for name in ("subject", "digest", "case_id"):
        op.create_index(op.f(f"ix_report_{name}"), "report", [name], unique=False)
    op.create_index("ix_report_list", "report", ["case_class", "state", "seq"], unique=False)
    op.create_index("ix_report_reporter", "report", ["reporter", "state"], unique=False)


def _outcome() -> None:
    op.create_table(
        "report_outcome",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_report_outcome")),
        sa.UniqueConstraint("id", name=op.f("uq_report_outcome_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_report_outcome_report_id"), "report_outcome", ["report_id"], unique=False)
    op.create_index("ix_report_outcome_feed", "report_outcome", ["sender", "seq"], unique=False)
