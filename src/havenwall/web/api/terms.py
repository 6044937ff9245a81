"""/v1/terms: terms that a machine proposed for the operator's lists."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Right, TermProposal, TermState
from havenwall.web.access import CaseDecider, CaseViewer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class TermDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's decision on a proposed term."""

    state: Literal["accepted", "rejected"]
    why: str
    version: int
    """Of the proposal, as the person saw it."""
    severity: Literal["", "block", "suppress"] = ""
    """Of an accepted term: what the guard does with it."""


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(prefix="/v1/terms", tags=["terms"])


@router.get("/proposals", openapi_extra=describe(Page))
def proposals(
    viewer: CaseViewer, app: Served, state: TermState | None = None, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """Proposed terms, those seen with the most accounts of the network first."""
    found = app.terms.proposals(viewer, state)
    return page(found[offset : offset + limit + 1], limit, offset)


@router.post("/search", openapi_extra=describe(Page))
def search(viewer: CaseViewer, app: Served) -> Response:
    """Look for new terms now; answers with all that wait for a person.

    Reads all posts, so it needs the right to manage as well.
    """
    viewer.need(Right.MANAGE)
    found = app.terms.search(viewer)
    return page(found, max(len(found), 1), 0)


@router.post("/proposals/{proposal_id}/decision", openapi_extra=describe(TermProposal, TermDecision))
def decide(
    viewer: CaseDecider,
    app: Served,
    proposal_id: str,
    wanted: Annotated[TermDecision, Depends(body(TermDecision))],
) -> Response:
    """Accept or reject a proposed term; an accepted one is on the guard's lists at once. Persons only."""
    state = TermState(wanted.state)
    decided = app.terms.decide(
        person(viewer), proposal_id, wanted.version, state, wanted.why, wanted.severity
    )
    return reply(decided)
