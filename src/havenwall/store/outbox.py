"""The outbox: a delivery for each endpoint that is to hear of an action, in the action's own transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.model import Action, ActionKind, ActionState, CaseClass, derived_id, now
from havenwall.model.delivery import TOLD_KINDS, DeliveryState, Endpoint
from havenwall.store import schema as t
from havenwall.store.delivery_schema import DELIVERY as D
from havenwall.store.delivery_schema import ENDPOINT
from havenwall.store.rows import by_names, chunks

_decode = msgspec.json.Decoder(Endpoint).decode
_decode_action = msgspec.json.Decoder(Action).decode
_PLANNED, _REVERSED = ActionState.PLANNED, ActionState.REVERSED


def is_told(action: Action) -> bool:
    """Whether the platform is told of an action in this state: what it is to do or take back, and what the
    guard does already."""
    own = action.kind is ActionKind.SUPPRESS and action.state is ActionState.CONFIRMED
    return action.kind in TOLD_KINDS and (own or action.state in (_PLANNED, _REVERSED))


def told_rows() -> sa.ColumnElement[bool]:
    """The rows of actions that `is_told` is true of."""
    a = t.ACTION.c
    own = (a.kind == ActionKind.SUPPRESS.value) & (a.state == ActionState.CONFIRMED.value)
    kinds = a.kind.in_([kind.value for kind in TOLD_KINDS])
    return kinds & (own | a.state.in_([_PLANNED.value, _REVERSED.value]))


def put_out(connection: sa.Connection, actions: Iterable[Action]) -> None:
    """Write a delivery of each action to each endpoint that is to hear of it.

    For an endpoint that is off it waits: one that comes back must not believe what is over.
    """
    told = [action for action in actions if is_told(action)]
    if told:
        _overtake(connection, [action for action in told if action.state is _REVERSED])
        _insert(connection, read_endpoints(connection), told)


def put_out_planned(connection: sa.Connection, endpoint: Endpoint) -> None:
    """Write deliveries of what was planned before there was this endpoint."""
    later = t.ACTION.alias()
    newer = sa.exists().where(later.c.id == t.ACTION.c.id, later.c.seq > t.ACTION.c.seq)
    planned = (t.ACTION.c.state == _PLANNED.value) & told_rows() & ~newer
    bodies = connection.scalars(sa.select(t.ACTION.c.body).where(planned).order_by(t.ACTION.c.seq)).all()
    _insert(connection, [endpoint], [_decode_action(body) for body in bodies])


def read_endpoints(connection: sa.Connection) -> list[Endpoint]:
    """All endpoints, by name."""
    return [
        _decode(body) for body in connection.scalars(sa.select(ENDPOINT.c.body).order_by(ENDPOINT.c.name))
    ]


def classes_of(connection: sa.Connection, case_ids: Iterable[str | None]) -> dict[str | None, CaseClass]:
    """The class of each case. What is in no case counts as child safety, the class fewest may see."""
    found: dict[str | None, CaseClass] = {None: CaseClass.CHILD_SAFETY}
    columns = [t.CASE.c.id, t.CASE.c.case_class]
    for row in by_names(connection, columns, t.CASE.c.id, (case for case in case_ids if case)):
        found[row.id] = CaseClass(row.case_class)
    return found


def _insert(connection: sa.Connection, endpoints: Sequence[Endpoint], actions: Sequence[Action]) -> None:
    classes, at = classes_of(connection, {action.case_id for action in actions}), now()
    heard = _heard(connection, [action.id for action in actions if action.state is _REVERSED])
    rows = [row for action in actions for row in _rows(endpoints, action, classes, heard, at)]
    known: set[str] = set()
    for part in chunks([row["id"] for row in rows]):
        known.update(connection.scalars(sa.select(D.c.id).where(D.c.id.in_(part))))
    rows = [row for row in rows if row["id"] not in known]
    if rows:
        connection.execute(sa.insert(D), rows)


def _heard(connection: sa.Connection, taken_back: Sequence[str]) -> set[tuple[str, str]]:
    """Which endpoint may have heard of which action; its settings may have changed since."""
    columns = [D.c.endpoint, D.c.action_id]
    return {(row.endpoint, row.action_id) for row in by_names(connection, columns, D.c.action_id, taken_back)}


def _rows(
    endpoints: Sequence[Endpoint],
    action: Action,
    classes: Mapping[str | None, CaseClass],
    heard: Collection[tuple[str, str]],
    at: datetime,
) -> Iterator[dict[str, Any]]:
    case_class = classes.get(action.case_id, CaseClass.CHILD_SAFETY)
    for endpoint in endpoints:
        wanted = action.kind in endpoint.kinds and case_class in endpoint.classes
        if wanted or (endpoint.name, action.id) in heard:
            yield {
                "id": derived_id(endpoint.name, action.id, action.state.value),
                "endpoint": endpoint.name,
                "action_id": action.id,
                "kind": action.kind.value,
                "entity": action.entity,
                "told": action.state.value,
                "state": DeliveryState.WAITING.value,
                "tries": 0,
                "at": at,
                "due_at": at,
            }


def _overtake(connection: sa.Connection, taken_back: Sequence[Action]) -> None:
    waiting = (D.c.state == DeliveryState.WAITING.value) & ~(D.c.lease_until > now()).is_(True)
    for part in chunks([action.id for action in taken_back]):
        gone = sa.update(D).where(waiting, D.c.action_id.in_(part))
        connection.execute(gone.values(state=DeliveryState.OVERTAKEN.value, lease_until=None))
    # Order within an entity is kept, so what waits before the news that it is free again must not wait long.
    for part in chunks(sorted({action.entity for action in taken_back})):
        connection.execute(sa.update(D).where(waiting, D.c.entity.in_(part)).values(due_at=now()))
