"""One's own account: password and sessions."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, HavenwallError, NotFound, Unauthenticated
from havenwall.model import Person, Viewer
from havenwall.web.access import Anyone, Served
from havenwall.web.access import person as only_person
from havenwall.web.console.render import show

Secret = Annotated[str, Form(max_length=1000)]


def show_account(request: Request, app: Served, viewer: Anyone) -> HTMLResponse:
    """The page."""
    return account_page(request, app, viewer)


def change_password(
    request: Request, app: Served, viewer: Anyone, present: Secret = "", wanted: Secret = ""
) -> HTMLResponse:
    """Set a new password; every other session ends."""
    me = own(app, viewer)
    try:
        if me.has_password:
            check_again(request, app, me, present)
        app.store.people.set_password(me.name, wanted, keep=request.state.session, by=viewer)
    except (BadInput, Conflict, Unauthenticated) as problem:
        return account_page(request, app, viewer, problem=problem)
    return account_page(request, app, viewer, done="The password is changed. Every other session has ended.")


def end_sessions(
    request: Request, app: Served, viewer: Anyone, id: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """End one other session, or all others."""
    me, sessions = own(app, viewer), app.store.sessions
    try:
        if id:
            sessions.end(me.name, id, by=viewer)
        else:
            sessions.end_all(me.name, keep=sessions.id_of(request.state.session), by=viewer)
    except (BadInput, NotFound) as problem:
        return account_page(request, app, viewer, problem=problem)
    return account_page(request, app, viewer, done="Ended.")


def own(app: App, viewer: Viewer) -> Person:
    """The person who asks.

    Raises:
        Forbidden: it is an API key.
    """
    return app.store.people.person(only_person(viewer).name.removeprefix("user:"))


def check_again(request: Request, app: App, me: Person, password: str) -> None:
    """Do nothing if this is the password of somebody who is signed in: the browser may be in other hands.

    Raises:
        Unauthenticated: it is not, or there were too many tries.
    """
    address = request.client.host if request.client else "unknown"
    if seconds := request.app.state.door.wait(address, me.name):
        raise Unauthenticated(f"too many tries; wait {math.ceil(seconds / 60)} min")
    app.store.people.check_password(me.name, password)
    request.app.state.door.welcome(address, me.name)


def account_page(
    request: Request, app: App, viewer: Viewer, *, problem: HavenwallError | None = None, done: str = ""
) -> HTMLResponse:
    """The page, after something was done or refused."""
    me = own(app, viewer)
    values = {
        "me": me,
        "sessions": app.store.sessions.of(me.name),
        "mine": app.store.sessions.id_of(request.state.session),
        "demanded": app.store.roles.role(me.role).second_factor,
        "problem": problem.message if problem else "",
        "done": done,
    }
    return show(request, viewer, "account.html", status=problem.status if problem else 200, **values)
