"""Many cases at once: only what can be taken back at once, and what a second person must agree to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from havenwall.app.actions import ActionDesk
from havenwall.app.case_desk import CaseDesk
from havenwall.app.queues import QueueDesk, check_until, may_work
from havenwall.app.second_look import check_second_look
from havenwall.errors import BadInput, Forbidden, HavenwallError, NotFound
from havenwall.model import DECIDE_RIGHT, Case, CaseState, MemberState, Verb, Viewer, now
from havenwall.model.proposal import Radius
from havenwall.store import Store

BulkStep = Literal["move", "snooze", "close", "confirm", "clear", "restrict"]
"""The last three are decisions on all accounts that wait, and go to a second person."""
MOST_CASES = 100
_DECISIONS = {"confirm": Verb.CONFIRM, "clear": Verb.CLEAR, "restrict": Verb.RESTRICT}
_WAITING = frozenset({CaseState.OPEN, CaseState.IN_REVIEW})
_EVERYBODY = 1_000_000


class Bulk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step on many cases."""

    step: BulkStep
    cases: list[str]
    why: str = ""
    queue: str = ""
    """For `move`."""
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """For `snooze`."""


class BulkLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the step does to one case, or why it cannot."""

    case_id: str
    title: str
    possible: bool
    why_not: str = ""
    radius: Radius | None = None
    """Whom a decision would touch."""
    proposal: str = ""
    """What now waits for a second person."""


class BulkDesk:
    """Each case is a step of its own: one that cannot be done stops no other."""

    def __init__(self, store: Store, queues: QueueDesk, cases: CaseDesk, actions: ActionDesk) -> None:
        self._store, self._queues, self._cases, self._actions = store, queues, cases, actions

    def preview(self, viewer: Viewer, bulk: Bulk) -> list[BulkLine]:
        """What would happen to each case; nothing does.

        Raises:
            BadInput: no case was chosen, or too many.
            NotFound: one does not exist for this viewer.
        """
        return [self._previewed(viewer, bulk, case) for case in self._chosen(viewer, bulk)]

    def run(self, viewer: Viewer, bulk: Bulk) -> list[BulkLine]:
        """Do it, case by case. Raises as `preview`, and BadInput where there is no reason."""
        if not bulk.why.strip():
            raise BadInput("give a reason", field="why")
        return [self._run(viewer, bulk, case) for case in self._chosen(viewer, bulk)]

    def _chosen(self, viewer: Viewer, bulk: Bulk) -> Iterator[Case]:
        chosen = list(dict.fromkeys(bulk.cases))
        if not 0 < len(chosen) <= MOST_CASES:
            raise BadInput(f"choose 1 to {MOST_CASES} cases", field="cases")
        view = self._store.cases(viewer)
        return iter([view.case(case_id) for case_id in chosen])

    def _previewed(self, viewer: Viewer, bulk: Bulk, case: Case) -> BulkLine:
        try:
            radius = self._checked(viewer, bulk, case)
        except HavenwallError as problem:
            return _line(case, problem)
        return _line(case, radius=radius)

    def _checked(self, viewer: Viewer, bulk: Bulk, case: Case) -> Radius | None:
        if not may_work(viewer, case.case_class):
            raise Forbidden("you may not work on cases of this class")
        if case.held_by not in (None, viewer.name):
            raise BadInput("somebody else works on it")
        if case.state not in _WAITING:
            raise BadInput("it does not wait for work")
        if bulk.step == "move":
            self._check_queue(case, bulk.queue)
        if bulk.step == "snooze":
            check_until(case, bulk.until)
        if bulk.step not in ("move", "snooze"):
            viewer.need(DECIDE_RIGHT[case.case_class])
            check_second_look(self._store, viewer, case.id)
        if bulk.step in _DECISIONS:
            return self._actions.preview(viewer, case.id, self._waiting(viewer, case))
        return None

    def _check_queue(self, case: Case, name: str) -> None:
        queue = self._store.queues.all().get(name)
        if queue is None:
            raise NotFound("there is no such queue")
        if queue.case_class is not case.case_class:
            raise BadInput("the queue is for another class")
        if queue.name == case.queue:
            raise BadInput("it is in this queue already")

    def _run(self, viewer: Viewer, bulk: Bulk, case: Case) -> BulkLine:
        try:
            radius = self._checked(viewer, bulk, case)
            return _line(case, radius=radius, proposal=self._step(viewer, bulk, case))
        except HavenwallError as problem:
            return _line(case, problem)

    def _step(self, viewer: Viewer, bulk: Bulk, case: Case) -> str:
        steps: dict[str, Callable[[], object]] = {
            "move": lambda: self._queues.escalate(viewer, case.id, bulk.queue, bulk.why),
            "snooze": lambda: self._queues.snooze(viewer, case.id, bulk.until or now(), bulk.why),
            "close": lambda: self._cases.close(viewer, case.id, bulk.why),
        }
        if bulk.step in steps:
            steps[bulk.step]()
            return ""
        made = self._actions.decide(
            viewer,
            case.id,
            case.version,
            _DECISIONS[bulk.step],
            self._waiting(viewer, case),
            bulk.why,
            second=True,
        )
        return made.id

    def _waiting(self, viewer: Viewer, case: Case) -> Sequence[str]:
        view = self._store.cases(viewer)
        members = view.members(case.id, state=MemberState.PROPOSED, limit=_EVERYBODY)
        if not members:
            raise BadInput("no account of it waits for a decision")
        return [member.entity for member in members]


def _line(
    case: Case, problem: HavenwallError | None = None, *, radius: Radius | None = None, proposal: str = ""
) -> BulkLine:
    words = problem.plain if problem else ""
    return BulkLine(
        case_id=case.id,
        title=case.title,
        possible=problem is None,
        why_not=words,
        radius=radius,
        proposal=proposal,
    )
