"""/v1/appeals: those who are restricted ask to look again, by way of platforms; and people decide."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Right, Viewer
from havenwall.model.appeal import (
    Appeal,
    AppealDraft,
    AppealStanding,
    AppealState,
    Finding,
    Statement,
    standing_of,
)
from havenwall.web.access import ReportSender, Served, need, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class AppealAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person who decides found, and why."""

    finding: Finding
    why: str
    """For the history, 1 to 2,000 characters; the person restricted does not read it."""


AppealDecider = Annotated[Viewer, Depends(need(Right.DECIDE_APPEALS))]
AppealViewer = Annotated[Viewer, Depends(need(Right.DECIDE_APPEALS, Right.SEND_REPORTS))]
"""By way of `store.appeals_for(viewer)`: people see their case classes, a key what it sent."""
ActionReader = Annotated[Viewer, Depends(need(Right.READ_ACTIONS))]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
router = APIRouter(prefix="/v1/appeals", tags=["appeals"])
statements = APIRouter(prefix="/v1/actions", tags=["actions"])


@router.post("", status_code=201, openapi_extra=describe(AppealStanding, AppealDraft, 201))
def send_appeal(
    sender: ReportSender, app: Served, draft: Annotated[AppealDraft, Depends(body(AppealDraft))]
) -> Response:
    """Keep an appeal; answered only once it is durable. Sending it again gives the same, with status 200."""
    standing = app.appeals.send(sender, draft)
    return reply(standing, 201 if standing.new else 200)


@router.get("", openapi_extra=describe(Page))
def list_appeals(
    viewer: AppealViewer,
    app: Served,
    state: AppealState | None = None,
    overdue: bool = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Appeals, those due first in front: to people those of their case classes, to a key those it sent."""
    found = app.store.appeals_for(viewer).appeals(state, overdue=overdue, limit=limit + 1, offset=offset)
    return page([_as_seen(viewer, one) for one in found], limit, offset)


@router.get("/{appeal_id}", openapi_extra=describe(Appeal))
def one_appeal(viewer: AppealViewer, app: Served, appeal_id: str) -> Response:
    """An appeal, by its id or number; a key sees where it stands and what the person is told."""
    return reply(_as_seen(viewer, app.store.appeals_for(viewer).appeal(appeal_id)))


@router.post("/{appeal_id}/decision", openapi_extra=describe(Appeal, AppealAnswer))
def decide_appeal(
    viewer: AppealDecider,
    app: Served,
    appeal_id: str,
    answer: Annotated[AppealAnswer, Depends(body(AppealAnswer))],
) -> Response:
    """Decide an appeal. Persons only, and nobody who decided or approved anything about this before."""
    return reply(app.appeals.decide(person(viewer), appeal_id, answer.finding, answer.why))


@statements.get("/{action_id}/statement", openapi_extra=describe(Statement))
def one_statement(viewer: ActionReader, app: Served, action_id: str, language: str = "en") -> Response:
    """The statement of reasons of a restriction, with the secret to appeal, to hand to whom it restricts."""
    return reply(app.appeals.statement(viewer, action_id, language))


def _as_seen(viewer: Viewer, appeal: Appeal) -> Appeal | AppealStanding:
    return appeal if viewer.may(Right.DECIDE_APPEALS) else standing_of(appeal)
