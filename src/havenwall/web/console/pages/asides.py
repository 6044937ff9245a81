"""Records that stages could not work on, with a button that has them tried again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, HavenwallError, NotFound
from havenwall.model import Right, Viewer
from havenwall.web.access import Manager, Served
from havenwall.web.console.render import show

_MOST = 500
_SEE_OTHER = 303


def show_asides(request: Request, app: Served, viewer: Manager) -> HTMLResponse:
    """The page, oldest first."""
    return _page(request, app, viewer)


def retry_asides(request: Request, app: Served, viewer: Manager, id: Annotated[str, Form()] = "") -> Response:
    """Have one record tried again, or all where none is named."""
    try:
        told = app.asides.try_again(viewer, [id] if id else ())
    except HavenwallError as problem:
        return _page(request, app, viewer, problem)
    where = "/aside?failed=true" if told.failed else "/aside"
    return RedirectResponse(where, _SEE_OTHER)


def give_up_aside(
    request: Request,
    app: Served,
    viewer: Manager,
    aside_id: str,
    why: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Let one record go."""
    try:
        app.asides.give_up(viewer, aside_id, why)
    except (BadInput, NotFound) as problem:
        return _page(request, app, viewer, problem)
    return RedirectResponse("/aside", _SEE_OTHER)


def _page(request: Request, app: App, viewer: Viewer, problem: HavenwallError | None = None) -> HTMLResponse:
    return show(
        request,
        viewer,
        "asides.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        still_fails="failed" in request.query_params,
        may_give_up=viewer.may(Right.SEE_CHILD_SAFETY),
        rows=app.asides.all(viewer, _MOST),
    )
