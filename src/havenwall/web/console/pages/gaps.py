"""Gaps in the policy: what no rule covers, who settles it and by when."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, HavenwallError
from havenwall.model import Right, Viewer, now
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.render import show

_MOST = 200
_SEE_OTHER = 303


def show_gaps(request: Request, app: Served, viewer: AnyCaseViewer) -> Response:
    """The page: open gaps, most pressing first, and those closed."""
    return _page(request, app, viewer)


def close_gap(
    request: Request, app: Served, viewer: AnyCaseViewer, gap_id: str, outcome: Annotated[str, Form()] = ""
) -> Response:
    """Say what was settled."""
    try:
        app.case_desk.close_gap(person(viewer), gap_id, outcome)
    except BadInput as problem:
        return _page(request, app, viewer, problem)
    return RedirectResponse("/gaps", _SEE_OTHER)


def _page(request: Request, app: App, viewer: Viewer, problem: HavenwallError | None = None) -> Response:
    view = app.store.cases(viewer)
    return show(
        request,
        viewer,
        "gaps.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        gaps=view.gaps(limit=_MOST),
        closed=view.gaps(is_open=False, limit=_MOST),
        now=now(),
        may_close=viewer.may(Right.MANAGE_QUEUES),
    )
