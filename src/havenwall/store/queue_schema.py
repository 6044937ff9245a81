"""The tables of queues and policy gaps. Where a case waits stands in columns of the case."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import Moment

QUEUE = sa.Table(
    "queue",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("case_class", sa.String(30), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Queues as they are now; the default ones stand here once somebody has changed them."""

QUEUE_CHANGE = sa.Table(
    "queue_change",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Who changed which queue, with the settings before and after."""

POLICY_GAP = sa.Table(
    "policy_gap",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_policy_gap_open", "open", "due_at"),
)

CASE_SEARCH = sa.Table(
    "case_search",
    METADATA,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("text", sa.String(1000), nullable=False),
)
"""Title and key of each case in small letters: narrow rows, so that looking through all of them is quick."""
