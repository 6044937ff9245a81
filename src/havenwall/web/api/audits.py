"""/v1/audits: what test accounts were shown with and without the guard."""

from __future__ import annotations

from datetime import datetime

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from havenwall.audit import AuditResult
from havenwall.errors import NotFound
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.api.codec import describe, reply


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """An audit that was kept."""

    at: datetime
    result: AuditResult


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    result: msgspec.Raw


router = APIRouter(prefix="/v1/audits", tags=["audits"])


@router.get("/newest", openapi_extra=describe(Audit))
def newest_audit(viewer: FiguresViewer, app: Served) -> Response:
    """The newest audit."""
    found = app.store.ledger.newest_audit()
    if found is None:
        raise NotFound("there is no audit yet", hint="run: havenwall audit")
    return reply(_Kept(at=found[0], result=msgspec.Raw(found[1])))
