"""/v1/me: settings of one's own and one's own exposure; /v1/exposure: all people together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Comfort, ExposureState
from havenwall.web.access import Anyone, QueueManager, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(prefix="/v1", tags=["wellbeing"])


@router.get("/me/settings", openapi_extra=describe(Comfort))
def settings(viewer: Anyone, app: Served) -> Response:
    """How one wants to see media, and which topics one is not handed. Persons only."""
    return reply(app.comfort.settings(person(viewer)))


@router.put("/me/settings", openapi_extra=describe(Comfort, Comfort))
def set_settings(viewer: Anyone, app: Served, wanted: Annotated[Comfort, Depends(body(Comfort))]) -> Response:
    """Set them; what is left out goes back to the careful default. Persons only."""
    return reply(app.comfort.set(person(viewer), wanted))


@router.get("/me/exposure", openapi_extra=describe(ExposureState))
def standing(viewer: Anyone, app: Served) -> Response:
    """Where one stands against the limits now. Persons only."""
    return reply(app.comfort.standing(person(viewer)))


@router.get("/me/exposures", openapi_extra=describe(Page))
def ledger(viewer: Anyone, app: Served, limit: Limit = 50, offset: Offset = 0) -> Response:
    """What one has revealed, newest first. Nobody else can ask for it. Persons only."""
    return page(app.comfort.ledger(person(viewer), limit + 1, offset), limit, offset)


@router.post("/me/exposure/leave", status_code=204)
def leave(viewer: Anyone, app: Served) -> Response:
    """One has no picture before one any more. Persons only."""
    app.exhibits.leave(person(viewer))
    return Response(status_code=204)


@router.get("/exposure/weeks", openapi_extra=describe(Page))
def weeks(viewer: QueueManager, app: Served) -> Response:
    """The last eight weeks that are over, all people together; nothing is told of fewer than five."""
    found = app.comfort.weeks(viewer)
    return page(found, max(1, len(found)), 0)
