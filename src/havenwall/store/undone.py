"""What the platform could not take back: trouble until it can, and a line in the history of the case."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.model import Action, CaseEvent, derived_id, now
from havenwall.model.delivery import Answered, Confirmation
from havenwall.store.keep import keep
from havenwall.store.troubles import trouble, well_again


def note_undone(connection: sa.Connection, action: Action, answer: Confirmation, by: str) -> None:
    """Keep what a platform says of an action that it was to take back."""
    what = f"taking back {action.id[:40]}"
    if answer.state is not Answered.FAILED:
        well_again(connection, what)
        return
    # Whoever sees figures sees troubles: whom it is about, and why, stands in the case.
    trouble(connection, what, f"the platform could not take back a step ({action.kind.value})")
    if action.case_id:
        line = CaseEvent(
            id=derived_id(action.id, "not_taken_back"),
            case_id=action.case_id,
            at=now(),
            by=by,
            what="not_taken_back",
            why=answer.reason,
            entities=(action.entity,),
            decision_id=action.decision_id,
        )
        keep(connection, Output(case_events=(line,)))
