"""/v1/cases/{id}/...: holding a case, passing it on, and steps on the whole of it. Persons only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.model import Case, CaseEvent, PolicyGap
from havenwall.web.access import AnyCaseDecider, AnyCaseViewer, Served, person
from havenwall.web.api.codec import body, describe, reply


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a case is held."""

    held_until: datetime


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    why: str


class HandOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom a case goes."""

    to: str
    """Name of a person who may work on it."""
    why: str


class Snooze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when a case is put off."""

    until: Annotated[datetime, msgspec.Meta(tz=True)]
    why: str


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The queue a case goes to."""

    queue: str
    why: str


class Merger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The case that takes the members."""

    into: str
    why: str


class Split(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members that leave, and what their case is called."""

    entities: list[str]
    title: str
    why: str


class NoRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What no rule covers, and who settles it within how many days."""

    why: str
    owner: str
    days: int = 14


class NewNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note."""

    text: str
    outward: bool = False
    """Meant for people outside, such as who reported it."""


router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"])


@router.post("/lease", openapi_extra=describe(Lease))
def take(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Hold a case, so that nobody else is given it."""
    return reply(Lease(held_until=app.queues.take(person(viewer), case_id)))


@router.post("/lease/heartbeat", openapi_extra=describe(Lease))
def heartbeat(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """A sign of work: the case is held longer."""
    return reply(Lease(held_until=app.queues.beat(person(viewer), case_id)))


@router.delete("/lease", status_code=204)
def give_back(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Hold the case no longer."""
    app.queues.give_back(person(viewer), case_id)
    return Response(status_code=204)


@router.post("/hand-over", openapi_extra=describe(Lease, HandOver))
def hand_over(
    viewer: AnyCaseViewer, app: Served, case_id: str, wanted: Annotated[HandOver, Depends(body(HandOver))]
) -> Response:
    """Let somebody else hold the case."""
    return reply(Lease(held_until=app.queues.hand_over(person(viewer), case_id, wanted.to, wanted.why)))


@router.post("/snooze", status_code=204, openapi_extra=describe(None, Snooze, 204))
def snooze(
    viewer: AnyCaseViewer, app: Served, case_id: str, wanted: Annotated[Snooze, Depends(body(Snooze))]
) -> Response:
    """Put the case off; its clock runs on."""
    app.queues.snooze(person(viewer), case_id, wanted.until, wanted.why)
    return Response(status_code=204)


@router.post("/queue", status_code=204, openapi_extra=describe(None, Escalation, 204))
def escalate(
    viewer: AnyCaseViewer, app: Served, case_id: str, wanted: Annotated[Escalation, Depends(body(Escalation))]
) -> Response:
    """Put the case into another queue of its class."""
    app.queues.escalate(person(viewer), case_id, wanted.queue, wanted.why)
    return Response(status_code=204)


@router.post("/notes", status_code=201, openapi_extra=describe(CaseEvent, NewNote, 201))
def note(
    viewer: AnyCaseViewer, app: Served, case_id: str, wanted: Annotated[NewNote, Depends(body(NewNote))]
) -> Response:
    """Write a note into the case."""
    return reply(app.case_desk.note(person(viewer), case_id, wanted.text, outward=wanted.outward), 201)


@router.post("/close", openapi_extra=describe(Case, Reason))
def close(
    viewer: AnyCaseDecider, app: Served, case_id: str, wanted: Annotated[Reason, Depends(body(Reason))]
) -> Response:
    """Close the case."""
    return reply(app.case_desk.close(person(viewer), case_id, wanted.why))


@router.post("/reopen", openapi_extra=describe(Case, Reason))
def reopen(
    viewer: AnyCaseDecider, app: Served, case_id: str, wanted: Annotated[Reason, Depends(body(Reason))]
) -> Response:
    """Open a closed case again."""
    return reply(app.case_desk.reopen(person(viewer), case_id, wanted.why))


@router.post("/no-rule", status_code=201, openapi_extra=describe(PolicyGap, NoRule, 201))
def no_rule(
    viewer: AnyCaseDecider, app: Served, case_id: str, wanted: Annotated[NoRule, Depends(body(NoRule))]
) -> Response:
    """Decide that no rule covers the case; somebody has to settle the rule by a deadline."""
    gap = app.case_desk.no_rule(person(viewer), case_id, wanted.why, wanted.owner, wanted.days)
    return reply(gap, 201)


@router.post("/merge", openapi_extra=describe(Case, Merger))
def merge(
    viewer: AnyCaseDecider, app: Served, case_id: str, wanted: Annotated[Merger, Depends(body(Merger))]
) -> Response:
    """Bring the members of this case into another and close this one; answers with the other."""
    return reply(app.case_desk.merge(person(viewer), case_id, wanted.into, wanted.why))


@router.post("/split", status_code=201, openapi_extra=describe(Case, Split, 201))
def split(
    viewer: AnyCaseDecider, app: Served, case_id: str, wanted: Annotated[Split, Depends(body(Split))]
) -> Response:
    """Bring some members into a case of their own; answers with the new case."""
    new = app.case_desk.split(person(viewer), case_id, wanted.entities, wanted.title, wanted.why)
    return reply(new, 201)
