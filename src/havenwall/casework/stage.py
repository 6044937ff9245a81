"""Decisions become cases, actions and standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from havenwall.casework.carry_out import CARRY_OUT, topic_of
from havenwall.casework.desk import Desk
from havenwall.casework.in_force import InForce
from havenwall.casework.lifecycle import key_of, parts_of
from havenwall.casework.queues import Clocks
from havenwall.casework.view import CaseworkView
from havenwall.engine import Batch, Output, Stream
from havenwall.model import Case, CaseClass, CaseTopic, Decision, Verb


class CaseworkStage:
    """Carries out decisions, each at the desk of its case."""

    name = "casework"
    reads = (Stream.DECISION,)
    notice_only = False

    def __init__(self, view: CaseworkView, clocks: Clocks = Clocks()) -> None:
        self._view = view
        self._clocks = clocks

    def run(self, batch: Batch) -> Output:
        """Carry out a batch of decisions, in order."""
        in_force = InForce(self._view)
        desks = _Desks(self._view, self._clocks, in_force)
        for decision in in_order(batch.decisions):
            for part, desk in desks.of(decision):
                CARRY_OUT[part.verb](desk, self._view, part)
        return _merge([desk.output(batch.decisions[-1].at) for desk in desks.all()], in_force)


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """As they came, but between two decisions of persons a case is opened first, so that the actions of the
    same batch can name it. What comes up after a person cleared it must come up again, not be cleared too."""
    persons = accumulate(decision.by_person for decision in decisions)
    placed = [
        (n, not d.by_person, d.verb is not Verb.OPEN_CASE) for n, d in zip(persons, decisions, strict=True)
    ]
    return [decisions[at] for at in sorted(range(len(decisions)), key=placed.__getitem__)]


class _Desks:
    """One desk for each case that a batch touches."""

    def __init__(self, view: CaseworkView, clocks: Clocks, in_force: InForce) -> None:
        self._view = view
        self._clocks = clocks
        self._in_force = in_force
        self._desks: dict[str, Desk] = {}

    def of(self, decision: Decision) -> Iterator[tuple[Decision, Desk]]:
        """The desks a decision belongs to, with the part for each: that of its case, else of live cases."""
        if decision.case_id:
            yield decision, self._named(decision.case_id)
            return
        for part in parts_of(topic_of(self._view, decision), decision):
            topic = topic_of(self._view, part)
            yield part, self._live(part.case_class, topic, key_of(topic, part))

    def all(self) -> list[Desk]:
        """All desks."""
        return list(self._desks.values())

    def _named(self, case_id: str) -> Desk:
        if case_id not in self._desks:
            self._desks[case_id] = self._new(self._view.case(case_id))
        return self._desks[case_id]

    def _live(self, case_class: CaseClass, topic: CaseTopic, key: str) -> Desk:
        live = self._view.live_case(case_class, topic, key)
        if live:
            return self._named(live.id)
        return self._desks.setdefault(f"new {case_class} {topic} {key}", self._new(None))

    def _new(self, case: Case | None) -> Desk:
        return Desk(self._view, case, self._in_force, self._clocks)


def _merge(outputs: list[Output], in_force: InForce) -> Output:
    return Output(
        cases=tuple(case for output in outputs for case in output.cases),
        members=tuple(member for output in outputs for member in output.members),
        case_events=tuple(line for output in outputs for line in output.case_events),
        actions=in_force.done(),
        standing=in_force.changes(),
        attached=tuple(one for output in outputs for one in output.attached),
    )
