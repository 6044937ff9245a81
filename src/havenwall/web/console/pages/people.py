"""People who may sign in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.errors import BadInput, Conflict
from havenwall.store.people import LINK_MINUTES
from havenwall.web.access import PeopleManager, Served
from havenwall.web.console.accounts import ROLES, role_of
from havenwall.web.console.render import show


def show_people(request: Request, app: Served, viewer: PeopleManager) -> HTMLResponse:
    """The page."""
    people = app.store.people.all()
    return show(request, viewer, "people.html", people=people, **_form())


def add_person(
    request: Request,
    app: Served,
    viewer: PeopleManager,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Add a person and show their sign-in link, this once."""
    name = name.strip()
    try:
        person = app.store.people.add(name, role_of(role), by=viewer)
    except (BadInput, Conflict) as problem:
        people, form = app.store.people.all(), _form(problem=problem.message, typed=name, chosen=role)
        return show(request, viewer, "people.html", status=problem.status, people=people, **form)
    form = _form(link=app.sign_in_link(person, viewer), name=name)
    return show(request, viewer, "people.html", people=app.store.people.all(), **form)


def _form(
    *, problem: str = "", typed: str = "", chosen: str = "", link: str = "", name: str = ""
) -> dict[str, Any]:
    values = {"problem": problem, "typed": typed, "chosen": chosen, "link": link, "name": name}
    return {**values, "roles": ROLES, "minutes": LINK_MINUTES}
