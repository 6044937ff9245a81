"""Queues, leases, policy gaps, and what groups a case.

Revision ID: 0005
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_COLUMNS: tuple[Callable[[], sa.Column[Any]], ...] = (
    lambda: sa.Column("key", sa.String(length=300), nullable=False, server_default=""),
    lambda: sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.true()),
    lambda: sa.Column("rank", sa.Float(), nullable=False, server_default="0"),
    lambda: sa.Column("queue", sa.String(length=60), nullable=False, server_default=""),
    lambda: sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.false()),
    lambda: sa.Column("due_at", sa.BigInteger(), nullable=False, server_default="0"),
    lambda: sa.Column("title", sa.String(length=400), nullable=False, server_default=""),
    lambda: sa.Column("merged_into", sa.String(length=64)),
    lambda: sa.Column("split_from", sa.String(length=64)),
    lambda: sa.Column("snoozed_until", sa.BigInteger()),
    lambda: sa.Column("held_by", sa.String(length=120)),
    lambda: sa.Column("held_until", sa.BigInteger()),
)
_INDEXES = {
    "ix_case_file_key": ["key", "case_class", "topic"],
    "ix_case_file_work": ["queue", "waiting", "rank", "opened_at"],
    "ix_case_file_state": ["case_class", "state", "rank", "opened_at"],
    "ix_case_file_class": ["case_class", "rank", "opened_at"],
    "ix_case_file_rank": ["rank", "opened_at", "case_class", "state"],
    "ix_case_file_in_queue": ["queue", "rank", "opened_at", "state"],
    "ix_case_file_count": ["waiting", "queue", "due_at"],
    "ix_case_file_any": ["state", "rank", "opened_at"],
    "ix_case_file_topic": ["topic", "rank", "opened_at", "case_class", "state"],
    "ix_case_file_oldest": ["waiting", "opened_at"],
    "ix_case_file_due": ["waiting", "due_at"],
}
_CASE = sa.table("case_file", *map(sa.column, ("id", "topic", "key", "title", "body")))
_MEMBER = sa.table("member", sa.column("case_id"), sa.column("entity"))
_SEARCH = sa.table("case_search", sa.column("case_id"), sa.column("text"))
_TOPICS = {"live": "live", "group": "group", "tag": "group"}
"""By the kind of what came up by itself."""
_SOMETIMES = ("merged_into", "split_from", "snoozed_until", "held_by", "held_until")
"""Columns that few cases have: their indexes hold those alone."""


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("case_file", column())
    for name, columns in _INDEXES.items():
        op.create_index(name, "case_file", columns, unique=False)
    for name in _SOMETIMES:
        here = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_case_file_{name}", "case_file", [name], sqlite_where=here, postgresql_where=here)
    _take_over()
    op.create_table(
        "queue",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("case_class", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_queue")),
    )
    op.create_table(
        "queue_change",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_change")),
    )
    op.create_index(op.f("ix_queue_change_name"), "queue_change", ["name"], unique=False)
    op.create_table(
        "policy_gap",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_gap")),
    )
    op.create_index(op.f("ix_policy_gap_case_id"), "policy_gap", ["case_id"], unique=False)
    op.create_index("ix_policy_gap_open", "policy_gap", ["open", "due_at"], unique=False)
    op.create_table(
        "case_search",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_search")),
    )
    _name()


def _take_over() -> None:
    # Cases from before go to the default queue of their class, due a day after they were opened.
    op.execute(
        "UPDATE case_file SET waiting = (state IN ('open', 'in_review')), rank = -priority, "
        "due_at = opened_at + 86400000000, "
        "queue = CASE case_class WHEN 'general' THEN 'general' ELSE 'child-safety' END"
    )


def _name() -> None:
    """Let cases from before be found by their title, and by what they are about where that is one entity."""
    connection = op.get_bind()
    count = sa.func.count().label("n")
    alone = sa.select(_MEMBER.c.case_id, sa.func.min(_MEMBER.c.entity).label("entity"), count)
    about = {
        row.case_id: row.entity for row in connection.execute(alone.group_by(_MEMBER.c.case_id)) if row.n == 1
    }
    rows = connection.execute(sa.select(_CASE.c.id, _CASE.c.topic, _CASE.c.body)).all()
    found = [_named(row, about.get(row.id, "") if row.topic == "single" else "") for row in rows]
    if found:
        here = _CASE.c.id == sa.bindparam("of_case")
        columns: dict[str, Any] = {
            name: sa.bindparam(f"new_{name}") for name in ("topic", "key", "title", "body")
        }
        connection.execute(sa.update(_CASE).where(here).values(**columns), found)
        texts = [
            {"case_id": one["of_case"], "text": f"{one['new_title']} {one['new_key']}".lower()[:1000]}
            for one in found
        ]
        connection.execute(sa.insert(_SEARCH), texts)


def _named(row: sa.Row[*tuple[Any, ...]], key: str) -> dict[str, Any]:
    case = json.loads(row.body)
    # One live case of each entity: without its key, whatever comes up next would open a second one.
    topic = _TOPICS.get(key.partition(":")[0], row.topic)
    body = (
        json.dumps(case | {"key": key, "topic": topic}, ensure_ascii=False).encode()
        if key
        else bytes(row.body)
    )
    return {
        "of_case": row.id,
        "new_topic": topic,
        "new_key": key,
        "new_title": case["title"][:400],
        "new_body": body,
    }
