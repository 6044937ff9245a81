"""The tables of reports. What a reporter sealed (contact, account) stands in `sealed`, never in `body`."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.schema import METADATA
from havenwall.store.types import BigKey, Moment


def _seq() -> sa.Column[int]:
    return sa.Column("seq", BigKey, primary_key=True, autoincrement=True)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary, nullable=False)


REPORT = sa.Table(
    "report",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("sender", sa.String(120), nullable=False),
    sa.Column("source_id", sa.String(200), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False, index=True),
    sa.Column("reporter", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("reason", sa.String(30), nullable=False),
    sa.Column("source", sa.String(12), nullable=False),
    sa.Column("case_class", sa.String(30), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("case_id", sa.String(64), index=True),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    _body(),
    sa.UniqueConstraint("sender", "source_id"),
    sa.Index("ix_report_list", "case_class", "state", "seq"),
    sa.Index("ix_report_reporter", "reporter", "state"),
    sqlite_autoincrement=True,
)
"""`code` is the SHA-256 of the reporter's secret; `digest` is the same for repetitions by one reporter."""

REPORT_OUTCOME = sa.Table(
    "report_outcome",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("report_id", sa.String(64), nullable=False, index=True),
    sa.Column("sender", sa.String(120), nullable=False),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sa.Index("ix_report_outcome_feed", "sender", "seq"),
    sqlite_autoincrement=True,
)
"""What reporters were told; a feed for the platforms that pass it on."""

REPORTER_MUTE = sa.Table(
    "reporter_mute",
    METADATA,
    _seq(),
    sa.Column("reporter", sa.String(64), nullable=False, index=True),
    sa.Column("until", Moment, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)
"""Who was muted, by whom and why: one row per change, the newest of a reporter holds."""

FLAGGER = sa.Table(
    "flagger",
    METADATA,
    sa.Column("sender", sa.String(120), primary_key=True),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""Keys of trusted flaggers, as `key:NAME`."""
