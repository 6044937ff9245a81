"""Queues and leases, for those who may."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from havenwall.app.config import Config
from havenwall.casework.queues import check_queue
from havenwall.errors import BadInput, Forbidden
from havenwall.model import SEE_RIGHT, WORK_RIGHT, Case, CaseClass, Queue, Right, Viewer, now
from havenwall.model.reason import LONGEST_REASON, reason_of
from havenwall.store import Store
from havenwall.store.queues import QueueChange, QueueCount

_LONGEST_SNOOZE = timedelta(days=30)
_log = structlog.get_logger()


class QueueDesk:
    """Sets up queues, and gives their cases to people."""

    def __init__(self, config: Config, store: Store) -> None:
        self._store = store
        self._lease = timedelta(minutes=config.lease_minutes)
        self._hand_over = timedelta(hours=config.hand_over_hours)

    def queues(self, viewer: Viewer) -> list[tuple[Queue, QueueCount]]:
        """The queues a viewer may know of, in the order in which they are asked, with what waits in each."""
        # A queue that is set up or taken away between the two reads is left out.
        found, view = self._store.queues.all().values(), self._store.cases(viewer)
        everything, counts = viewer.may(Right.MANAGE_QUEUES), self._store.queues.counts()
        seen = [queue for queue in found if everything or view.may_see(queue.case_class)]
        return [(queue, counts[queue.name]) for queue in seen if queue.name in counts]

    def save(self, viewer: Viewer, queue: Queue) -> QueueChange:
        """Keep a queue; the cases of its class go where the rules then want them.

        Raises:
            Forbidden: the viewer may not set up queues.
            BadInput: a setting is not acceptable; names the field.
        """
        viewer.need(Right.MANAGE_QUEUES)
        change = self._store.queues.save(check_queue(queue), viewer.name)
        _log.info("queue set", queue=queue.name, moved=change.moved, by=viewer.name)
        return change

    def delete(self, viewer: Viewer, name: str) -> QueueChange:
        """Take a queue away; its cases go where the other rules bring them.

        Raises:
            Forbidden: the viewer may not set up queues.
            NotFound: there is no such queue.
            Conflict: it is the default queue of a class.
        """
        viewer.need(Right.MANAGE_QUEUES)
        change = self._store.queues.delete(name, viewer.name)
        _log.info("queue deleted", queue=name, moved=change.moved, by=viewer.name)
        return change

    def take_next(self, viewer: Viewer, queue: str, but: str = "") -> Case | None:
        """The most urgent case of a queue that nobody works on, from now on held by the viewer; None if none
        waits. The case `but` is passed over, and so is what the viewer has passed or opted out of.

        Raises:
            NotFound: there is no such queue.
            Forbidden: the viewer may not work on cases of its class.
        """
        found = self._store.queues.queue(queue)
        self._need_work(viewer, found.case_class)
        spare = self._store.comforts.of(viewer.name).opt_out
        case_id = self._store.leases.take_next(viewer.name, queue, found.case_class, self._lease, but, spare)
        return self._store.cases(viewer).case(case_id) if case_id else None

    def take(self, viewer: Viewer, case_id: str) -> datetime:
        """Hold a case; returns until when.

        Raises:
            NotFound: there is no such case for this viewer.
            Forbidden: the viewer may not work on it.
            Conflict: somebody else does, or there is nothing left to do.
        """
        self._need_case(viewer, case_id)
        return self._store.leases.take(case_id, viewer.name, self._lease)

    def beat(self, viewer: Viewer, case_id: str) -> datetime:
        """A sign that the viewer still works on a case they hold; returns until when they hold it now.

        Raises:
            NotFound, Forbidden: as `take`.
            Conflict: they do not hold it any more.
        """
        self._need_case(viewer, case_id)
        return self._store.leases.beat(case_id, viewer.name, self._lease)

    def give_back(self, viewer: Viewer, case_id: str, why: str = "") -> None:
        """Hold a case no longer. Raises as `take`."""
        self._need_case(viewer, case_id)
        self._store.leases.give_back(case_id, viewer.name, why.strip()[:LONGEST_REASON] or "given back")

    def hand_over(self, viewer: Viewer, case_id: str, to: str, why: str) -> datetime:
        """Let somebody else hold a case, `hand_over_hours` long; returns until when.

        Raises:
            NotFound, Forbidden, Conflict: as `take`.
            BadInput: there is no such person who may work on the case, or no reason.
        """
        case = self._workable(viewer, case_id)
        person = {p.name: p for p in self._store.people.all()}.get(to.strip())
        if person is None or person.disabled_at is not None or not may_work(person.viewer(), case.case_class):
            raise BadInput("nobody of this name may work on the case", field="to")
        reason, until = reason_of(why), self._hand_over
        return self._store.leases.hand_over(case_id, viewer.name, f"user:{person.name}", until, reason)

    def snooze(self, viewer: Viewer, case_id: str, until: datetime, why: str) -> None:
        """Put a case off until a moment at most 30 days ahead; its clock runs on.

        Raises:
            NotFound, Forbidden, Conflict: as `take`.
            BadInput: the moment or the reason is not acceptable.
        """
        case = self._workable(viewer, case_id)
        check_until(case, until)
        self._store.leases.snooze(case_id, viewer.name, until, reason_of(why))

    def escalate(self, viewer: Viewer, case_id: str, queue: str, why: str) -> None:
        """Put a case into another queue of its class.

        Raises:
            NotFound, Forbidden, Conflict: as `take`; NotFound also where there is no such queue.
            BadInput: there is no reason, or it waits there already.
        """
        case = self._workable(viewer, case_id)
        if case.queue == queue:
            raise BadInput("the case is in this queue already", field="queue")
        self._store.leases.move(case_id, viewer.name, queue, reason_of(why))

    def expire(self) -> int:
        """Give back what was held too long; returns how many."""
        return self._store.leases.expire()

    def _workable(self, viewer: Viewer, case_id: str) -> Case:
        case = self._store.cases(viewer).case(case_id)
        self._need_work(viewer, case.case_class)
        return case

    def _need_case(self, viewer: Viewer, case_id: str) -> None:
        # Shows nothing of the case, so it is no look that the access log would keep.
        self._need_work(viewer, self._store.cases(viewer).class_of(case_id))

    def _need_work(self, viewer: Viewer, case_class: CaseClass) -> None:
        if not self._store.cases(viewer).may_see(case_class):
            raise Forbidden(f"cases of {case_class.value} are not for you")
        viewer.need(WORK_RIGHT[case_class])


def check_until(case: Case, until: datetime | None) -> None:
    """Do nothing if a case may be put off until a moment.

    Raises:
        BadInput: it may not; names the field.
    """
    if until is None or until.tzinfo is None or not now() < until <= now() + _LONGEST_SNOOZE:
        raise BadInput("must lie in the future, at most 30 days ahead, and have a time zone", field="until")
    if until > case.due_at > now():
        raise BadInput("the case would be overdue before it comes back", field="until")


def may_work(viewer: Viewer, case_class: CaseClass) -> bool:
    """Whether somebody may take cases of a class in hand."""
    return viewer.may(WORK_RIGHT[case_class]) and viewer.may(SEE_RIGHT[case_class])
