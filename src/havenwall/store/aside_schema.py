"""The tables of records that a stage could not work on, and of batches it stands before."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment

ASIDE = sa.Table(
    "set_aside",
    METADATA,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("stage", sa.String(60), nullable=False),
    sa.Column("stream", sa.String(20), nullable=False),
    sa.Column("record", sa.String(450), nullable=False),
    sa.Column("error", sa.String(500), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("tried_at", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_set_aside_stage", "stage", "seq"),
    sqlite_autoincrement=True,
)
"""`body` holds the record itself: a journal row may become part of a segment meanwhile. The row goes away
when the stage has worked on the record, in the transaction that keeps what it made of it."""

STUMBLE = sa.Table(
    "stumble",
    METADATA,
    sa.Column("stage", sa.String(60), primary_key=True),
    sa.Column("place", sa.String(400), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
)
"""How often a stage failed on the batch that begins at a place."""
