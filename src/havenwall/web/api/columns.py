"""POST /v1/guard/columns: the guard's filter with arrays in and arrays out, for large lists."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.errors import BadInput
from havenwall.guard.columns import Columns, ColumnsRequest
from havenwall.web.access import GuardAsker, Served
from havenwall.web.api.codec import body, describe, reply
from havenwall.web.api.guard import MOST_CANDIDATES
from havenwall.web.api.hot import HotRoute

router = APIRouter(prefix="/v1/guard", tags=["guard"], route_class=HotRoute)


@router.post("/columns", openapi_extra=describe(Columns, ColumnsRequest))
async def filter_columns(
    asker: GuardAsker, app: Served, wanted: Annotated[ColumnsRequest, Depends(body(ColumnsRequest))]
) -> Response:
    """What is not plainly allowed on a surface, as parallel arrays; a candidate not named there is."""
    count = len(wanted.ids)
    if count > MOST_CANDIDATES:
        raise BadInput(f"are more than {MOST_CANDIDATES:,}", field="ids", hint="ask in parts")
    if any(not 0 <= place < count for place in wanted.tied):
        raise BadInput("is no place in ids", field="tied", hint="give row numbers from 0")
    found = app.guard.filter(
        wanted.ids,
        wanted.surface,
        viewer=wanted.viewer,
        viewer_class=wanted.viewer_class,
        tied=[wanted.ids[place] for place in wanted.tied],
    )
    app.tally.note(wanted.surface, count, found.verdicts)
    return reply(Columns.of(found, count))
