"""/v1/cases/{id}/exhibits: pictures in the vault. Text comes first; seeing one is a step of its own."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Exhibit
from havenwall.web.access import AnyCaseDecider, AnyCaseViewer, ExhibitViewer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply
from havenwall.web.api.media import Sent
from havenwall.web.picture import picture_answer


class Reveal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a picture must be seen."""

    why: str
    again: bool = False
    """Even though one that is the same, or nearly so, was revealed."""


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
_JPEG = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
_SHOWN: dict[str, Any] = {"responses": {"200": {"description": "A JPEG.", "content": _JPEG}}}
_REVEAL = describe(None, Reveal) | _SHOWN
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_ATTACH = describe(Exhibit, status=201) | {"requestBody": {"required": True, "content": _BYTES}}

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["exhibits"])


@router.get("/exhibits", openapi_extra=describe(Page))
def exhibits(
    viewer: AnyCaseViewer, app: Served, case_id: str, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """What is told of the pictures of a case: hash, size, kind, matches, cluster. None is shown."""
    return page(app.exhibits.pictures(viewer, case_id, limit + 1, offset), limit, offset)


@router.post("/exhibits", status_code=201, openapi_extra=_ATTACH)
def attach(
    viewer: AnyCaseDecider,
    app: Served,
    case_id: str,
    data: Sent,
    entity: Annotated[str, Query(max_length=300)],
) -> Response:
    """Seal the picture in the body as an exhibit of a member; sending it again changes nothing."""
    return reply(app.exhibits.attach(viewer, case_id, entity, data), 201)


@router.get("/exhibits/{exhibit_id}/thumbnail", openapi_extra=_SHOWN)
def thumbnail(viewer: ExhibitViewer, app: Served, case_id: str, exhibit_id: str) -> Response:
    """A small still picture, blurred and grey as one's settings say."""
    return picture_answer(app.exhibits.thumbnail(viewer, case_id, exhibit_id))


@router.post("/exhibits/{exhibit_id}/reveal", openapi_extra=_REVEAL)
def reveal(
    viewer: ExhibitViewer,
    app: Served,
    case_id: str,
    exhibit_id: str,
    wanted: Annotated[Reveal, Depends(body(Reveal))],
) -> Response:
    """The picture. It counts as seen until it is left or the next is revealed. Persons only."""
    shown = app.exhibits.reveal(person(viewer), case_id, exhibit_id, wanted.why, again=wanted.again)
    return picture_answer(shown)


@router.post("/pass", status_code=204)
def pass_case(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Leave the case to others, without a reason and without consequences. Persons only."""
    app.comfort.pass_case(person(viewer), case_id)
    return Response(status_code=204)
