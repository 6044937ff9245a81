"""Which cases a list shows, in an order that an index gives."""

from __future__ import annotations

from typing import Literal

import msgspec
import sqlalchemy as sa

from havenwall.model import CaseClass, CaseTopic, EntityKind, Viewer, now
from havenwall.store.case_rows import C
from havenwall.store.queue_schema import CASE_SEARCH
from havenwall.store.schema import CASE, MEMBER

CaseSort = Literal["priority", "due", "oldest"]
MOST = 2_500
"""A list is counted and paged so far; who wants more filters."""
_FEW = 2_000
"""Up to so many cases that a text is in are looked up one by one; more are met on the way down the list."""


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of cases is narrowed to; an empty field does not narrow it."""

    queue: str = ""
    states: tuple[str, ...] = ()
    topic: CaseTopic | None = None
    case_class: CaseClass | None = None
    overdue: bool = False
    mine: bool = False
    """Only those that the viewer holds now."""
    waiting: bool = False
    """Only those that need work: open or in review."""
    text: str = ""
    """Part of the title or of what the case is about, a case's id, or a member (with or without kind)."""
    sort: CaseSort = "priority"
    """`due` and `oldest` show only what needs work."""


def visible(classes: frozenset[str]) -> sa.ColumnElement[bool]:
    """The classes a viewer may see, as a condition on cases."""
    if classes == frozenset(CaseClass):
        # Asking for what all cases fulfil would only keep the database from an index in the right order.
        return sa.true()
    if len(classes) == 1:
        return C.case_class == next(iter(classes))
    return C.case_class.in_(classes)


def narrowed(asked: CaseFilter, viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    """The conditions of a filter, but for its text."""
    wanted = []
    if asked.queue:
        wanted.append(C.queue == asked.queue)
    if asked.case_class:
        wanted.append(C.case_class == asked.case_class.value)
    if asked.topic:
        wanted.append(C.topic == asked.topic.value)
    if asked.states:
        wanted.append(C.state == asked.states[0] if len(asked.states) == 1 else C.state.in_(asked.states))
    if asked.overdue or asked.waiting or asked.sort != "priority":
        wanted.append(C.waiting)
    if asked.overdue:
        wanted.append(C.due_at < now())
    if asked.mine:
        wanted.append((C.held_by == viewer.name) & (C.held_until > now()))
    return wanted


def ordered(asked: CaseFilter) -> tuple[sa.ColumnElement[object], ...]:
    """The order of a list. What is overdue comes by its time, since that index finds it."""
    if asked.sort == "due" or (asked.overdue and asked.sort == "priority"):
        return (C.due_at,)
    return (C.opened_at,) if asked.sort == "oldest" else (C.rank, C.opened_at)


def with_text(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """The cases a text is in, as a condition.

    Who names a case's id, or an entity with its kind, gets just that, from an index; else titles are read.
    """
    exact = _exactly(connection, text.strip())
    return C.id.in_(exact) if exact else _with_part(connection, text)


def _exactly(connection: sa.Connection, name: str) -> list[str]:
    about = C.key == name if ":" in name else C.id == name
    found = list(connection.scalars(sa.select(C.id).where(about).limit(_FEW)))
    if ":" in name:
        found += connection.scalars(sa.select(MEMBER.c.case_id).where(MEMBER.c.entity == name).limit(_FEW))
    return found


def _with_part(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    wanted = text.strip().lower()
    # Half the time of LIKE on PostgreSQL.
    place = sa.func.strpos if connection.dialect.name == "postgresql" else sa.func.instr
    told = place(CASE_SEARCH.c.text, wanted) > 0
    ids = list(connection.scalars(sa.select(CASE_SEARCH.c.case_id).where(told).limit(_FEW + 1)))
    if len(ids) > _FEW:
        return sa.exists().where(CASE_SEARCH.c.case_id == CASE.c.id, told)
    named = [text.strip(), *(f"{kind.value}:{text.strip()}" for kind in EntityKind)]
    members = sa.select(MEMBER.c.case_id).where(MEMBER.c.entity.in_(named)).limit(_FEW)
    ids += connection.scalars(members)
    return C.id.in_(ids)
