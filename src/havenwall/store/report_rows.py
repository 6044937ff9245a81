"""Rows of reports: how they are made, and how a stage's output changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.engine import Attached, Output, Settled
from havenwall.model import UNDECIDED, Report, ReportOutcome, ReportState
from havenwall.store.report_schema import REPORT, REPORT_OUTCOME
from havenwall.store.rows import chunks

MOVING = ("merged", "split")
"""Lines of a case's history after which entities are in another case: from `old` to `new`."""
_encode = msgspec.json.Encoder().encode
decode_report = msgspec.json.Decoder(Report).decode
decode_outcome = msgspec.json.Decoder(ReportOutcome).decode


def columns_of(report: Report) -> dict[str, Any]:
    """What of a report is in columns, and its body."""
    return {
        "id": report.id,
        "number": report.number,
        "sender": report.sender,
        "source_id": report.source_id,
        "subject": report.subject,
        "reporter": report.reporter,
        "reason": report.reason.value,
        "source": report.source.value,
        "case_class": report.case_class.value,
        "state": report.state.value,
        "case_id": report.case_id,
        "received_at": report.received_at,
        "body": _encode(report),
    }


def replace_report(connection: sa.Connection, report: Report) -> None:
    """Write a report as it is now."""
    connection.execute(sa.update(REPORT).where(REPORT.c.id == report.id).values(**columns_of(report)))


def find_report(connection: sa.Connection, report_id: str) -> Report | None:
    """A report by its id."""
    body = connection.scalar(sa.select(REPORT.c.body).where(REPORT.c.id == report_id))
    return decode_report(body) if body is not None else None


def outcome_of(row: Any) -> ReportOutcome:
    """The outcome of a row with `seq` and `body`, with its position in the feed."""
    return msgspec.structs.replace(decode_outcome(row.body), seq=row.seq)


def keep_reports(connection: sa.Connection, output: Output) -> None:
    """Put reports into their cases, and settle those that a person decided on."""
    _attach(connection, output.attached)
    for line in output.case_events:
        if line.what in MOVING and line.old and line.new:
            _follow(connection, line.old, line.new, line.entities)
    for settled in output.settled:
        _settle(connection, settled)


def _attach(connection: sa.Connection, attached: Iterable[Attached]) -> None:
    for one in attached:
        report = find_report(connection, one.report_id)
        if report is None:
            continue
        state = ReportState.IN_REVIEW if report.state is ReportState.RECEIVED else report.state
        replace_report(connection, msgspec.structs.replace(report, case_id=one.case_id, state=state))


def _follow(connection: sa.Connection, old: str, new: str, entities: Sequence[str]) -> None:
    """Reports go where the entities they are about went, when persons merge and split cases."""
    for part in chunks(entities):
        here = (REPORT.c.case_id == old) & REPORT.c.subject.in_(part)
        for report in map(decode_report, connection.scalars(sa.select(REPORT.c.body).where(here)).all()):
            replace_report(connection, msgspec.structs.replace(report, case_id=new))


def _settle(connection: sa.Connection, settled: Settled) -> None:
    report = find_report(connection, settled.report_id)
    if report is None or report.state not in UNDECIDED or report.state is settled.state:
        return
    at = settled.outcome.at
    changes = {"state": settled.state, "decided_by": settled.by, "decided_at": at, "due_at": None}
    if settled.state is ReportState.NO_RULE:
        # It still waits for a person; who contested it keeps the clock and the other person.
        changes = {"state": settled.state if report.contested_at is None else report.state}
    replace_report(connection, msgspec.structs.replace(report, **changes))
    there = sa.select(REPORT_OUTCOME.c.id).where(REPORT_OUTCOME.c.id == settled.outcome.id)
    if connection.scalar(there) is None:
        row = {"id": settled.outcome.id, "report_id": report.id, "sender": report.sender, "at": at}
        connection.execute(sa.insert(REPORT_OUTCOME).values(**row, body=_encode(settled.outcome)))
