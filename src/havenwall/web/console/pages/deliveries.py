"""Endpoints of the platform, what waits for them, what failed for good; replay by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, NotFound
from havenwall.model import ActionKind, CaseClass, Right, Viewer
from havenwall.model.delivery import TOLD_KINDS, DeliveryState
from havenwall.web.access import Manager, Served
from havenwall.web.console.paging import address
from havenwall.web.console.render import show
from havenwall.web.console.words import problem_words

_SEE_OTHER = 303
_SIZE = 25
_TO_CHOOSE = {CaseClass.CHILD_SAFETY: Right.SEE_CHILD_SAFETY}


def show_deliveries(
    request: Request,
    app: Served,
    viewer: Manager,
    state: DeliveryState | Literal[""] = "",
    endpoint: str = "",
    page: int = 1,
) -> HTMLResponse:
    """The page. `state` and `endpoint` narrow the deliveries."""
    return _page(request, app, viewer, state=str(state), endpoint=endpoint, page=page)


def add_endpoint(
    request: Request,
    app: Served,
    viewer: Manager,
    name: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    kind: Annotated[list[ActionKind] | None, Form()] = None,
    case_class: Annotated[list[CaseClass] | None, Form()] = None,
) -> HTMLResponse:
    """Make an endpoint and show its secret, this once."""
    typed = {"name": name.strip(), "url": url.strip()}
    try:
        if not kind or not case_class:
            raise BadInput("choose at least one kind and one class")
        _, secret = app.deliveries.add(viewer, typed["name"], typed["url"], kind, case_class)
    except (BadInput, Conflict, Forbidden) as problem:
        return _page(request, app, viewer, problem=problem_words(problem), typed=typed, status=problem.status)
    return _page(request, app, viewer, secret=secret, made=typed["name"])


def change_endpoint(
    request: Request, app: Served, viewer: Manager, name: str, what: Annotated[str, Form()] = ""
) -> Response:
    """Switch an endpoint on or off, or send it a test."""
    try:
        if what == "test":
            return _page(request, app, viewer, tested=app.deliveries.test(viewer, name), made=name)
        if what not in ("on", "off"):
            raise BadInput("choose what to do")
        app.deliveries.change(viewer, name, on=what == "on")
    except (BadInput, NotFound) as problem:
        return _page(request, app, viewer, problem=problem_words(problem), status=problem.status)
    return RedirectResponse("/deliveries", _SEE_OTHER)


def replay_delivery(request: Request, app: Served, viewer: Manager, delivery_id: str) -> Response:
    """Let a delivery be sent once more."""
    try:
        app.deliveries.replay(viewer, delivery_id)
    except (Conflict, NotFound) as problem:
        return _page(request, app, viewer, problem=problem_words(problem), status=problem.status)
    return RedirectResponse("/deliveries#log", _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    *,
    state: str = "",
    endpoint: str = "",
    page: int = 1,
    status: int = 200,
    typed: dict[str, str] | None = None,
    **more: Any,
) -> HTMLResponse:
    page = max(1, min(page, 100_000))
    found = app.deliveries.log(
        viewer, endpoint=endpoint, state=state, limit=_SIZE + 1, offset=(page - 1) * _SIZE
    )
    tries = {one.id: app.deliveries.tries(viewer, one.id) for one in found[:_SIZE]}
    said = {"problem": "", "secret": "", "made": "", "tested": None}
    return show(
        request,
        viewer,
        "deliveries.html",
        status=status,
        endpoints=app.deliveries.endpoints(viewer),
        rows=found[:_SIZE],
        tries=tries,
        unable=app.deliveries.unable(viewer),
        filters=[_filter(each, state, endpoint) for each in ("", *DeliveryState)],
        previous=_address(state, endpoint, page - 1) if page > 1 else "",
        next=_address(state, endpoint, page + 1) if len(found) > _SIZE else "",
        kinds=TOLD_KINDS,
        classes=[each for each in CaseClass if viewer.may(_TO_CHOOSE.get(each, Right.MANAGE))],
        typed=typed or {"name": "", "url": ""},
        **(said | more),
    )


def _address(state: str, endpoint: str, page: int) -> str:
    return address("/deliveries", "log", state=state, endpoint=endpoint, page=page)


def _filter(each: str, chosen: str, endpoint: str) -> tuple[str, str, bool]:
    return (str(each) or "all", _address(str(each), endpoint, 1), each == chosen)
