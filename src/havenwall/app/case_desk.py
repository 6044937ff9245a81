"""Steps on whole cases, notes and policy gaps, for those who may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from havenwall.app.config import Config, clocks
from havenwall.app.second_look import check_second_look
from havenwall.casework import steps
from havenwall.errors import BadInput
from havenwall.model import DECIDE_RIGHT, SEE_RIGHT, Case, CaseEvent, PolicyGap, Right, Viewer, new_id, now
from havenwall.store import Store

_LONGEST_NOTE = 10_000
_log = structlog.get_logger()


class CaseDesk:
    """What people do to cases as a whole. `carry_out` runs the stages that follow decisions."""

    def __init__(self, config: Config, store: Store, carry_out: Callable[[], object]) -> None:
        self._store = store
        self._clocks = clocks(config)
        self._carry_out = carry_out

    def close(self, viewer: Viewer, case_id: str, why: str) -> Case:
        """Close a case.

        Raises:
            NotFound: there is no such case for this viewer.
            Forbidden: the viewer may not decide on it, or a report in it is contested and they may not decide
                appeals.
            BadInput: there is no reason.
            Conflict: it is closed, has just changed, or somebody else works on it.
        """
        case = self._decidable(viewer, case_id)
        check_second_look(self._store, viewer, case.id)
        return self._keep(viewer, case, steps.close(case, self._members(case), self._given(viewer, why)))

    def reopen(self, viewer: Viewer, case_id: str, why: str) -> Case:
        """Open a closed case again. Raises as `close`."""
        case = self._decidable(viewer, case_id)
        return self._keep(viewer, case, steps.reopen(case, self._members(case), self._given(viewer, why)))

    def no_rule(self, viewer: Viewer, case_id: str, why: str, owner: str, days: int) -> PolicyGap:
        """Decide that no rule covers a case: it is closed, and `owner` has to settle the rule within `days`.

        Raises:
            NotFound, Forbidden, Conflict: as `close`.
            BadInput: the owner is nobody, or there is no reason or deadline.
        """
        case = self._decidable(viewer, case_id)
        check_second_look(self._store, viewer, case.id)
        owner, by = self._owner(owner, case), self._given(viewer, why)
        if not 1 <= days <= 365:
            raise BadInput("must lie between 1 and 365 days", field="days")
        due = by.at + timedelta(days=days)
        step = steps.no_rule(case, self._members(case), by, owner, due)
        self._keep(viewer, case, step)
        self._carry_out()
        gap = step.gap
        assert gap is not None
        return gap

    def merge(self, viewer: Viewer, case_id: str, into: str, why: str) -> Case:
        """Bring the members of a case into another one; returns that one.

        Raises:
            NotFound, Conflict: as `close`, for either case.
            Forbidden: the viewer may not merge cases.
            BadInput: the two cannot be merged.
        """
        viewer.need(Right.INVESTIGATE)
        case, other = self._decidable(viewer, case_id), self._decidable(viewer, into)
        by = self._given(viewer, why)
        step = steps.merge(other, self._members(other), case, self._members(case), by)
        return self._keep(viewer, other, step)

    def split(self, viewer: Viewer, case_id: str, entities: Sequence[str], title: str, why: str) -> Case:
        """Bring some members of a case into a new one; returns the new one. Raises as `merge`."""
        viewer.need(Right.INVESTIGATE)
        case = self._decidable(viewer, case_id)
        by, found = self._given(viewer, why), dict.fromkeys(entities)
        step = steps.split(case, self._members(case), tuple(found), title, by)
        self._keep(viewer, case, step)
        return self._store.cases(viewer).case(step.output.cases[-1].id)

    def note(self, viewer: Viewer, case_id: str, text: str, *, outward: bool = False) -> CaseEvent:
        """Write a note into a case. An outward one is for people outside: whoever reported something in the
        case before reads it where they see how their report stands.

        Raises:
            NotFound: there is no such case for this viewer.
            BadInput: the note is empty or too long.
        """
        case = self._store.cases(viewer).case(case_id)
        if not text.strip() or len(text) > _LONGEST_NOTE:
            raise BadInput(f"write up to {_LONGEST_NOTE:,} characters", field="text")
        note = self._line(viewer, case.id, "note", text.strip())
        note = msgspec.structs.replace(note, outward=outward)
        self._store.case_steps.add_note(note)
        return note

    def close_gap(self, viewer: Viewer, gap_id: str, outcome: str) -> PolicyGap:
        """Say what the rule is; the case can be opened again.

        Raises:
            NotFound: there is no such open gap for this viewer.
            Forbidden: the viewer neither owns it nor sets up queues.
            BadInput: there is no outcome.
        """
        gap = self._store.cases(viewer).gap(gap_id)
        if viewer.name != gap.owner:
            viewer.need(Right.MANAGE_QUEUES)
        by = self._given(viewer, outcome)
        closed = msgspec.structs.replace(gap, closed_at=by.at, closed_by=viewer.name, outcome=by.why)
        line = self._line(viewer, gap.case_id, "gap_closed", by.why)
        self._store.case_steps.change_gap(closed, line)
        return closed

    def _decidable(self, viewer: Viewer, case_id: str) -> Case:
        case = self._store.cases(viewer).case(case_id)
        viewer.need(DECIDE_RIGHT[case.case_class])
        return case

    def _members(self, case: Case) -> steps.Members:
        return self._store.casework.members(case.id)

    def _given(self, viewer: Viewer, why: str) -> steps.Given:
        return steps.given(viewer, why, now(), self._clocks)

    def _owner(self, name: str, case: Case) -> str:
        known = {p.name: p for p in self._store.people.all() if p.disabled_at is None}
        found = known.get(name.strip())
        if found is None:
            raise BadInput("there is nobody of this name", field="owner")
        if not found.viewer().may(SEE_RIGHT[case.case_class]):
            raise BadInput("may not see this case", field="owner", hint="choose somebody who may")
        return f"user:{name.strip()}"

    def _keep(self, viewer: Viewer, case: Case, step: steps.Stepped) -> Case:
        self._store.case_steps.commit(step.output, viewer.name, gone=step.gone, gap=step.gap)
        what = [line.what for line in step.output.case_events]
        _log.info("case step", case=case.id, what=what, by=viewer.name)
        return self._store.cases(viewer).case(case.id)

    @staticmethod
    def _line(viewer: Viewer, case_id: str, what: str, why: str) -> CaseEvent:
        at: datetime = now()
        return CaseEvent(id=new_id(), case_id=case_id, at=at, by=viewer.name, what=what, why=why)
