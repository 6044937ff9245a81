"""Tables of endpoints, deliveries and proposals."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment


def _seq() -> sa.Column[int]:
    return sa.Column("seq", BigKey, primary_key=True, autoincrement=True)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary, nullable=False)


ENDPOINT = sa.Table(
    "endpoint",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("on", sa.Boolean, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("shut_until", Moment),
    _body(),
)

DELIVERY = sa.Table(
    "delivery",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("endpoint", sa.String(40), nullable=False),
    sa.Column("action_id", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("entity", sa.String(300), nullable=False),
    sa.Column("told", sa.String(20), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("lease_until", Moment),
    sa.Index("ix_delivery_due", "endpoint", "state", "due_at"),
    sa.Index("ix_delivery_entity", "entity", "state"),
    sqlite_autoincrement=True,
)
"""The outbox: written with the action it tells of. `lease_until` is set while a worker sends it."""

DELIVERY_TRY = sa.Table(
    "delivery_try",
    METADATA,
    _seq(),
    sa.Column("delivery", sa.String(64), nullable=False, index=True),
    _body(),
    sqlite_autoincrement=True,
)

PROPOSAL = sa.Table(
    "proposal",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)
"""Decisions that wait for a second person."""
