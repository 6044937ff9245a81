"""A report that was turned down is contested: once, in time, with a reason."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.casework.reports.stage import REPORT_INPUT, opening
from havenwall.errors import BadInput, Conflict
from havenwall.model import (
    CONTEST_WITHIN,
    SECOND_LOOK_WITHIN,
    Decision,
    Report,
    ReportState,
    derived_id,
)

_LONGEST = 5000


def contest(report: Report, why: str, at: datetime) -> tuple[Report, Decision]:
    """The report as contested, and the decision that brings it before a person again.

    Raises:
        BadInput: there is no reason, or it is too long.
        Conflict: it was not turned down, was contested before, or that is too long ago.
    """
    if not 0 < len(why.strip()) <= _LONGEST:
        raise BadInput(f"say why, in 1 to {_LONGEST:,} characters", field="why")
    if report.contested_at is not None:
        raise Conflict("this report was contested already", hint="if something is new, send a new report")
    if report.state is not ReportState.TURNED_DOWN or report.decided_at is None:
        raise Conflict("only a report that was turned down can be contested")
    if at > report.decided_at + CONTEST_WITHIN:
        raise Conflict(f"this was decided more than {CONTEST_WITHIN.days} days ago", hint="send a new report")
    changes = {"state": ReportState.CONTESTED, "contested_at": at, "due_at": at + SECOND_LOOK_WITHIN}
    contested = msgspec.structs.replace(report, contest=why.strip(), **changes)
    return contested, _reopening(contested, at)


def _reopening(report: Report, at: datetime) -> Decision:
    reopening_id = derived_id(report.id, "contest")
    return msgspec.structs.replace(
        opening(report),
        id=reopening_id,
        at=at,
        rule="contest",
        why=f"Report {report.number} was turned down and is contested: a second look, by another person.",
        # Named by the contest, so that it is news about an entity cleared after the report itself.
        inputs={report.subject: reopening_id, REPORT_INPUT: report.id},
    )
