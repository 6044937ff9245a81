"""Decisions become cases, actions and standing."""

from __future__ import annotations

from itertools import groupby

from havenwall.casework.carry_out import CARRY_OUT
from havenwall.casework.desk import Desk
from havenwall.casework.view import CaseworkView
from havenwall.engine import Batch, Output, Stream
from havenwall.model import Case, CaseClass, Verb


class CaseworkStage:
    """Carries out decisions, one case after the other."""

    name = "casework"
    reads = (Stream.DECISION,)
    notice_only = False

    def __init__(self, view: CaseworkView) -> None:
        self._view = view

    def run(self, batch: Batch) -> Output:
        """Carry out a batch of decisions, in order."""
        # A person's decision names its case; what a policy concluded goes to the live network case.
        live = self._view.live_case(CaseClass.CHILD_SAFETY)
        desks: dict[str | None, Desk] = {live.id if live else None: Desk(self._view, live)}
        default = next(iter(desks))
        # A case is opened first, so that the actions of the same batch can name it.
        ordered = sorted(batch.decisions, key=lambda d: d.verb is not Verb.OPEN_CASE)
        for case_id, decisions in groupby(ordered, key=lambda d: d.case_id or default):
            desk = desks.setdefault(case_id, Desk(self._view, self._case(case_id)))
            for decision in decisions:
                CARRY_OUT[decision.verb](desk, self._view, decision)
        return _merge([desk.output(batch.decisions[-1].at) for desk in desks.values()])

    def _case(self, case_id: str | None) -> Case | None:
        return self._view.case(case_id) if case_id else None


def _merge(outputs: list[Output]) -> Output:
    return Output(
        cases=tuple(case for output in outputs for case in output.cases),
        members=tuple(member for output in outputs for member in output.members),
        case_events=tuple(line for output in outputs for line in output.case_events),
        actions=tuple(action for output in outputs for action in output.actions),
        standing=tuple(change for output in outputs for change in output.standing),
    )
