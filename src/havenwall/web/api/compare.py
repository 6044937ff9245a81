"""/v1/compare: what counts of found accounts say about two or more platforms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.audit.compare import Compared, CompareRequest, compare
from havenwall.web.access import FiguresViewer
from havenwall.web.api.codec import body, describe, reply

router = APIRouter(prefix="/v1/compare", tags=["audits"])


@router.post("", openapi_extra=describe(Compared, CompareRequest))
def compare_platforms(
    viewer: FiguresViewer, wanted: Annotated[CompareRequest, Depends(body(CompareRequest))]
) -> Response:
    """Compare platforms by the accounts found on them; nothing is kept. The sign may stay undetermined."""
    return reply(compare(wanted))
