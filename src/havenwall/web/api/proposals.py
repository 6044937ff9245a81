"""/v1/proposals: decisions that wait for a second person; previews and strikes of a case's members."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.casework.strikes import StrikeTally
from havenwall.model import Decision, Right, Viewer
from havenwall.model.proposal import Proposal, ProposalState, Radius
from havenwall.web.access import AnyCaseDecider, AnyCaseViewer, Served, need, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class PreviewRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members that a decision would be about."""

    entities: list[str]


class Settling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's word."""

    why: str


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal, with whom it would touch now; the proposal itself says whom when it was made."""

    proposal: Proposal
    now: Radius


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
Second = Annotated[Viewer, Depends(need(Right.APPROVE))]
router = APIRouter(prefix="/v1", tags=["proposals"])


@router.post("/cases/{case_id}/preview", openapi_extra=describe(Radius, PreviewRequest))
def preview(
    viewer: AnyCaseDecider,
    app: Served,
    case_id: str,
    wanted: Annotated[PreviewRequest, Depends(body(PreviewRequest))],
) -> Response:
    """Whom a decision on some members would touch. Nothing is decided."""
    return reply(app.actions.preview(viewer, case_id, wanted.entities))


@router.get("/cases/{case_id}/strikes/{entity:path}", openapi_extra=describe(StrikeTally))
def strikes(viewer: AnyCaseViewer, app: Served, case_id: str, entity: str) -> Response:
    """The strikes of a member, counted from its decisions; what they recommend, nobody but a person does."""
    return reply(app.actions.strikes(viewer, case_id, entity))


@router.get("/proposals", openapi_extra=describe(Page))
def proposals(
    viewer: AnyCaseDecider,
    app: Served,
    state: ProposalState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Proposals in cases that the viewer may decide."""
    return page(app.actions.proposals(viewer, state, limit + 1, offset), limit, offset)


@router.get("/proposals/{proposal_id}", openapi_extra=describe(Proposed))
def proposal(viewer: AnyCaseDecider, app: Served, proposal_id: str) -> Response:
    """One proposal, with whom it would touch now."""
    found, radius = app.actions.proposal(viewer, proposal_id)
    return reply(Proposed(proposal=found, now=radius))


@router.post("/proposals/{proposal_id}/approve", openapi_extra=describe(Decision, Settling))
def approve(
    viewer: Second, app: Served, proposal_id: str, told: Annotated[Settling, Depends(body(Settling))]
) -> Response:
    """Be the second person; in force when this answers. Persons only, and never who proposed it."""
    return reply(app.actions.approve(person(viewer), proposal_id, told.why))


@router.post("/proposals/{proposal_id}/reject", status_code=204, openapi_extra=describe(None, Settling, 204))
def reject(
    viewer: AnyCaseDecider, app: Served, proposal_id: str, told: Annotated[Settling, Depends(body(Settling))]
) -> Response:
    """Do not agree, or take back one's own; nothing was done, and nothing will be. Persons only."""
    app.actions.reject(person(viewer), proposal_id, told.why)
    return Response(status_code=204)
