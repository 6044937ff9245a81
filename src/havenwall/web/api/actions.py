"""/v1/actions: what the platform is to do, for platforms that ask; and its word on what it has done."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Action, Right, Viewer
from havenwall.model.delivery import ActionNotice, Confirmation
from havenwall.web.access import Served, need
from havenwall.web.api.codec import body, describe, reply


class Notices(msgspec.Struct, frozen=True, kw_only=True):
    """Notices of actions, oldest first."""

    items: list[ActionNotice]
    next: int
    """Give this as `after` to go on."""


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """How an action stands, for its platform."""

    action_id: str
    state: str


ActionReader = Annotated[Viewer, Depends(need(Right.READ_ACTIONS))]
router = APIRouter(prefix="/v1/actions", tags=["actions"])


@router.get("", openapi_extra=describe(Notices))
def actions(
    viewer: ActionReader,
    app: Served,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """What the platform is to do after a position, oldest first; the same notices that webhooks carry."""
    found = app.deliveries.notices(viewer, after, limit)
    return reply(Notices(items=found, next=found[-1].seq if found else after))


@router.post("/{action_id}/confirm", openapi_extra=describe(Confirmed, Confirmation))
def confirm(
    viewer: ActionReader,
    app: Served,
    action_id: str,
    told: Annotated[Confirmation, Depends(body(Confirmation))],
) -> Response:
    """The platform has carried an action out, or taken it back; or it failed, with the reason."""
    return reply(_confirmed(app.deliveries.confirm(viewer, action_id, told)))


def _confirmed(action: Action) -> Any:
    return Confirmed(action_id=action.id, state=action.state.value)
