"""/v1/aside: records that stages could not work on."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.app.asides import TriedAgain
from havenwall.web.access import Manager, Served
from havenwall.web.api.case_work import Reason
from havenwall.web.api.codec import Page, body, describe, page, reply

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]


class TryAgain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records to try again; all where neither is given."""

    ids: list[str] = []
    stage: str | None = None


router = APIRouter(prefix="/v1/aside", tags=["system"])


@router.get("", openapi_extra=describe(Page))
def asides(
    viewer: Manager, app: Served, stage: str | None = None, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """What stages could not work on, oldest first: which record, the error, when, how often tried."""
    return page(app.asides.all(viewer, limit + 1, offset, stage), limit, offset)


@router.post("/retry", openapi_extra=describe(TriedAgain, TryAgain))
def retry(viewer: Manager, app: Served, wanted: Annotated[TryAgain, Depends(body(TryAgain))]) -> Response:
    """Have records worked on again, once what was wrong is mended."""
    return reply(app.asides.try_again(viewer, wanted.ids, wanted.stage))


@router.post("/{aside_id}/give-up", status_code=204, openapi_extra=describe(None, Reason, 204))
def give_up(
    viewer: Manager, app: Served, aside_id: str, told: Annotated[Reason, Depends(body(Reason))]
) -> Response:
    """Let a record go that no stage will ever work on; needs `see_child_safety` besides."""
    app.asides.give_up(viewer, aside_id, told.why)
    return Response(status_code=204)
