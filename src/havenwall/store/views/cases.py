"""Cases as people see them. Every query is narrowed to the classes the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import (
    Action,
    Case,
    CaseClass,
    CaseEvent,
    Decision,
    Exhibit,
    Member,
    MemberState,
    Referral,
    Right,
    Viewer,
)
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.rows import by_names, decode_all
from havenwall.store.views.access import note_access

_RIGHT_FOR_CLASS: dict[CaseClass, Right] = {
    CaseClass.CHILD_SAFETY: Right.SEE_CHILD_SAFETY,
    CaseClass.GENERAL: Right.SEE_GENERAL,
}


class CaseView:
    """What one viewer may see of cases. A case outside their rights does not exist for them."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self._database = database
        self._viewer = viewer
        self._classes = [c.value for c, right in _RIGHT_FOR_CLASS.items() if viewer.may(right)]

    def cases(self, *, states: Sequence[str] = (), limit: int = 50, offset: int = 0) -> list[Case]:
        """Cases, most urgent first; `states` narrows them."""
        query = sa.select(t.CASE.c.body).where(self._mine(states))
        query = query.order_by(t.CASE.c.priority.desc(), t.CASE.c.opened_at).limit(limit).offset(offset)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Case)

    def count(self, *, states: Sequence[str] = ()) -> int:
        """How many cases the viewer may see."""
        with self._database.read() as connection:
            return int(
                connection.scalar(sa.select(sa.func.count()).select_from(t.CASE).where(self._mine(states)))
                or 0
            )

    def case(self, case_id: str) -> Case:
        """One case.

        Raises:
            NotFound: there is none, or the viewer may not know of it.
        """
        with self._database.read() as connection:
            body = connection.scalar(sa.select(t.CASE.c.body).where(self._mine(()), t.CASE.c.id == case_id))
        if body is None:
            raise NotFound(f"there is no case {case_id}")
        note_access(self._database, self._viewer, "case", case_id)
        return msgspec.json.decode(body, type=Case)

    def members(
        self, case_id: str, *, state: MemberState | None = None, limit: int = 50, offset: int = 0
    ) -> list[Member]:
        """Members of a case, most probable first."""
        query = sa.select(t.MEMBER.c.body).where(self._in_case(t.MEMBER, case_id))
        if state:
            query = query.where(t.MEMBER.c.state == state.value)
        query = query.order_by(t.MEMBER.c.probability.desc(), t.MEMBER.c.entity).limit(limit).offset(offset)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Member)

    def member(self, case_id: str, entity: str) -> Member:
        """One member of a case.

        Raises:
            NotFound: it is not a member of a case the viewer may see.
        """
        query = sa.select(t.MEMBER.c.body).where(
            self._in_case(t.MEMBER, case_id), t.MEMBER.c.entity == entity
        )
        with self._database.read() as connection:
            body = connection.scalar(query)
        if body is None:
            raise NotFound(f"{entity} is not a member of case {case_id}")
        note_access(self._database, self._viewer, "member", entity)
        return msgspec.json.decode(body, type=Member)

    def cases_of(self, entities: Sequence[str]) -> dict[str, str]:
        """The newest case of each entity that is a member of one."""
        mine = (t.CASE.c.id == t.MEMBER.c.case_id) & t.CASE.c.case_class.in_(self._classes)
        columns = [t.MEMBER.c.entity, t.MEMBER.c.case_id, t.CASE.c.opened_at]
        with self._database.read() as connection:
            rows = [*by_names(connection, columns, t.MEMBER.c.entity, entities, where=mine)]
        return {row.entity: row.case_id for row in sorted(rows, key=lambda row: row.opened_at)}

    def history(self, case_id: str, *, limit: int = 50, offset: int = 0) -> list[CaseEvent]:
        """What happened to a case, newest first."""
        query = sa.select(t.CASE_EVENT.c.body).where(self._in_case(t.CASE_EVENT, case_id))
        query = query.order_by(t.CASE_EVENT.c.seq.desc()).limit(limit).offset(offset)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), CaseEvent)

    def decisions(self, case_id: str) -> list[Decision]:
        """Decisions made on a case, oldest first."""
        query = (
            sa.select(t.DECISION.c.body).where(self._in_case(t.DECISION, case_id)).order_by(t.DECISION.c.seq)
        )
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Decision)

    def actions(self, case_id: str, entity: str | None = None) -> list[Action]:
        """Actions on a case's members, every state they have been in, oldest first."""
        query = sa.select(t.ACTION.c.body).where(self._in_case(t.ACTION, case_id)).order_by(t.ACTION.c.seq)
        if entity:
            query = query.where(t.ACTION.c.entity == entity)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Action)

    def exhibits(self, case_id: str) -> list[Exhibit]:
        """What the vault holds for a case."""
        query = sa.select(t.EXHIBIT.c.body).where(self._in_case(t.EXHIBIT, case_id)).order_by(t.EXHIBIT.c.seq)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Exhibit)

    def referrals(self, case_id: str) -> list[Referral]:
        """Referrals prepared from a case."""
        query = sa.select(t.REFERRAL.c.body).where(self._in_case(t.REFERRAL, case_id))
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Referral)

    def _mine(self, states: Sequence[str]) -> sa.ColumnElement[bool]:
        allowed = t.CASE.c.case_class.in_(self._classes)
        return allowed & t.CASE.c.state.in_(states) if states else allowed

    def _in_case(self, table: sa.Table, case_id: str) -> sa.ColumnElement[bool]:
        visible = sa.select(t.CASE.c.id).where(t.CASE.c.id == case_id, t.CASE.c.case_class.in_(self._classes))
        return table.c.case_id.in_(visible)
