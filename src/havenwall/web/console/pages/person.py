"""One person: role, sessions, and whether they may sign in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import BadInput, Conflict
from havenwall.model import Viewer
from havenwall.store.people import LINK_MINUTES
from havenwall.web.access import PeopleManager, Served
from havenwall.web.console.accounts import ROLES, role_of
from havenwall.web.console.render import show


def show_person(request: Request, app: Served, viewer: PeopleManager, name: str) -> HTMLResponse:
    """The page."""
    return _page(request, app, viewer, name)


def change_person(
    request: Request,
    app: Served,
    viewer: PeopleManager,
    name: str,
    what: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Do one thing to a person, and show them again."""
    link = ""
    try:
        if what == "link":
            link = app.sign_in_link(app.store.people.person(name), viewer)
        else:
            _change(app, viewer, name, what, role)
    except (BadInput, Conflict) as problem:
        return _page(request, app, viewer, name, problem=problem.message, status=problem.status)
    return _page(request, app, viewer, name, link=link, done=True)


def _change(app: App, viewer: Viewer, name: str, what: str, role: str) -> None:
    people = app.store.people
    if what == "role":
        people.change_role(name, role_of(role), by=viewer)
    elif what == "disable":
        people.disable(name, by=viewer)
    elif what == "enable":
        people.enable(name, by=viewer)
    elif what == "forget_factor":
        app.second_factors.forget(name, by=viewer)
    elif what == "sign_out":
        app.store.sessions.end_all(people.person(name).name, by=viewer)
    else:
        raise BadInput("choose what to do", field="what")


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    name: str,
    *,
    problem: str = "",
    link: str = "",
    done: bool = False,
    status: int = 200,
) -> HTMLResponse:
    found = app.store.people.person(name)
    told = {"problem": problem, "link": link, "done": done, "minutes": LINK_MINUTES, "roles": ROLES}
    sessions = app.store.sessions.of(name)
    return show(request, viewer, "person.html", status=status, person=found, sessions=sessions, **told)
