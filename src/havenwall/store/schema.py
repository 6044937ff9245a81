"""The tables. Streams are append-only and ordered by `seq`; projections are derived and replaceable."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.store.types import BigKey, Moment

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", BigKey, primary_key=True, autoincrement=True)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary, nullable=False)


JOURNAL = sa.Table(
    "journal",
    METADATA,
    _seq(),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("type", sa.String(12)),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("source_id", sa.String(300), nullable=False),
    sa.Column("key", sa.BigInteger, nullable=False, index=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    _body(),
    sa.UniqueConstraint("source", "source_id"),
    sa.Index("ix_journal_kind_seq", "kind", "seq"),
    sqlite_autoincrement=True,
)
"""Events as they came: `event` rows hold one, `segment` rows point to a Parquet file of many."""

SIGNAL = sa.Table(
    "signal",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("entity", sa.String(300), nullable=False, index=True),
    sa.Column("detector", sa.String(60), nullable=False),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sa.Index("ix_signal_detector_seq", "detector", "seq"),
    sqlite_autoincrement=True,
)

SCORE_RUN = sa.Table(
    "score_run",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    _body(),
    sqlite_autoincrement=True,
)

RISK = sa.Table(
    "risk",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(400), nullable=False, unique=True),
    sa.Column("run_id", sa.String(64), nullable=False, index=True),
    sa.Column("entity", sa.String(300), nullable=False, index=True),
    _body(),
    sqlite_autoincrement=True,
)

DECISION = sa.Table(
    "decision",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("verb", sa.String(20), nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("case_id", sa.String(64), index=True),
    sa.Column("at", Moment, nullable=False, index=True),
    _body(),
    sqlite_autoincrement=True,
)

ACTION = sa.Table(
    "action",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("entity", sa.String(300), nullable=False, index=True),
    sa.Column("case_id", sa.String(64), index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("expires_at", Moment, index=True),
    _body(),
    sa.UniqueConstraint("id", "state"),
    sqlite_autoincrement=True,
)
"""One row per state an action has been in; the newest row is its present state."""

STANDING_CHANGE = sa.Table(
    "standing_change",
    METADATA,
    _seq(),
    sa.Column("entity", sa.String(300), nullable=False),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)
"""The feed the guard follows."""

STANDING = sa.Table(
    "standing",
    METADATA,
    sa.Column("entity", sa.String(300), primary_key=True),
    sa.Column("restriction", sa.String(20), nullable=False, index=True),
    sa.Column("seq", BigKey, nullable=False),
    _body(),
)
"""Projection: the newest standing change of each entity."""

LABEL = sa.Table(
    "label",
    METADATA,
    sa.Column("entity", sa.String(300), primary_key=True),
    sa.Column("label", sa.String(20), nullable=False, index=True),
    sa.Column("by_person", sa.Boolean, nullable=False),
    sa.Column("origin", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""Projection: what is known for sure of an account, from verified signals and people's decisions."""


def _where_set(column: str) -> sa.Index:
    # Of few cases: an index of those alone is small, and new cases cost nothing in it.
    here = sa.text(f"{column} IS NOT NULL")
    return sa.Index(f"ix_case_file_{column}", column, sqlite_where=here, postgresql_where=here)


CASE = sa.Table(
    "case_file",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_class", sa.String(30), nullable=False),
    sa.Column("topic", sa.String(30), nullable=False),
    sa.Column("key", sa.String(300), nullable=False, server_default=""),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("priority", sa.Float, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("waiting", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("rank", sa.Float, nullable=False, server_default="0"),
    sa.Column("queue", sa.String(60), nullable=False, server_default=""),
    sa.Column("placed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("due_at", Moment, nullable=False, server_default="0"),
    sa.Column("title", sa.String(400), nullable=False, server_default=""),
    sa.Column("merged_into", sa.String(64)),
    sa.Column("split_from", sa.String(64)),
    sa.Column("snoozed_until", Moment),
    sa.Column("held_by", sa.String(120)),
    sa.Column("held_until", Moment),
    _body(),
    sa.Index("ix_case_file_queue", "case_class", "state", "priority"),
    sa.Index("ix_case_file_key", "key", "case_class", "topic"),
    sa.Index("ix_case_file_work", "queue", "waiting", "rank", "opened_at"),
    sa.Index("ix_case_file_state", "case_class", "state", "rank", "opened_at"),
    sa.Index("ix_case_file_class", "case_class", "rank", "opened_at"),
    sa.Index("ix_case_file_rank", "rank", "opened_at", "case_class", "state"),
    sa.Index("ix_case_file_in_queue", "queue", "rank", "opened_at", "state"),
    sa.Index("ix_case_file_count", "waiting", "queue", "due_at"),
    sa.Index("ix_case_file_any", "state", "rank", "opened_at"),
    sa.Index("ix_case_file_topic", "topic", "rank", "opened_at", "case_class", "state"),
    sa.Index("ix_case_file_oldest", "waiting", "opened_at"),
    sa.Index("ix_case_file_due", "waiting", "due_at"),
    *(_where_set(name) for name in ("merged_into", "split_from", "snoozed_until", "held_by", "held_until")),
)
"""`waiting` is true while there is work to do (open or in review); `rank` is minus the priority, so that one
index gives the most urgent first and of equals the oldest. Where it waits and who holds it stand in columns
only: they change without a new version of the case."""

MEMBER = sa.Table(
    "member",
    METADATA,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("entity", sa.String(300), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("probability", sa.Float, nullable=False),
    _body(),
    sa.Index("ix_member_entity", "entity"),
)

CASE_EVENT = sa.Table(
    "case_event",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    _body(),
    sqlite_autoincrement=True,
)

EXHIBIT = sa.Table(
    "exhibit",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    sa.Column("action_id", sa.String(64), nullable=False, unique=True),
    _body(),
    sqlite_autoincrement=True,
)

REFERRAL = sa.Table(
    "referral",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    _body(),
)

QUOTA = sa.Table(
    "quota",
    METADATA,
    sa.Column("rule", sa.String(100), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("used", sa.Integer, nullable=False),
)

CURSOR = sa.Table(
    "cursor",
    METADATA,
    sa.Column("stage", sa.String(60), primary_key=True),
    sa.Column("stream", sa.String(20), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

PERSON = sa.Table(
    "person",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
)

TOKEN = sa.Table(
    "token",
    METADATA,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("person", sa.String(60), nullable=False),
    sa.Column("rights", sa.String(1000), nullable=False, server_default=""),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("last_seen", Moment),
    sa.Column("device", sa.String(200), nullable=False, server_default=""),
    sa.Column("made_by", sa.String(120), nullable=False, server_default=""),
    sa.Index("ix_token_kind_person", "kind", "person"),
)
"""Sessions, one-time sign-in links and API keys, by the SHA-256 of the secret; never the secret."""

ACCESS = sa.Table(
    "access_log",
    METADATA,
    _seq(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("what", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sqlite_autoincrement=True,
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    _seq(),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("at", Moment, nullable=False),
    _body(),
    sqlite_autoincrement=True,
)

TROUBLE = sa.Table(
    "trouble",
    METADATA,
    sa.Column("what", sa.String(60), primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("message", sa.String(500), nullable=False),
)
"""Stages and outside effects that fail now; the row goes away when they succeed again."""
