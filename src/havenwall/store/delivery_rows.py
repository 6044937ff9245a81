"""Rows of deliveries: which may go out, and what each carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.model import Action, ActionKind, ActionState
from havenwall.model.delivery import ActionNotice, Delivery, DeliveryState
from havenwall.store import schema as t
from havenwall.store.delivery_schema import DELIVERY as D
from havenwall.store.outbox import classes_of

_decode_action = msgspec.json.Decoder(Action).decode
_WAITING = DeliveryState.WAITING.value
_ENFORCED = (ActionKind.RESTRICT.value, ActionKind.REMOVE.value)


def newest(connection: sa.Connection, action_id: str) -> Action:
    """The present state of an action."""
    query = sa.select(t.ACTION.c.body).where(t.ACTION.c.id == action_id).order_by(t.ACTION.c.seq.desc())
    return _decode_action(connection.scalars(query.limit(1)).one())


def ready(endpoint: str, at: datetime) -> sa.ColumnElement[bool]:
    """Deliveries to an endpoint that may go out: due, nobody's, first of their entity, evidence preserved."""
    before = D.alias()
    older = sa.exists().where(
        before.c.endpoint == D.c.endpoint,
        before.c.entity == D.c.entity,
        before.c.state == _WAITING,
        before.c.seq < D.c.seq,
    )
    free = D.c.lease_until.is_(None) | (D.c.lease_until <= at)
    early = D.c.told.in_([ActionState.PLANNED.value]) & held(D)
    return (D.c.endpoint == endpoint) & (D.c.state == _WAITING) & (D.c.due_at <= at) & free & ~older & ~early


def overtaken(endpoint: str, at: datetime) -> sa.Update:
    """Pass over what was taken back while a worker that ended had it."""
    reversed_ = ActionState.REVERSED.value
    back = sa.exists().where(t.ACTION.c.id == D.c.action_id, t.ACTION.c.state == reversed_)
    free = D.c.lease_until.is_(None) | (D.c.lease_until <= at)
    stale = (D.c.endpoint == endpoint) & (D.c.state == _WAITING) & (D.c.told != reversed_) & free & back
    return sa.update(D).where(stale).values(state=DeliveryState.OVERTAKEN.value, lease_until=None)


def held(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a row of actions or deliveries waits for evidence of its entity to be preserved."""
    preserved = t.ACTION.alias()
    there = sa.exists().where(
        preserved.c.entity == table.c.entity,
        preserved.c.kind == ActionKind.PRESERVE.value,
        preserved.c.state == ActionState.CONFIRMED.value,
    )
    planned = table.c.told if table is D else table.c.state
    return table.c.kind.in_(_ENFORCED) & (planned == ActionState.PLANNED.value) & ~there


def notice_of(connection: sa.Connection, action_id: str, told: str) -> ActionNotice:
    """What a delivery carries: an action in the state that it tells of."""
    here = (t.ACTION.c.id == action_id) & (t.ACTION.c.state == told)
    row = connection.execute(sa.select(t.ACTION.c.seq, t.ACTION.c.body).where(here)).one()
    action = _decode_action(row.body)
    return ActionNotice.of(action, row.seq, classes_of(connection, [action.case_id])[action.case_id])


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """The record of a row."""
    return Delivery(
        id=row.id,
        endpoint=row.endpoint,
        action_id=row.action_id,
        kind=ActionKind(row.kind),
        entity=row.entity,
        told=ActionState(row.told),
        state=DeliveryState(row.state),
        tries=row.tries,
        at=row.at,
        due_at=row.due_at,
    )
