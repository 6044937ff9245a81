"""Banks of known media, their entries, imports, rejects, tallies and back-fills.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _seq() -> sa.Column[int]:
    return sa.Column("seq", _KEY, autoincrement=True, nullable=False)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    _banks()
    _entries()
    op.create_table(
        "bank_reject",
        _seq(),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _body(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bank_reject")),
        sa.UniqueConstraint("bank", "digest", name=op.f("uq_bank_reject_bank")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bank_tally",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "hour", name=op.f("pk_bank_tally")),
    )
    op.create_table(
        "bank_backfill",
        _seq(),
        sa.Column("done", sa.Boolean(), nullable=False),
        _body(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bank_backfill")),
        sqlite_autoincrement=True,
    )


def _banks() -> None:
    op.create_table(
        "bank",
        _seq(),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _body(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bank")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bank_name"), "bank", ["name"], unique=False)
    op.create_table(
        "bank_import",
        sa.Column("bank", sa.String(length=60), nullable=False),
        _body(),
        sa.PrimaryKeyConstraint("bank", name=op.f("pk_bank_import")),
    )


def _entries() -> None:
    op.create_table(
        "bank_entry",
        _seq(),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sweep", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        _body(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bank_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bank_entry_entry"), "bank_entry", ["entry"], unique=False)
    op.create_index("ix_bank_entry_source", "bank_entry", ["bank", "source_id"], unique=False)
    op.create_index("ix_bank_entry_hash", "bank_entry", ["kind", "key"], unique=False)
    op.create_index("ix_bank_entry_sweep", "bank_entry", ["bank", "current", "sweep"], unique=False)
