"""Tables of blind second review: what was drawn, what reviewers answered, and golden cases."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment

REVIEW = sa.Table(
    "review",
    METADATA,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("stratum", sa.String(80), nullable=False),
    sa.Column("case_id", sa.String(64)),
    sa.Column("case_class", sa.String(30), nullable=False),
    sa.Column("entity", sa.String(300), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("golden", sa.Boolean, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_review_state", "state", "seq"),
    sa.Index("ix_review_stratum", "stratum", "at"),
    sqlite_autoincrement=True,
)
"""Drawn decisions, each on one entity, and golden cases, with the answer of who decided first."""

REVIEW_ANSWER = sa.Table(
    "review_answer",
    METADATA,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
    sa.Column("review_id", sa.String(64), nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("review_id", "by"),
    sqlite_autoincrement=True,
)
"""Answers of second and third reviewers, one for each person and review."""
