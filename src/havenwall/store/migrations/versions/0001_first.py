"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_log")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "action",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_action")),
        sa.UniqueConstraint("id", "state", name=op.f("uq_action_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_action_case_id"), "action", ["case_id"], unique=False)
    op.create_index(op.f("ix_action_entity"), "action", ["entity"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_event",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_case_event")),
        sa.UniqueConstraint("id", name=op.f("uq_case_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_class", sa.String(length=30), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index("ix_case_file_queue", "case_file", ["case_class", "state", "priority"], unique=False)
    op.create_table(
        "cursor",
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stage", "stream", name=op.f("pk_cursor")),
    )
    op.create_table(
        "decision",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decision")),
        sa.UniqueConstraint("id", name=op.f("uq_decision_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decision_at"), "decision", ["at"], unique=False)
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_table(
        "exhibit",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("action_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_exhibit")),
        sa.UniqueConstraint("action_id", name=op.f("uq_exhibit_action_id")),
        sa.UniqueConstraint("id", name=op.f("uq_exhibit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exhibit_case_id"), "exhibit", ["case_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("type", sa.String(length=12), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_journal_source")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_journal_key"), "journal", ["key"], unique=False)
    op.create_index("ix_journal_kind_seq", "journal", ["kind", "seq"], unique=False)
    op.create_table(
        "label",
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity", name=op.f("pk_label")),
    )
    op.create_index(op.f("ix_label_label"), "label", ["label"], unique=False)
    op.create_table(
        "member",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "entity", name=op.f("pk_member")),
    )
    op.create_index("ix_member_entity", "member", ["entity"], unique=False)
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_person")),
    )
    op.create_table(
        "quota",
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "day", name=op.f("pk_quota")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False)
    op.create_table(
        "risk",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=400), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_risk")),
        sa.UniqueConstraint("id", name=op.f("uq_risk_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_risk_entity"), "risk", ["entity"], unique=False)
    op.create_index(op.f("ix_risk_run_id"), "risk", ["run_id"], unique=False)
    op.create_table(
        "score_run",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_score_run")),
        sa.UniqueConstraint("id", name=op.f("uq_score_run_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "signal",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("detector", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_signal")),
        sa.UniqueConstraint("id", name=op.f("uq_signal_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_signal_entity"), "signal", ["entity"], unique=False)
    op.create_table(
        "standing",
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("restriction", sa.String(length=20), nullable=False),
        sa.Column("seq", _KEY, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_restriction"), "standing", ["restriction"], unique=False)
    op.create_table(
        "standing_change",
        sa.Column("seq", _KEY, autoincrement=True, nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_standing_change")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_token")),
    )
    op.create_table(
        "trouble",
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_trouble")),
    )
