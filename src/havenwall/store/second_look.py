"""A second look is another person's: who turned a report down does not decide on its contest."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from havenwall.errors import Forbidden
from havenwall.model import Case, CaseState, Decision, ReportState
from havenwall.store.report_rows import decode_report
from havenwall.store.report_schema import REPORT

_CONTESTED = REPORT.c.state == ReportState.CONTESTED.value


def refuse_own_second_look(connection: sa.Connection, decision: Decision) -> None:
    """Do nothing if others turned down the contested reports of these entities.

    Raises:
        Forbidden: it was the person who decides now, or the one who approves that.
    """
    here = _CONTESTED & (REPORT.c.case_id == decision.case_id) & REPORT.c.subject.in_(decision.entities)
    _refuse(connection, here, (decision.by, decision.approved_by or ""))


def refuse_own_closing(connection: sa.Connection, cases: Sequence[Case], by: str) -> None:
    """Do nothing if others turned down the contested reports in the cases that are closed by this.

    Raises:
        Forbidden: it was the person who closes them.
    """
    closed = [case.id for case in cases if case.state is CaseState.CLOSED and not case.merged_into]
    _refuse(connection, _CONTESTED & REPORT.c.case_id.in_(closed), (by,))


def _refuse(connection: sa.Connection, which: sa.ColumnElement[bool], by: Sequence[str]) -> None:
    contested = connection.scalars(sa.select(REPORT.c.body).where(which))
    for report in map(decode_report, contested):
        if report.decided_by in by:
            raise Forbidden(
                f"report {report.number} is contested, and you turned it down",
                hint="a second look is another person's; hand the case over",
            )
