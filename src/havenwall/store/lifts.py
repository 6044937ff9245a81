"""What runs out by itself: the decisions that lift actions whose time is over."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from havenwall.model import Action, ActionState, CaseClass, Decision, Verb, derived_id, now
from havenwall.store import schema as t
from havenwall.store.outbox import classes_of
from havenwall.store.rows import by_names, decode_all


def lifts_due(connection: sa.Connection) -> tuple[Decision, ...]:
    """Lifts that nobody decided yet of actions whose time is over."""
    later, a = t.ACTION.alias(), t.ACTION.c
    newer = sa.exists().where(later.c.id == a.id, later.c.seq > a.seq)
    over = (a.expires_at <= now()) & (a.state != ActionState.REVERSED.value) & ~newer
    actions = decode_all(connection.scalars(sa.select(a.body).where(over)), Action)
    classes = classes_of(connection, {action.case_id for action in actions})
    return _unknown(connection, [_lift(action, classes[action.case_id]) for action in actions])


def _unknown(connection: sa.Connection, lifts: Sequence[Decision]) -> tuple[Decision, ...]:
    ids = [lift.id for lift in lifts]
    known = {row.id for row in by_names(connection, [t.DECISION.c.id], t.DECISION.c.id, ids)}
    return tuple(lift for lift in lifts if lift.id not in known)


def _lift(action: Action, case_class: CaseClass) -> Decision:
    return Decision(
        id=derived_id(action.id, "expired"),
        verb=Verb.LIFT,
        entities=(action.entity,),
        by="policy:expiry",
        why="its time is over",
        at=now(),
        rule="expiry",
        case_id=action.case_id,
        case_class=case_class,
        inputs={action.entity: action.id},
    )
