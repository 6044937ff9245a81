"""API keys of programs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Forbidden
from havenwall.model import Right, Viewer, now
from havenwall.web.access import PeopleManager, Served
from havenwall.web.console.accounts import right_words
from havenwall.web.console.render import show

_DAYS = ("30", "90", "365", "")
"""How long a new key may hold; nothing for until it is revoked."""


def show_keys(request: Request, app: Served, viewer: PeopleManager) -> HTMLResponse:
    """The page."""
    return _page(request, app, viewer)


def make_key(
    request: Request,
    app: Served,
    viewer: PeopleManager,
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    days: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Make a key and show its secret, this once."""
    try:
        scopes = frozenset(_scope(one) for one in scope)
        made, secret = app.store.keys.add(name, scopes, expires_at=_until(days), by=viewer)
    except (BadInput, Forbidden) as problem:
        return _page(request, app, viewer, problem=problem.message, typed=name, status=problem.status)
    return _page(request, app, viewer, secret=secret, made=made.name)


def revoke_key(app: Served, viewer: PeopleManager, key_id: str) -> Response:
    """End a key, and back to the list."""
    app.store.keys.revoke(key_id, by=viewer)
    return RedirectResponse("/people/keys", 303)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    *,
    problem: str = "",
    typed: str = "",
    secret: str = "",
    made: str = "",
    status: int = 200,
) -> HTMLResponse:
    found, moment = app.store.keys.all(), now()
    ended = [key for key in found if key.revoked_at or (key.expires_at and key.expires_at <= moment)]
    given = {"problem": problem, "typed": typed, "secret": secret, "made": made, "days": _DAYS}
    scopes = [(right, right_words(right)) for right in Right if viewer.may(right)]
    live = [key for key in found if key not in ended]
    return show(request, viewer, "keys.html", status=status, keys=live, ended=ended, scopes=scopes, **given)


def _scope(sent: str) -> Right:
    if sent not in set(Right):
        raise BadInput("there is no such right", field="scope")
    return Right(sent)


def _until(days: str) -> datetime | None:
    if days not in _DAYS:
        raise BadInput("choose one", field="days")
    return now() + timedelta(days=int(days)) if days else None
