"""What persons decide on a reported entity becomes an answer to each of its reporters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from havenwall.casework.reports.stage import REPORT_JOINED
from havenwall.casework.reports.texts import Templates, message
from havenwall.casework.reports.view import CasesView, ReportsView
from havenwall.engine import Batch, Output, Settled, Stream
from havenwall.model import (
    Case,
    CaseEvent,
    CaseState,
    CaseTopic,
    Member,
    MemberState,
    Report,
    ReportOutcome,
    ReportReason,
    ReportState,
    derived_id,
)

NO_RULE = "no_rule"
"""Line of a case's history: no rule covers it."""
_MOVING = ("merged", "split")
_WHOLE = (NO_RULE, REPORT_JOINED)
"""Lines that are about the entity the case is about, though they may name none."""
_ANSWER = {
    MemberState.CONFIRMED: ReportState.UPHELD,
    # Something was found and something is done: help.
    MemberState.CARE: ReportState.UPHELD,
    MemberState.CLEARED: ReportState.TURNED_DOWN,
}


class OutcomeStage:
    """Follows the history of cases, which casework writes in the order in which it carried decisions out."""

    name = "report-outcomes"
    reads = (Stream.CASE_EVENT,)
    notice_only = False

    def __init__(
        self, reports: ReportsView, cases: CasesView, templates: Callable[[], Templates] = dict
    ) -> None:
        """`templates`: the operator's messages as they are now."""
        self._reports, self._cases, self._templates = reports, cases, templates

    def run(self, batch: Batch) -> Output:
        """Settle the reports that wait for what persons decided; the last line about one stands."""
        own = self._templates() if batch.case_events else {}
        found = {one.report_id: one for line in batch.case_events for one in self._settled(line, own)}
        return Output(settled=tuple(found.values()))

    def _settled(self, line: CaseEvent, own: Templates) -> Iterator[Settled]:
        by_person = line.by.startswith("user:")
        case = self._case(line) if by_person or line.what == REPORT_JOINED else None
        if case is None:
            return
        members = self._cases.members(case.id)
        for report in self._reports.undecided(_about(case, line, members)):
            answer = _by_person if by_person else _on_joining
            settled = answer(case, line, report, members.get(report.subject))
            if settled:
                yield in_words(report, settled, own, before=not by_person)

    def _case(self, line: CaseEvent) -> Case | None:
        """The case in which the line's entities are from then on, if it can be an answer to reports."""
        if line.what in _MOVING:
            return self._cases.case(line.new or "")
        return (
            self._cases.case(line.case_id) if line.entities or line.what in _WHOLE or _closes(line) else None
        )


def _closes(line: CaseEvent) -> bool:
    return line.what == "state" and line.new == CaseState.CLOSED.value


def _about(case: Case, line: CaseEvent, members: Mapping[str, Member]) -> Sequence[str]:
    if line.entities:
        return line.entities
    return tuple(members) if _closes(line) else (case.key,)


def _by_person(case: Case, line: CaseEvent, report: Report, member: Member | None) -> Settled | None:
    """The answer that follows from a person's decision on the entity.

    It counts in the report's own case, and where another case of its class confirms: that an account does not
    belong to a network says nothing yet about what it was reported for.
    """
    own = report.case_id == case.id or _renewed(case, report)
    if line.what == NO_RULE:
        return settle(report, ReportState.NO_RULE, line, line.by) if own else None
    state = _ANSWER.get(member.state) if member else None
    if own and state is None and _closes(line):
        # Who closes a case without a decision has found nothing to do; its reporters must not wait for ever.
        state = ReportState.TURNED_DOWN
    if state is None or (report.contested_at is not None and line.by == report.decided_by):
        return None
    if own or (state is ReportState.UPHELD and report.case_class is case.case_class):
        return settle(report, state, line, (member and member.decided_by) or line.by)
    return None


def _renewed(case: Case, report: Report) -> bool:
    """Whether the case has taken the place of one that was closed because no rule covered it."""
    same = case.topic is CaseTopic.REPORT and case.case_class is report.case_class
    return same and report.state is ReportState.NO_RULE


def _on_joining(case: Case, line: CaseEvent, report: Report, member: Member | None) -> Settled | None:
    """The answer to a report that came when its entity was decided: right, if that is confirmed; and a
    repetition by the same reporter gets the same answer. Anything else has brought the entity up again."""
    if report.reason is ReportReason.CHILD_DANGER and not report.again_of:
        # Somebody reads it, whatever is known already and whoever sent it; the answer is theirs.
        return None
    if line.new != report.id or report.case_id != case.id or member is None or not member.decided_by:
        return None
    state = _ANSWER.get(member.state)
    if state is ReportState.UPHELD or (state is ReportState.TURNED_DOWN and report.again_of):
        return settle(report, state, line, member.decided_by, before=True)
    return None


def in_words(report: Report, settled: Settled, own: Templates, *, before: bool = False) -> Settled:
    """An answer in the operator's words, where there are some for it."""
    if not own:
        return settled
    told = settled.outcome
    language, said = message(
        told.state, report.language, report.number, again=told.second_look, before=before, own=own
    )
    told = msgspec.structs.replace(told, language=language, title=said.title, text=said.text)
    return msgspec.structs.replace(settled, outcome=told)


def settle(report: Report, state: ReportState, line: CaseEvent, by: str, *, before: bool = False) -> Settled:
    """The answer to a report that rests on a line of a case's history; `before`: what it is about was decided
    before it came."""
    again = report.contested_at is not None
    language, said = message(state, report.language, report.number, again=again, before=before)
    outcome = ReportOutcome(
        id=derived_id(report.id, state.value, line.decision_id or line.id),
        report_id=report.id,
        number=report.number,
        sender=report.sender,
        source_id=report.source_id,
        state=state,
        language=language,
        title=said.title,
        text=said.text,
        second_look=again,
        may_contest=state is ReportState.TURNED_DOWN and not again,
        at=line.at,
    )
    return Settled(report_id=report.id, state=state, by=by, outcome=outcome)
