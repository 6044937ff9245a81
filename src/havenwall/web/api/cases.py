"""/v1/cases: networks before a reviewer. A case outside the viewer's rights does not exist for them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.app import CaseGraph
from havenwall.errors import NotFound
from havenwall.model import Case, CaseState, Decision, MemberState, Referral, Risk, Verb
from havenwall.web.access import CaseDecider, CaseViewer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class DecisionRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reviewer's decision on members of a case."""

    verb: Verb
    """confirm or clear."""
    entities: list[str]
    why: str
    version: int
    """Of the case, as the reviewer saw it."""


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("", openapi_extra=describe(Page))
def list_cases(
    viewer: CaseViewer,
    app: Served,
    state: Annotated[list[CaseState] | None, Query()] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Cases, most urgent first."""
    found = app.store.cases(viewer).cases(states=state or (), limit=limit + 1, offset=offset)
    return page(found, limit, offset)


@router.get("/{case_id}", openapi_extra=describe(Case))
def one_case(viewer: CaseViewer, app: Served, case_id: str) -> Response:
    """One case."""
    return reply(app.store.cases(viewer).case(case_id))


@router.get("/{case_id}/members", openapi_extra=describe(Page))
def members(
    viewer: CaseViewer,
    app: Served,
    case_id: str,
    state: MemberState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Members of a case, most probable first."""
    view = app.store.cases(viewer)
    case = view.case(case_id)
    return page(view.members(case.id, state=state, limit=limit + 1, offset=offset), limit, offset)


@router.get("/{case_id}/history", openapi_extra=describe(Page))
def history(viewer: CaseViewer, app: Served, case_id: str, limit: Limit = 50, offset: Offset = 0) -> Response:
    """What happened to a case, newest first."""
    view = app.store.cases(viewer)
    case = view.case(case_id)
    return page(view.history(case.id, limit=limit + 1, offset=offset), limit, offset)


@router.get("/{case_id}/graph", openapi_extra=describe(CaseGraph))
def graph(
    viewer: CaseViewer, app: Served, case_id: str, limit: Annotated[int, Query(ge=1, le=1000)] = 300
) -> Response:
    """The most probable members and the ties among them."""
    case = app.store.cases(viewer).case(case_id)
    return reply(app.case_graph(viewer, case.id, limit))


@router.get("/{case_id}/risks/{entity:path}", openapi_extra=describe(Risk))
def risk(viewer: CaseViewer, app: Served, case_id: str, entity: str) -> Response:
    """The newest risk of a member, with what explains it."""
    case = app.store.cases(viewer).case(case_id)
    found = app.risk(viewer, case.id, entity)
    if found is None:
        raise NotFound(f"{entity} has no risk: it came in by a rule of its own")
    return reply(found)


@router.post("/{case_id}/decisions", status_code=201, openapi_extra=describe(Decision, DecisionRequest, 201))
def decide(
    viewer: CaseDecider,
    app: Served,
    case_id: str,
    wanted: Annotated[DecisionRequest, Depends(body(DecisionRequest))],
) -> Response:
    """Confirm or clear members; in force, and live in every guard, when this answers. Persons only."""
    decision = app.decide(person(viewer), case_id, wanted.version, wanted.verb, wanted.entities, wanted.why)
    return reply(decision, 201)


@router.post("/{case_id}/referral", status_code=201, openapi_extra=describe(Referral, status=201))
def refer(viewer: CaseDecider, app: Served, case_id: str) -> Response:
    """Draft a referral from what persons confirmed; kept, not sent. Persons only."""
    return reply(app.refer(person(viewer), case_id), 201)


@router.get("/{case_id}/referrals", openapi_extra=describe(Page))
def referrals(viewer: CaseViewer, app: Served, case_id: str) -> Response:
    """Referrals drafted from a case."""
    view = app.store.cases(viewer)
    found = view.referrals(view.case(case_id).id)
    return page(found, len(found), 0)
