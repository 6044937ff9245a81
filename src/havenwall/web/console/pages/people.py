"""People who may sign in."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.errors import BadInput, Conflict
from havenwall.model import Role
from havenwall.store.people import LINK_MINUTES
from havenwall.web.access import Manager, Served
from havenwall.web.console.render import show


class RoleChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A role with what it is for."""

    name: str
    words: str


ROLES: tuple[RoleChoice, ...] = (
    RoleChoice(name=Role.SPECIALIST.value, words="sees and decides child-safety cases"),
    RoleChoice(name=Role.ANALYST.value, words="sees child-safety cases, decides nothing"),
    RoleChoice(name=Role.AUDITOR.value, words="sees figures and audits, never a case"),
    RoleChoice(name=Role.ADMINISTRATOR.value, words="may do everything, people and keys included"),
)
"""From the one most people have to the one few should have."""


def show_people(request: Request, app: Served, viewer: Manager) -> HTMLResponse:
    """The page."""
    people = app.store.people.all()
    return show(request, viewer, "people.html", people=people, **_form())


def add_person(
    request: Request,
    app: Served,
    viewer: Manager,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Add a person and show their sign-in link, this once."""
    name = name.strip()
    try:
        person = app.store.people.add(name, _role(role))
    except (BadInput, Conflict) as problem:
        people, form = app.store.people.all(), _form(problem=problem.message, typed=name, chosen=role)
        return show(request, viewer, "people.html", status=problem.status, people=people, **form)
    link = f"{app.config.url}/sign-in/link#{app.store.people.new_link(person)}"
    form = _form(link=link, name=name)
    return show(request, viewer, "people.html", people=app.store.people.all(), **form)


def _role(sent: str) -> Role:
    if sent not in set(Role):
        raise BadInput("choose one", field="role")
    return Role(sent)


def _form(
    *, problem: str = "", typed: str = "", chosen: str = "", link: str = "", name: str = ""
) -> dict[str, Any]:
    values = {"problem": problem, "typed": typed, "chosen": chosen, "link": link, "name": name}
    return {**values, "roles": ROLES, "minutes": LINK_MINUTES}
