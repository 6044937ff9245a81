"""/v1/gaps: what no rule covers, and who settles it by when."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import PolicyGap
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]


class GapOutcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was settled."""

    outcome: str


router = APIRouter(prefix="/v1/gaps", tags=["cases"])


@router.get("", openapi_extra=describe(Page))
def gaps(
    viewer: AnyCaseViewer, app: Served, closed: bool = False, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """Gaps in the policy that cases one may see have shown, most pressing first."""
    found = app.store.cases(viewer).gaps(is_open=not closed, limit=limit + 1, offset=offset)
    return page(found, limit, offset)


@router.post("/{gap_id}/close", openapi_extra=describe(PolicyGap, GapOutcome))
def close(
    viewer: AnyCaseViewer, app: Served, gap_id: str, wanted: Annotated[GapOutcome, Depends(body(GapOutcome))]
) -> Response:
    """Say what the rule is. For the owner, or who manages queues. Persons only."""
    return reply(app.case_desk.close_gap(person(viewer), gap_id, wanted.outcome))
