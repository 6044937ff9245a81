"""Appeals as people and senders see them. Every query is narrowed to what the viewer may see."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import SEE_RIGHT, Right, Viewer, now
from havenwall.model.appeal import Appeal, AppealState
from havenwall.store.appeal_facts import involved
from havenwall.store.appeal_schema import APPEAL as A
from havenwall.store.appeals import decode_appeal
from havenwall.store.database import Database
from havenwall.store.rows import decode_all
from havenwall.store.schema import CASE
from havenwall.store.views.access import note_access


class AppealView:
    """What one viewer may see: who decides appeals those of their case classes, a key what it sent."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self._database = database
        self._viewer = viewer
        decides = viewer.may(Right.DECIDE_APPEALS)
        self._classes = [c.value for c, right in SEE_RIGHT.items() if decides and viewer.may(right)]

    def appeals(
        self, state: AppealState | None = None, *, overdue: bool = False, limit: int = 50, offset: int = 0
    ) -> list[Appeal]:
        """Appeals: those that wait, by when they are due, then the others, newest first."""
        query = sa.select(A.c.body).where(self._mine(), *_narrow(state, overdue))
        waits = A.c.state == AppealState.WAITING.value
        order = (sa.case((waits, 0), else_=1), sa.case((waits, A.c.due_at)), A.c.seq.desc())
        with self._database.read() as connection:
            return decode_all(connection.scalars(query.order_by(*order).limit(limit).offset(offset)), Appeal)

    def count(self, state: AppealState | None = None, *, overdue: bool = False) -> int:
        """How many appeals the viewer may see."""
        query = sa.select(sa.func.count()).select_from(A).where(self._mine(), *_narrow(state, overdue))
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def appeal(self, name: str) -> Appeal:
        """One appeal, by its id or number.

        Raises:
            NotFound: there is none, or the viewer may not know of it.
        """
        named = (A.c.id == name) | (A.c.number == name)
        with self._database.read() as connection:
            body = connection.scalar(sa.select(A.c.body).where(self._mine(), named))
        if body is None:
            raise NotFound(f"there is no appeal {name}")
        appeal = decode_appeal(body)
        note_access(self._database, self._viewer, "appeal", appeal.id)
        return appeal

    def took_part(self, appeal: Appeal) -> bool:
        """Whether the viewer decided or approved something about the entity before, and so may not decide."""
        with self._database.read() as connection:
            return self._viewer.name in involved(connection, appeal.entity)

    def _mine(self) -> sa.ColumnElement[bool]:
        sent = A.c.sender == self._viewer.name
        here = sa.exists().where(CASE.c.id == A.c.case_id, CASE.c.case_class.in_(self._classes))
        free = A.c.case_id.is_(None) & A.c.case_class.in_(self._classes)
        return here | free | sent if self._viewer.may(Right.SEND_REPORTS) else here | free


def _narrow(state: AppealState | None, overdue: bool) -> list[sa.ColumnElement[bool]]:
    found = [A.c.state == state.value] if state else []
    late = (A.c.state == AppealState.WAITING.value) & (A.c.due_at < now())
    return [*found, late] if overdue else found
