"""The members of cases as people see them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import SEE_RIGHT, Member, MemberState, Viewer
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.views.access import note_access
from havenwall.store.views.member_list import Fits, MemberPlace, listed, place_of


class MemberView:
    """Members of the cases that one viewer may see."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self._database = database
        self._viewer = viewer
        self._classes = frozenset(c.value for c, right in SEE_RIGHT.items() if viewer.may(right))

    def members(
        self,
        case_id: str,
        *,
        state: MemberState | None = None,
        text: str = "",
        fits: Fits | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Member]:
        """Members of a case, most probable first; of `text` and `fits` see `listed`."""
        here = self._in_case(t.MEMBER, case_id)
        with self._database.read() as connection:
            return listed(connection, here, state, text, fits, (limit, offset))

    def present(self, case_id: str, entities: Sequence[str]) -> set[str]:
        """Those of some entities, of which there are few, that are members of a case."""
        query = sa.select(t.MEMBER.c.entity).where(self._in_case(t.MEMBER, case_id))
        with self._database.read() as connection:
            return set(connection.scalars(query.where(t.MEMBER.c.entity.in_(entities))))

    def place(self, member: Member, case_id: str) -> MemberPlace:
        """Where a member stands in the order of `members`."""
        with self._database.read() as connection:
            return place_of(connection, self._in_case(t.MEMBER, case_id), member)

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

    def _in_case(self, table: sa.Table, case_id: str) -> sa.ColumnElement[bool]:
        # What was merged into the case belongs to it.
        here = (t.CASE.c.id == case_id) | (t.CASE.c.merged_into == case_id)
        seen = sa.select(t.CASE.c.id).where(here, t.CASE.c.case_class.in_(self._classes))
        return table.c.case_id.in_(seen)
