"""The tables of banks. `current` marks the newest row of an entry; older rows are its history."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment


def _seq() -> sa.Column[int]:
    return sa.Column("seq", BigKey, primary_key=True, autoincrement=True)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary, nullable=False)


BANK = sa.Table(
    "bank",
    METADATA,
    _seq(),
    sa.Column("name", sa.String(60), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)
"""Settings of banks: one row per change, the newest of a name holds."""

BANK_ENTRY = sa.Table(
    "bank_entry",
    METADATA,
    _seq(),
    sa.Column("entry", sa.BigInteger, nullable=False, index=True),
    sa.Column("bank", sa.String(60), nullable=False),
    sa.Column("source_id", sa.String(300), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("sweep", sa.Integer, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False),
    _body(),
    sa.Index("ix_bank_entry_source", "bank", "source_id"),
    sa.Index("ix_bank_entry_hash", "kind", "key"),
    sa.Index("ix_bank_entry_sweep", "bank", "current", "sweep"),
    sqlite_autoincrement=True,
)
"""One row per state an entry has been in. `key` is the hash, or the SHA-256 of one that is longer."""

BANK_IMPORT = sa.Table("bank_import", METADATA, sa.Column("bank", sa.String(60), primary_key=True), _body())
"""Projection: how far the import of each bank is."""

BANK_REJECT = sa.Table(
    "bank_reject",
    METADATA,
    _seq(),
    sa.Column("bank", sa.String(60), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sa.UniqueConstraint("bank", "digest"),
    sqlite_autoincrement=True,
)
"""Malformed records; one that is told again is not counted again."""

BANK_TALLY = sa.Table(
    "bank_tally",
    METADATA,
    sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("matches", sa.Integer, nullable=False),
)
"""Matches of an entry in an hour, counted from 1970."""

BANK_BACKFILL = sa.Table(
    "bank_backfill",
    METADATA,
    _seq(),
    sa.Column("done", sa.Boolean, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)
"""Searches of what was already seen, each for some new entries."""
