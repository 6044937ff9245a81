"""The table of appeals. Who may see one follows from its case, and where there is none from its class."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment

APPEAL = sa.Table(
    "appeal",
    METADATA,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("sender", sa.String(120), nullable=False),
    sa.Column("source_id", sa.String(200), nullable=False),
    sa.Column("action_id", sa.String(64), nullable=False, unique=True),
    sa.Column("entity", sa.String(300), nullable=False, index=True),
    sa.Column("case_id", sa.String(64)),
    sa.Column("case_class", sa.String(30), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("sender", "source_id"),
    sa.Index("ix_appeal_list", "state", "due_at"),
    sqlite_autoincrement=True,
)
"""One appeal for each action: `action_id` is what it contests."""
