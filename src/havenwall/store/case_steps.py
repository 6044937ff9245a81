"""What persons do to whole cases: close, open again, merge, split, note; and gaps in the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import NotFound
from havenwall.model import CaseEvent, PolicyGap, now
from havenwall.store.case_rows import C, add_lines
from havenwall.store.database import Database
from havenwall.store.keep import keep
from havenwall.store.leases import check_free
from havenwall.store.queue_schema import POLICY_GAP
from havenwall.store.quiet import check_quiet
from havenwall.store.rows import chunks
from havenwall.store.schema import CASE, MEMBER
from havenwall.store.second_look import refuse_own_closing

_encode = msgspec.json.Encoder().encode


class CaseSteps:
    """Keeps steps, each in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def commit(
        self,
        output: Output,
        by: str,
        *,
        gone: Mapping[str, Sequence[str]] | None = None,
        gap: PolicyGap | None = None,
    ) -> None:
        """Keep a step: what it changed, the members that left a case, and the gap it opened.

        Raises:
            Conflict: a case changed in the meantime, somebody else works on it, or a decision on it is being
                carried out.
        """
        ids = [case.id for case in output.cases]
        with self._database.write() as connection:
            check_free(connection, ids, by)
            check_quiet(connection, ids)
            refuse_own_closing(connection, output.cases, by)
            for case_id, entities in (gone or {}).items():
                _remove(connection, case_id, entities)
            keep(connection, output)
            for case in output.cases:
                if case.merged_into:
                    into = sa.update(CASE).where(C.merged_into == case.id)
                    connection.execute(into.values(merged_into=case.merged_into))
            if gap:
                _keep_gap(connection, gap)

    def add_note(self, note: CaseEvent) -> None:
        """Keep a note."""
        with self._database.write() as connection:
            add_lines(connection, [note])

    def change_gap(self, gap: PolicyGap, line: CaseEvent) -> None:
        """Keep what became of a gap, with its line in the history of the case.

        Raises:
            NotFound: it is not open, or there is none.
        """
        here = (POLICY_GAP.c.id == gap.id) & POLICY_GAP.c.open
        values = {"open": gap.closed_at is None, "due_at": gap.due_at, "body": _encode(gap)}
        with self._database.write() as connection:
            if connection.execute(sa.update(POLICY_GAP).where(here).values(**values)).rowcount != 1:
                raise NotFound("this gap is closed already, or there is none")
            add_lines(connection, [line])

    def gap_counts(self) -> tuple[int, int]:
        """How many gaps are open, and how many of them are overdue."""
        late = sa.func.coalesce(sa.func.sum(sa.case((POLICY_GAP.c.due_at < now(), 1), else_=0)), 0)
        query = sa.select(sa.func.count().label("open"), late.label("late")).where(POLICY_GAP.c.open)
        with self._database.read() as connection:
            row = connection.execute(query).one()
        return int(row.open), int(row.late)


def _remove(connection: sa.Connection, case_id: str, entities: Sequence[str]) -> None:
    for part in chunks(list(entities)):
        here = (MEMBER.c.case_id == case_id) & MEMBER.c.entity.in_(part)
        connection.execute(sa.delete(MEMBER).where(here))


def _keep_gap(connection: sa.Connection, gap: PolicyGap) -> None:
    row = {"case_id": gap.case_id, "open": True, "due_at": gap.due_at, "body": _encode(gap)}
    connection.execute(sa.insert(POLICY_GAP).values(id=gap.id, **row))
