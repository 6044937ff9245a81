"""/v1/people and /v1/access-log: who may sign in, and who looked at what."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import Person, Role, Session
from havenwall.web.access import AccessLogViewer, PeopleManager, Served
from havenwall.web.api.codec import Page, body, describe, page, reply


class NewPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is to sign in."""

    name: str
    role: Role


class RoleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role a person is to have."""

    role: Role


class SignInLink(msgspec.Struct, frozen=True, kw_only=True):
    """A person with a link that signs them in once."""

    person: Person
    link: str
    """Shown here only; a new one can be made."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How many sessions ended."""

    ended: int


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(tags=["people"])


@router.get("/v1/people", openapi_extra=describe(Page))
def people(viewer: PeopleManager, app: Served) -> Response:
    """Everybody who may sign in, by name."""
    found = app.store.people.all()
    return page(found, max(len(found), 1), 0)


@router.post("/v1/people", openapi_extra=describe(SignInLink, NewPerson, 201))
def add(
    viewer: PeopleManager, app: Served, wanted: Annotated[NewPerson, Depends(body(NewPerson))]
) -> Response:
    """Let a person sign in; answers with a link that signs them in once."""
    person = app.store.people.add(wanted.name, wanted.role, by=viewer)
    return reply(SignInLink(person=person, link=app.sign_in_link(person, viewer)), 201)


@router.post("/v1/people/{name}/link", openapi_extra=describe(SignInLink))
def link(viewer: PeopleManager, app: Served, name: str) -> Response:
    """A fresh link that signs a person in once, within 30 minutes."""
    person = app.store.people.person(name)
    return reply(SignInLink(person=person, link=app.sign_in_link(person, viewer)))


@router.put("/v1/people/{name}/role", openapi_extra=describe(Person, RoleChange))
def change_role(
    viewer: PeopleManager, app: Served, name: str, wanted: Annotated[RoleChange, Depends(body(RoleChange))]
) -> Response:
    """Give a person another role; it holds from their next request. Persons only."""
    return reply(app.store.people.change_role(name, wanted.role, by=viewer))


@router.post("/v1/people/{name}/disable", openapi_extra=describe(Person))
def disable(viewer: PeopleManager, app: Served, name: str) -> Response:
    """Shut a person out; their sessions end at once."""
    app.store.people.disable(name, by=viewer)
    return reply(app.store.people.person(name))


@router.post("/v1/people/{name}/enable", openapi_extra=describe(Person))
def enable(viewer: PeopleManager, app: Served, name: str) -> Response:
    """Let a person in again."""
    app.store.people.enable(name, by=viewer)
    return reply(app.store.people.person(name))


@router.get("/v1/people/{name}/sessions", openapi_extra=describe(Page))
def sessions(viewer: PeopleManager, app: Served, name: str) -> Response:
    """Where a person is signed in, seen last first."""
    found: list[Session] = app.store.sessions.of(app.store.people.person(name).name)
    return page(found, max(len(found), 1), 0)


@router.delete("/v1/people/{name}/sessions", openapi_extra=describe(Ended))
def end_sessions(viewer: PeopleManager, app: Served, name: str) -> Response:
    """Sign a person out everywhere."""
    person = app.store.people.person(name)
    return reply(Ended(ended=app.store.sessions.end_all(person.name, by=viewer)))


@router.delete("/v1/people/{name}/second-factor", openapi_extra=describe(Person))
def forget_factor(viewer: PeopleManager, app: Served, name: str) -> Response:
    """End a person's second factor, for somebody who has lost it."""
    app.second_factors.forget(name, by=viewer)
    return reply(app.store.people.person(name))


@router.get("/v1/access-log", openapi_extra=describe(Page))
def access_log(viewer: AccessLogViewer, app: Served, limit: Limit = 50, offset: Offset = 0) -> Response:
    """Who looked at what and who changed whose rights, newest first."""
    return page(app.store.access_log(limit + 1, offset), limit, offset)
