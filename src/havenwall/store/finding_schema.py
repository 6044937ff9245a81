"""The table of findings of audits: what the gate of a release found."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment

FINDING = sa.Table(
    "finding",
    METADATA,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("plan_hash", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("summary", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_finding_at", "at", "seq"),
    sa.Index("ix_finding_name", "name", "at"),
    sa.Index("ix_finding_outcome", "outcome", "at"),
    sqlite_autoincrement=True,
)
"""`at` is when the audit ended. `summary` is the part of the body that lists and trends show: whole findings
may take megabytes each."""
