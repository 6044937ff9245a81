"""The working set while a batch of decisions is carried out: one case, its members, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from havenwall.casework.circumstances import known_of, noted, told
from havenwall.casework.in_force import InForce
from havenwall.casework.lifecycle import LIVE, Step, after, key_of, title_of
from havenwall.casework.queues import Clocks, clock_of, explained, total
from havenwall.casework.reports.stage import REPORT_INPUT, REPORT_JOINED
from havenwall.casework.view import CaseworkView
from havenwall.engine import Attached, Output, StandingChange
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    CaseEvent,
    CaseState,
    CaseTopic,
    Decision,
    Member,
    MemberState,
    Restriction,
    derived_id,
)


class Desk:
    """Collects the changes to one case (or to none) and gives them as one Output.

    Args: `in_force`: what all desks of a batch share; actions and standings are noted there.
    """

    def __init__(
        self, view: CaseworkView, case: Case | None, in_force: InForce, clocks: Clocks = Clocks()
    ) -> None:
        self.in_force = in_force
        self._clocks = clocks
        self._case = case
        self.members: dict[str, Member] = view.members(case.id) if case else {}
        self._changed: dict[str, Member] = {}
        self._events: dict[str, CaseEvent] = {}
        self._attached: list[Attached] = []

    @property
    def case(self) -> Case | None:
        """The case on the desk, as it was before the batch but for its circumstances."""
        return self._case

    @property
    def case_id(self) -> str | None:
        """Its id."""
        return self._case.id if self._case else None

    @property
    def case_class(self) -> CaseClass | None:
        """What kind of harm the case on the desk is about."""
        return self._case.case_class if self._case else None

    @property
    def topic(self) -> CaseTopic | None:
        """What holds the case on the desk together."""
        return self._case.topic if self._case else None

    def open(self, decision: Decision, topic: CaseTopic) -> None:
        """Put a new case on the desk."""
        key = key_of(topic, decision)
        self._case = Case(
            id=derived_id(decision.id, topic.value, *([key] if key else []), "case"),
            title="",
            case_class=decision.case_class,
            topic=topic,
            key=key,
            state=CaseState.OPEN,
            priority=0.0,
            opened_at=decision.at,
            updated_at=decision.at,
            due_at=decision.at,
            version=0,
            members=0,
            proposed=0,
            confirmed=0,
            cleared=0,
        )
        self.log(decision, "opened", ())

    def note(self, decision: Decision) -> None:
        """Take over what a decision says of the circumstances."""
        if self._case is None:
            return
        before, self._case = self._case, noted(self._case, decision)
        # The first line of a case tells that it was opened; no circumstances were there before.
        if before.version and before != self._case:
            self.log(decision, "circumstances", (), told(before), told(self._case))

    def begin_anew(self, decision: Decision) -> None:
        """Let the clock of a case in which nobody waits run from when we knew of what a decision tells."""
        waits = any(member.state is MemberState.PROPOSED for member in self.members.values())
        if self._case is not None and not waits:
            self._case = msgspec.structs.replace(self._case, known_at=known_of(decision))

    def attach(self, decision: Decision) -> None:
        """Put the report that a decision rests on, if it rests on one, into the case."""
        report = decision.inputs.get(REPORT_INPUT)
        if report is None or self.case_id is None:
            return
        self._attached.append(Attached(report_id=report, case_id=self.case_id))
        # Without entities: a report of somebody who is decided on just now does not stop that decision.
        self.log(decision, REPORT_JOINED, (), new=report)

    def put(self, members: Iterable[Member]) -> None:
        """Add or change members."""
        for member in members:
            self.members[member.entity] = self._changed[member.entity] = member

    def log(
        self,
        decision: Decision,
        what: str,
        entities: tuple[str, ...],
        old: str | None = None,
        new: str | None = None,
    ) -> None:
        """Write a line of the case's history."""
        if self._case is None:
            return
        # Two parts of one decision come to one desk where the cases of their entities were merged.
        line_id = derived_id(decision.id, what, self._case.id, *entities)
        self._events[line_id] = CaseEvent(
            id=line_id,
            case_id=self._case.id,
            at=decision.at,
            by=decision.by,
            what=what,
            why=decision.why,
            entities=entities,
            decision_id=decision.id,
            old=old,
            new=new or decision.verb.value,
            version=self._case.version + 1,
        )

    def act(self, decision: Decision, kind: ActionKind, entity: str, state: ActionState) -> None:
        """Plan or record an action on an entity."""
        self.in_force.act(
            Action(
                id=derived_id(decision.id, kind.value, entity),
                kind=kind,
                entity=entity,
                decision_id=decision.id,
                state=state,
                at=decision.at,
                by=decision.by,
                why=decision.why,
                case_id=self.case_id,
                expires_at=decision.expires_at if kind is ActionKind.RESTRICT else None,
            )
        )

    def reverse(self, decision: Decision, actions: Iterable[Action]) -> None:
        """Take actions back."""
        for action in actions:
            changes = {
                "state": ActionState.REVERSED,
                "at": decision.at,
                "by": decision.by,
                "why": decision.why,
            }
            self.in_force.act(msgspec.structs.replace(action, **changes))

    def stand(self, decision: Decision, entity: str, restriction: Restriction, *, confirmed: bool) -> None:
        """Change what is in force on an entity."""
        self.in_force.stand(
            StandingChange(
                entity=entity,
                restriction=restriction,
                confirmed=confirmed,
                decision_id=decision.id,
                reason=decision.rule or decision.verb.value,
            )
        )

    def output(self, at: datetime) -> Output:
        """Everything that changed in the case; its counts, state, priority and version are made anew."""
        case = self._closing_case(at)
        return Output(
            cases=(case,) if case else (),
            members=tuple(self._changed.values()),
            case_events=tuple(self._events.values()),
            attached=tuple(self._attached),
        )

    def _closing_case(self, at: datetime) -> Case | None:
        if self._case is None or not (self._changed or self._events):
            return None
        return remade(self._case, self.members, at, self._clocks)


def remade(case: Case, members: Mapping[str, Member], at: datetime, clocks: Clocks) -> Case:
    """A case with counts, state, title, priority, clock and version made anew from its members."""
    found = members.values()
    counts = {state.value: sum(m.state is state for m in found) for state in MemberState}
    case = msgspec.structs.replace(
        case,
        title=title_of(case, found),
        state=after(case.state, Step.MEMBERS, found) if case.state in LIVE else case.state,
        updated_at=at,
        version=case.version + 1,
        members=len(found),
        kinds=tuple(sorted({member.entity.partition(":")[0] for member in found})),
        **counts,
    )
    parts = explained(case, found, at)
    hours, clock = clock_of(clocks, case)
    due = (case.known_at or case.opened_at) + timedelta(hours=hours)
    return msgspec.structs.replace(case, priority_parts=parts, priority=total(parts), clock=clock, due_at=due)
