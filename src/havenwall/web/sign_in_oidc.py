"""Signing in by another server: off to it, and back."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError, SourceFailed, Unauthenticated
from havenwall.web.access import Served, cookie_name, is_https, public
from havenwall.web.console import onward_page, sign_in_page
from havenwall.web.sign_in import address_of, door_of, let_in, told_to_wait

_SECONDS = 600
_log = structlog.get_logger()

router = APIRouter(tags=["sign-in"], include_in_schema=False)


@router.get("/sign-in/oidc", dependencies=[Depends(public)])
def begin(request: Request, app: Served) -> Response:
    """Send the browser to the sign-in server."""
    if seconds := _wait(request, app):
        return told_to_wait(app, seconds)
    try:
        address, kept = app.oidc.begin()
    except SourceFailed as problem:
        _log.error("sign-in server failed", problem=problem.message)
        return sign_in_page(problem="The sign-in server does not answer.", status=502, oidc=True)
    response = RedirectResponse(address, 303)
    _keep(response, app, kept, _SECONDS)
    return response


@router.get("/sign-in/oidc/callback", dependencies=[Depends(public)])
def come_back(request: Request, app: Served, state: str = "", code: str = "", iss: str = "") -> Response:
    """Let in whom the server sent back."""
    if seconds := _wait(request, app):
        return told_to_wait(app, seconds)
    kept = request.cookies.get(_name(app), "")
    try:
        person = app.oidc.finish(kept, state, code, iss)
    except (BadInput, Conflict, Forbidden, SourceFailed, Unauthenticated) as problem:
        _log.warning("sign-in server refused", problem=type(problem).__name__)
        refused = sign_in_page(problem=_told(problem), status=problem.status, oidc=True)
        _keep(refused, app, "", 0)
        return refused
    door_of(request).came_back(address_of(request))
    entered = let_in(request, app, person)
    # A redirect would still count as sent by the other server; the strict cookie would stay behind.
    response = onward_page(entered.headers["location"])
    response.raw_headers += [pair for pair in entered.raw_headers if pair[0] == b"set-cookie"]
    _keep(response, app, "", 0)
    return response


def _wait(request: Request, app: App) -> int:
    # Where there is no server there is nothing to spare: the answer is that there is none.
    return door_of(request).wait_elsewhere(address_of(request)) if app.config.oidc_issuer else 0


def _told(problem: HavenwallError) -> str:
    return problem.message if problem.status < 500 else "The sign-in server does not answer as it should."


def _name(app: App) -> str:
    return f"{cookie_name(app.config)}-oidc"


def _keep(response: Response, app: App, kept: str, seconds: int) -> None:
    # Lax, as the other server's answer must bring it along; it opens nothing by itself.
    response.set_cookie(
        _name(app),
        kept,
        max_age=seconds,
        path="/",
        secure=is_https(app.config),
        httponly=True,
        samesite="lax",
    )
