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
    CaseState,
    Decision,
    PolicyGap,
    Referral,
    Viewer,
)
from havenwall.store import schema as t
from havenwall.store.case_rows import COLUMNS, case_of, cases_of
from havenwall.store.database import Database
from havenwall.store.queue_schema import POLICY_GAP
from havenwall.store.rows import by_names, decode_all
from havenwall.store.views.access import note_access
from havenwall.store.views.case_list import MOST, CaseFilter, narrowed, ordered, visible, with_text
from havenwall.store.views.exhibits import ExhibitView


class CaseView(ExhibitView):
    """What one viewer may see of cases. A case outside their rights does not exist for them."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database, viewer)
        self._found: dict[str, sa.ColumnElement[bool]] = {}

    def cases(
        self,
        *,
        states: Sequence[str] = (),
        limit: int = 50,
        offset: int = 0,
        asked: CaseFilter | None = None,
    ) -> list[Case]:
        """Cases, most urgent first unless the filter says otherwise; `states` narrows them too."""
        asked = asked or CaseFilter(states=tuple(states))
        with self._database.read() as connection:
            query = sa.select(*COLUMNS).where(*self._asked(connection, asked)).order_by(*ordered(asked))
            return cases_of(connection.execute(query.limit(limit).offset(offset)))

    def count(self, *, states: Sequence[str] = (), asked: CaseFilter | None = None) -> int:
        """How many cases there are for the viewer; 2,500 stands for as many or more."""
        asked = asked or CaseFilter(states=tuple(states))
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(_up_to(*self._asked(connection, asked)))) or 0)

    def counts(self) -> dict[str, int]:
        """How many cases are in each state, and under "" how many there are; 2,500 as for `count`."""
        seen = visible(self._classes)
        found = {"": _up_to(seen)} | {
            state.value: _up_to(seen, t.CASE.c.state == state.value) for state in CaseState
        }
        with self._database.read() as connection:
            row = connection.execute(sa.select(*found.values())).one()
        return dict(zip(found, map(int, row), strict=True))

    def case(self, case_id: str) -> Case:
        """One case.

        Raises:
            NotFound: there is none, or the viewer may not know of it.
        """
        query = sa.select(*COLUMNS).where(visible(self._classes), t.CASE.c.id == case_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"there is no case {case_id}")
        note_access(self._database, self._viewer, "case", case_id)
        return case_of(row)

    def class_of(self, case_id: str) -> CaseClass:
        """The class of a case; the access log does not count it as a look.

        Raises:
            NotFound: there is none, or the viewer may not know of it.
        """
        query = sa.select(t.CASE.c.case_class).where(visible(self._classes), t.CASE.c.id == case_id)
        with self._database.read() as connection:
            found = connection.scalar(query)
        if found is None:
            raise NotFound(f"there is no case {case_id}")
        return CaseClass(found)

    def may_see(self, case_class: CaseClass) -> bool:
        """Whether the viewer may see cases of a class."""
        return case_class.value in self._classes

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

    def referrals(self, case_id: str) -> list[Referral]:
        """Referrals prepared from a case."""
        query = sa.select(t.REFERRAL.c.body).where(self._in_case(t.REFERRAL, case_id))
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Referral)

    def gaps(self, *, is_open: bool = True, limit: int = 50, offset: int = 0) -> list[PolicyGap]:
        """Gaps in the policy that cases the viewer may see have shown, most pressing first."""
        query = sa.select(POLICY_GAP.c.body).join(t.CASE, t.CASE.c.id == POLICY_GAP.c.case_id)
        query = query.where(visible(self._classes), POLICY_GAP.c.open if is_open else ~POLICY_GAP.c.open)
        with self._database.read() as connection:
            bodies = connection.scalars(query.order_by(POLICY_GAP.c.due_at).limit(limit).offset(offset))
            return decode_all(bodies, PolicyGap)

    def gap(self, gap_id: str) -> PolicyGap:
        """One gap.

        Raises:
            NotFound: there is none, or the viewer may not know of its case.
        """
        query = sa.select(POLICY_GAP.c.body).join(t.CASE, t.CASE.c.id == POLICY_GAP.c.case_id)
        with self._database.read() as connection:
            body = connection.scalar(query.where(visible(self._classes), POLICY_GAP.c.id == gap_id))
        if body is None:
            raise NotFound(f"there is no gap {gap_id}")
        return msgspec.json.decode(body, type=PolicyGap)

    def _asked(self, connection: sa.Connection, asked: CaseFilter) -> list[sa.ColumnElement[bool]]:
        wanted = [visible(self._classes), *narrowed(asked, self._viewer)]
        if not asked.text.strip():
            return wanted
        # A list is counted and read: the text is looked for once.
        if asked.text not in self._found:
            self._found[asked.text] = with_text(connection, asked.text)
        return [*wanted, self._found[asked.text]]


def _up_to(*wanted: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    some = sa.select(sa.literal(1)).select_from(t.CASE).where(*wanted).limit(MOST)
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
