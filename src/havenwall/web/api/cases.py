"""/v1/cases: networks before a reviewer. A case outside the viewer's rights does not exist for them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.app import CaseGraph
from havenwall.errors import NotFound
from havenwall.model import Case, CaseClass, CaseState, CaseTopic, Decision, MemberState, Referral, Risk, Verb
from havenwall.model.proposal import Proposal
from havenwall.store.views.case_list import CaseFilter, CaseSort
from havenwall.web.access import AnyCaseDecider, AnyCaseViewer, Referrer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class DecisionRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reviewer's decision on members of a case."""

    verb: Verb
    """confirm, clear, restrict, remove, lift or care."""
    entities: list[str]
    why: str
    version: int
    """Of the case, as the reviewer saw it."""
    expires_at: datetime | None = None
    """When a restriction ends by itself."""
    policy: str | None = None
    """The platform's policy that was broken, one that has a weight; whoever is restricted reads its name."""


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("", openapi_extra=describe(Page))
def list_cases(
    viewer: AnyCaseViewer,
    app: Served,
    state: Annotated[list[CaseState] | None, Query()] = None,
    queue: str = "",
    topic: CaseTopic | None = None,
    case_class: CaseClass | None = None,
    overdue: bool = False,
    mine: bool = False,
    waiting: bool = False,
    q: Annotated[str, Query(max_length=300)] = "",
    sort: CaseSort = "priority",
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Cases, most urgent first, or sorted by `due` or `oldest`. `q` is part of a title or of what a case is
    about, a case's id, or a member."""
    asked = CaseFilter(
        queue=queue,
        states=tuple(each.value for each in state or ()),
        topic=topic,
        case_class=case_class,
        overdue=overdue,
        mine=mine,
        waiting=waiting,
        text=q,
        sort=sort,
    )
    found = app.store.cases(viewer).cases(asked=asked, limit=limit + 1, offset=offset)
    return page(found, limit, offset)


@router.get("/{case_id}", openapi_extra=describe(Case))
def one_case(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """One case."""
    return reply(app.store.cases(viewer).case(case_id))


@router.get("/{case_id}/members", openapi_extra=describe(Page))
def members(
    viewer: AnyCaseViewer,
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
def history(
    viewer: AnyCaseViewer, app: Served, case_id: str, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """What happened to a case, newest first."""
    view = app.store.cases(viewer)
    case = view.case(case_id)
    return page(view.history(case.id, limit=limit + 1, offset=offset), limit, offset)


@router.get("/{case_id}/graph", openapi_extra=describe(CaseGraph))
def graph(
    viewer: AnyCaseViewer, app: Served, case_id: str, limit: Annotated[int, Query(ge=1, le=1000)] = 300
) -> Response:
    """The most probable members and the ties among them."""
    case = app.store.cases(viewer).case(case_id)
    return reply(app.case_graph(viewer, case.id, limit))


@router.get("/{case_id}/risks/{entity:path}", openapi_extra=describe(Risk))
def risk(viewer: AnyCaseViewer, app: Served, case_id: str, entity: str) -> Response:
    """The newest risk of a member, with what explains it."""
    case = app.store.cases(viewer).case(case_id)
    found = app.risk(viewer, case.id, entity)
    if found is None:
        raise NotFound(f"{entity} has no risk: it came in by a rule of its own")
    return reply(found)


@router.post("/{case_id}/decisions", status_code=201, openapi_extra=describe(Decision, DecisionRequest, 201))
def decide(
    viewer: AnyCaseDecider,
    app: Served,
    case_id: str,
    wanted: Annotated[DecisionRequest, Depends(body(DecisionRequest))],
) -> Response:
    """Decide on members; in force, and live in every guard, when this answers 201. Answers 202 with a
    proposal where it takes a second person. Persons only."""
    done = app.decide(
        person(viewer),
        case_id,
        wanted.version,
        wanted.verb,
        wanted.entities,
        wanted.why,
        expires_at=wanted.expires_at,
        policy=wanted.policy,
    )
    return reply(done, 202 if isinstance(done, Proposal) else 201)


@router.post("/{case_id}/referral", status_code=201, openapi_extra=describe(Referral, status=201))
def refer(viewer: Referrer, app: Served, case_id: str) -> Response:
    """Draft a referral from what persons confirmed; kept, not sent. Persons only."""
    return reply(app.refer(person(viewer), case_id), 201)


@router.get("/{case_id}/referrals", openapi_extra=describe(Page))
def referrals(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Referrals drafted from a case."""
    view = app.store.cases(viewer)
    found = view.referrals(view.case(case_id).id)
    return page(found, len(found), 0)
