"""Those who report: how often they were right, and who is muted, why and until when."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput
from havenwall.model import Right, Viewer
from havenwall.web.access import CaseHandler, ReporterManager, Served
from havenwall.web.console.paging import address, paged
from havenwall.web.console.render import show

_SIZE = 25
_SEE_OTHER = 303


def show_reporters(request: Request, app: Served, viewer: CaseHandler, page: int = 1) -> HTMLResponse:
    """The page: known reporters, those with the most reports first."""
    view = app.store.reports_for(viewer).reporters
    paging = paged(page, _SIZE, view.count(), lambda n: address("/reporters", page=n))
    rows = view.reputations(limit=_SIZE, offset=paging.offset)
    return show(request, viewer, "reporters.html", rows=rows, paging=paging)


def show_reporter(request: Request, app: Served, viewer: CaseHandler, reporter: str) -> HTMLResponse:
    """One reporter, with the form that mutes them."""
    return _page(request, app, viewer, reporter)


def mute_reporter(
    request: Request,
    app: Served,
    viewer: ReporterManager,
    reporter: str,
    days: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Mute a reporter, or end a mute with 0 days."""
    try:
        app.reports.mute(viewer, reporter, why, _number(days))
    except BadInput as problem:
        return _page(request, app, viewer, reporter, problem=problem, days=days, why=why)
    return RedirectResponse(f"/reporters/{quote(reporter, safe='')}", _SEE_OTHER)


def _number(days: str) -> float:
    if not days.strip().isdecimal():
        raise BadInput("must be a number of days", field="days")
    return float(days)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    reporter: str,
    *,
    problem: BadInput | None = None,
    days: str = "30",
    why: str = "",
) -> HTMLResponse:
    one = app.store.reports_for(viewer).reporters.reputation(reporter)
    return show(
        request,
        viewer,
        "reporter.html",
        status=problem.status if problem else 200,
        one=one,
        problem=problem.message if problem else "",
        days=days,
        why=why,
        may_mute=viewer.may(Right.MANAGE_PEOPLE),
    )
