"""Reports become cases: each brings its entity before a person."""

from __future__ import annotations

from havenwall.engine import Batch, Output, Stream
from havenwall.model import (
    CaseSource,
    CaseTopic,
    Circumstances,
    Decision,
    Report,
    ReportReason,
    ReportSource,
    ReportState,
    Verb,
    derived_id,
)

BY = "reports"
"""Who decides that a report belongs before a person."""
REPORT_INPUT = "report"
"""Role of the report among the inputs of a decision that opens a case."""
REPORT_JOINED = "report_joined"
"""Line of a case's history: a report became part of it; `new` is its id."""


class ReportStage:
    """One decision to open a case for each report but those set aside."""

    name = "reports"
    reads = (Stream.REPORT,)
    notice_only = False

    def run(self, batch: Batch) -> Output:
        """Decisions named by their reports, so that repeated work changes nothing."""
        due = (report for report in batch.reports if report.state is not ReportState.SET_ASIDE)
        return Output(decisions=tuple(map(opening, due)))


def opening(report: Report) -> Decision:
    """The decision to bring a report's entity before a person.

    The report is an input under its entity only where it is news: then a cleared entity comes up again. A
    repetition by the same reporter joins the case, and changes nothing in it.
    """
    news = {} if report.again_of else {report.subject: report.id}
    return Decision(
        id=derived_id(report.id, "report"),
        verb=Verb.OPEN_CASE,
        entities=(report.subject,),
        by=BY,
        why=_why(report),
        at=report.received_at,
        rule="report",
        topic=CaseTopic.REPORT,
        case_class=report.case_class,
        circumstances=circumstances_of(report),
        inputs=news | {REPORT_INPUT: report.id},
    )


def circumstances_of(report: Report) -> Circumstances:
    """What a report says about how pressing its case is. One of a muted reporter presses no more than a
    machine's finding, whatever it says; of a child in danger now it is read all the same."""
    danger = report.reason is ReportReason.CHILD_DANGER
    if report.muted:
        return Circumstances(language=report.language, to_be_read=danger, known_at=report.received_at)
    flagged = report.source is ReportSource.FLAGGER
    return Circumstances(
        source=CaseSource.FLAGGER if flagged else CaseSource.REPORT,
        language=report.language,
        imminent=danger,
        to_be_read=danger,
        known_at=report.received_at,
    )


def _why(report: Report) -> str:
    who = {ReportSource.FLAGGER: "a trusted flagger", ReportSource.PUBLIC: "the public form"}
    by = who.get(report.source, "a user of the platform")
    again = f"; says again what {report.again_of} says" if report.again_of else ""
    muted = "; its reporter is muted" if report.muted else ""
    return f"Report {report.number} by {by}: {report.reason.value.replace('_', ' ')}{again}{muted}."
