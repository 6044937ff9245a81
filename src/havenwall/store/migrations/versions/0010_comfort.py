"""Exposure of reviewers, saved filters, templates, presence.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _media_exhibits()
    _exposures()
    _console()
    op.create_table(
        "case_pass",
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "case_id", name=op.f("pk_case_pass")),
    )
    op.create_table(
        "preference",
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", "kind", name=op.f("pk_preference")),
    )


def _media_exhibits() -> None:
    op.create_table(
        "media_exhibit",
        sa.Column("exhibit_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdq", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("cluster", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("exhibit_id", name=op.f("pk_media_exhibit")),
    )
    op.create_index(op.f("ix_media_exhibit_sha256"), "media_exhibit", ["sha256"], unique=False)
    op.create_index(op.f("ix_media_exhibit_cluster"), "media_exhibit", ["cluster"], unique=False)


def _exposures() -> None:
    op.create_table(
        "exposure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("exhibit_id", sa.String(length=64), nullable=False),
        sa.Column("cluster", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger()),
        sa.Column("ticket", sa.String(length=64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
    )
    op.create_index(op.f("ix_exposure_at"), "exposure", ["at"], unique=False)
    op.create_index("ix_exposure_person", "exposure", ["person", "at"], unique=False)
    op.create_index("ix_exposure_cluster", "exposure", ["person", "cluster"], unique=False)


def _console() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner", "name", name="uq_saved_filter_name"),
    )
    op.create_index(op.f("ix_saved_filter_owner"), "saved_filter", ["owner"], unique=False)
    op.create_index(op.f("ix_saved_filter_role"), "saved_filter", ["role"], unique=False)
    op.create_table(
        "presence",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"], unique=False)
    op.create_table(
        "message_template",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_message_template")),
    )
