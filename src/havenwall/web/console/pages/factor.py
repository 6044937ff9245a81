"""One's own second factor: set it up, renew the recovery codes, end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, HavenwallError, Unauthenticated
from havenwall.model import Person, Viewer
from havenwall.store.second_factor import address_of
from havenwall.web.access import Anyone, Served
from havenwall.web.console.pages.account import own
from havenwall.web.console.qr import qr_svg
from havenwall.web.console.render import show


def show_factor(request: Request, app: Served, viewer: Anyone) -> HTMLResponse:
    """The page."""
    return _page(request, app, viewer)


def change_factor(
    request: Request,
    app: Served,
    viewer: Anyone,
    what: Annotated[str, Form()] = "",
    code: Annotated[str, Form(max_length=100)] = "",
) -> HTMLResponse:
    """One step; all but the first need a code, so that a browser in other hands cannot take them."""
    me = own(app, viewer)
    try:
        codes = _change(request, app, viewer, me, what, code)
    except (BadInput, Conflict, Unauthenticated) as problem:
        return _page(request, app, viewer, problem=problem)
    return _page(request, app, viewer, codes=codes)


def _change(request: Request, app: App, viewer: Viewer, me: Person, what: str, code: str) -> Sequence[str]:
    factors = app.second_factors
    if what == "begin":
        factors.begin(me.name)
        return ()
    request.app.state.door.try_code(me.name)
    if what == "confirm":
        found = factors.confirm(me.name, code, keep=request.state.session, by=viewer)
    elif what in ("codes", "end"):
        factors.check(me.name, code)
        found = factors.renew_recovery(me.name, by=viewer) if what == "codes" else []
        if what == "end":
            factors.forget(me.name, by=viewer)
    else:
        raise BadInput("choose what to do", field="what")
    request.app.state.door.took_code(me.name)
    return found


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    *,
    problem: HavenwallError | None = None,
    codes: Sequence[str] = (),
) -> HTMLResponse:
    me = own(app, viewer)
    seed = app.second_factors.begun(me.name)
    values = {
        "me": me,
        "seed": " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)) if seed else "",
        "picture": qr_svg(address_of(me.name, seed), "QR code for an authenticator") if seed else "",
        "codes": codes,
        "left": app.second_factors.recovery_left(me.name),
        "demanded": app.store.roles.role(me.role).second_factor,
        "problem": problem.message if problem else "",
    }
    return show(request, viewer, "factor.html", status=problem.status if problem else 200, **values)
