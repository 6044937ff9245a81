"""Decisions become cases, actions and standing."""

from __future__ import annotations

from havenwall.casework.carry_out import CARRY_OUT, topic_of
from havenwall.casework.desk import Desk
from havenwall.casework.view import CaseworkView
from havenwall.engine import Batch, Output, Stream
from havenwall.model import CaseClass, CaseTopic, Decision, Verb


class CaseworkStage:
    """Carries out decisions, each at the desk of its case."""

    name = "casework"
    reads = (Stream.DECISION,)
    notice_only = False

    def __init__(self, view: CaseworkView) -> None:
        self._view = view

    def run(self, batch: Batch) -> Output:
        """Carry out a batch of decisions, in order."""
        desks = _Desks(self._view)
        # A case is opened first, so that the actions of the same batch can name it.
        for decision in sorted(batch.decisions, key=lambda d: d.verb is not Verb.OPEN_CASE):
            CARRY_OUT[decision.verb](desks.of(decision), self._view, decision)
        return _merge([desk.output(batch.decisions[-1].at) for desk in desks.all()])


class _Desks:
    """One desk for each case that a batch touches."""

    def __init__(self, view: CaseworkView) -> None:
        self._view = view
        self._desks: dict[str, Desk] = {}

    def of(self, decision: Decision) -> Desk:
        """The desk a decision belongs to: that of its case, else of the live case of its topic."""
        if decision.case_id:
            return self._named(decision.case_id)
        topic = topic_of(self._view, decision)
        live = self._view.live_case(CaseClass.CHILD_SAFETY, topic)
        return self._named(live.id) if live else self._unopened(topic)

    def all(self) -> list[Desk]:
        """All desks."""
        return list(self._desks.values())

    def _named(self, case_id: str) -> Desk:
        if case_id not in self._desks:
            self._desks[case_id] = Desk(self._view, self._view.case(case_id))
        return self._desks[case_id]

    def _unopened(self, topic: CaseTopic) -> Desk:
        return self._desks.setdefault(f"new {topic.value}", Desk(self._view, None))


def _merge(outputs: list[Output]) -> Output:
    return Output(
        cases=tuple(case for output in outputs for case in output.cases),
        members=tuple(member for output in outputs for member in output.members),
        case_events=tuple(line for output in outputs for line in output.case_events),
        actions=tuple(action for output in outputs for action in output.actions),
        standing=tuple(change for output in outputs for change in output.standing),
    )
