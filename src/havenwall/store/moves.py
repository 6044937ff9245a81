"""Moves an action from state to state; each state is a row of its own."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import Action, ActionState, now
from havenwall.model.delivery import TOLD_KINDS, Answered, Confirmation
from havenwall.store import schema as t

_S = ActionState
_FROM: dict[ActionState, tuple[ActionState, ...]] = {
    _S.SENT: (_S.PLANNED,),
    _S.CONFIRMED: (_S.PLANNED, _S.SENT, _S.FAILED),
    _S.FAILED: (_S.PLANNED, _S.SENT),
}
"""From which states an action may come to a state by what the platform says."""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Action).decode


def action_row(action: Action) -> dict[str, Any]:
    """The row of an action, without its body."""
    return {
        "id": action.id,
        "kind": action.kind.value,
        "state": action.state.value,
        "entity": action.entity,
        "case_id": action.case_id,
        "at": action.at,
        "expires_at": action.expires_at,
    }


def move(connection: sa.Connection, action_id: str, state: ActionState, by: str, why: str) -> Action:
    """Bring an action to a state if it can come there; returns how it then stands.

    Raises:
        NotFound: there is no such action that a platform has a part in.
    """
    query = sa.select(t.ACTION.c.body).where(t.ACTION.c.id == action_id).order_by(t.ACTION.c.seq.desc())
    body = connection.scalar(query.limit(1))
    action = _decode(body) if body else None
    if action is None or action.kind not in TOLD_KINDS:
        raise NotFound(f"there is no action {action_id}")
    if action.state not in _FROM[state]:
        return action
    moved = msgspec.structs.replace(action, state=state, at=now(), by=by, why=why or action.why)
    connection.execute(sa.insert(t.ACTION).values(**action_row(moved), body=_encode(moved)))
    return moved


def confirm(connection: sa.Connection, action_id: str, answer: Confirmation, by: str) -> Action:
    """Keep what a platform says of an action; saying it again changes nothing.

    Raises:
        NotFound: there is no such action that a platform has a part in.
        Conflict: the platform had confirmed it, and now says that it failed.
    """
    wanted = _S.CONFIRMED if answer.state is Answered.CONFIRMED else _S.FAILED
    moved = move(connection, action_id, wanted, by, answer.reason)
    if moved.state is _S.CONFIRMED and wanted is _S.FAILED:
        raise Conflict("this action was confirmed already")
    return moved
