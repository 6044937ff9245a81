"""/v1/cases/{id}/subject: the group, tag or live stream a case is about."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from havenwall.app.subject import subject_of
from havenwall.errors import NotFound
from havenwall.model.subject import Subject
from havenwall.web.access import AnyCaseViewer, Served
from havenwall.web.api.codec import describe, reply

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("/{case_id}/subject", openapi_extra=describe(Subject))
def subject(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Size, growth, risk and signals of a group or tag; matches over time and the time to act of a stream."""
    found = subject_of(app.store, viewer, case_id)
    if found is None:
        raise NotFound(f"case {case_id} is not about a group, a tag or a live stream")
    return reply(found)
