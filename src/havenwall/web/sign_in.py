"""Signing in by password or by a link that works once, and signing out."""

from __future__ import annotations

import math
from typing import Annotated

import structlog
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import Unauthenticated
from havenwall.model import Person
from havenwall.store.people import HALF_MINUTES
from havenwall.web.access import Anyone, Served, cookie_name, is_https, public
from havenwall.web.console import code_page, link_page, sign_in_page
from havenwall.web.limits import Throttle
from havenwall.web.security import check_same_site

_AT_ONCE = 2
"""Password checks at a time: each takes 64 MB on purpose, and a flood of them must not take it all."""
_LONGEST_SECRET = 1000

_log = structlog.get_logger()


class Door:
    """Slows down those who guess: by address and name, and by address alone for those who try many names."""

    def __init__(self) -> None:
        self._by_name = Throttle(most=10)
        self._by_address = Throttle(most=100)
        self._by_code = Throttle(most=5)
        self._by_server = Throttle(most=100)
        self.places = CapacityLimiter(_AT_ONCE)

    def wait(self, address: str, name: str) -> int:
        """Seconds until this caller may try; 0 lets them, and counts the try."""
        return math.ceil(self._by_address.wait(address) or self._by_name.wait(f"{address} {name}"))

    def welcome(self, address: str, name: str) -> None:
        """Their failures do not count any more."""
        self._by_name.forget(f"{address} {name}")
        self._by_address.forget(address)

    def wait_elsewhere(self, address: str) -> int:
        """As `wait`, for steps of a sign-in by another server, which cost it and us a request each."""
        return math.ceil(self._by_server.wait(address))

    def came_back(self, address: str) -> None:
        """Somebody was let in from there: steps of before do not count any more."""
        self._by_server.forget(address)

    def try_code(self, person: str) -> None:
        """Count a try at a person's second factor, from wherever it comes.

        Raises:
            Unauthenticated: there were too many.
        """
        if seconds := math.ceil(self._by_code.wait(person)):
            raise Unauthenticated(f"too many tries; wait {math.ceil(seconds / 60)} min")

    def took_code(self, person: str) -> None:
        """The person's code was right: earlier failures do not count any more."""
        self._by_code.forget(person)


router = APIRouter(tags=["sign-in"], include_in_schema=False)
Text = Annotated[str, Form(max_length=_LONGEST_SECRET)]


@router.get("/sign-in", dependencies=[Depends(public)])
def sign_in_form(app: Served) -> Response:
    """The form for name and password."""
    return _form(app)


@router.post("/sign-in", dependencies=[Depends(public)])
async def sign_in(request: Request, app: Served, name: Text = "", password: Text = "") -> Response:
    """Check name and password; on to the console, or back to the form."""
    check_same_site(request)
    door, address = door_of(request), address_of(request)
    if seconds := door.wait(address, name):
        _log.warning("sign-in slowed", address=address)
        return told_to_wait(app, seconds, name)
    try:
        person = await to_thread.run_sync(
            app.store.people.check_password, name, password, limiter=door.places
        )
    except Unauthenticated as wrong:
        _log.warning("sign-in failed", address=address)
        return _form(app, name=name, problem=wrong.message, status=401)
    door.welcome(address, name)
    return await run_in_threadpool(let_in, request, app, person)


@router.get("/sign-in/link", dependencies=[Depends(public)])
def link_form() -> Response:
    """The page a link leads to. It asks for a press of its button: mail programs open links unasked.

    The secret stands after the #, which browsers keep to themselves; a script moves it into the form.
    """
    return link_page()


@router.post("/sign-in/link", dependencies=[Depends(public)])
def use_link(request: Request, app: Served, code: Text = "") -> Response:
    """Use up a link's secret and sign its person in."""
    check_same_site(request)
    try:
        person = app.store.people.use_link(code.strip().rpartition("#")[2])
        if person.disabled_at is not None:
            raise Unauthenticated
    except Unauthenticated:
        _log.warning("link refused", address=address_of(request))
        return link_page(problem="This code is not known, was used already, or is too old.", status=401)
    return let_in(request, app, person)


@router.get("/sign-in/code", dependencies=[Depends(public)])
def code_form() -> Response:
    """The form for the second factor."""
    return code_page()


@router.post("/sign-in/code", dependencies=[Depends(public)])
def use_code(request: Request, app: Served, code: Text = "") -> Response:
    """Check the second factor of somebody who has passed the first."""
    check_same_site(request)
    half = request.cookies.get(_half_name(app), "")
    try:
        person = app.store.people.half_person(half)
    except Unauthenticated:
        return _form(app, problem="That took too long. Begin again.", status=401)
    try:
        door_of(request).try_code(person.name)
        app.second_factors.check(person.name, code)
    except Unauthenticated as wrong:
        _log.warning("second factor refused", address=address_of(request))
        return code_page(problem=wrong.message, status=401)
    door_of(request).took_code(person.name)
    app.store.people.end(half)
    response = _signed_in(request, app, person)
    _set_cookie(response, app, "", 0, _half_name(app))
    return response


@router.post("/sign-out")
def sign_out(viewer: Anyone, request: Request, app: Served) -> Response:
    """End the session."""
    if request.state.session:
        app.store.people.end(request.state.session)
    _log.info("signed out")
    response = RedirectResponse("/sign-in", 303)
    _set_cookie(response, app, "", 0)
    return response


def let_in(request: Request, app: App, person: Person) -> Response:
    """What somebody is answered who has passed the first factor: a session, or the form for the second."""
    if not person.second_factor:
        return _signed_in(request, app, person)
    response = RedirectResponse("/sign-in/code", 303)
    _set_cookie(response, app, app.store.people.new_half(person), HALF_MINUTES * 60, _half_name(app))
    return response


def _signed_in(request: Request, app: App, person: Person) -> Response:
    old = request.cookies.get(cookie_name(app.config))
    if old:
        app.store.people.end(old)
    response = RedirectResponse("/", 303)
    device = request.headers.get("user-agent", "")
    seconds = int(app.store.people.life.longest.total_seconds())
    _set_cookie(response, app, app.store.people.new_session(person, device), seconds)
    _log.info("signed in", by=person.viewer().name)
    return response


def _half_name(app: App) -> str:
    return f"{cookie_name(app.config)}-half"


def _set_cookie(response: Response, app: App, secret: str, seconds: int, name: str = "") -> None:
    response.set_cookie(
        name or cookie_name(app.config),
        secret,
        max_age=seconds,
        path="/",
        secure=is_https(app.config),
        httponly=True,
        samesite="strict",
    )


def _form(app: App, *, name: str = "", problem: str = "", status: int = 200) -> Response:
    return sign_in_page(name=name, problem=problem, status=status, oidc=bool(app.config.oidc_issuer))


def told_to_wait(app: App, seconds: int, name: str = "") -> Response:
    """What somebody is answered who has tried too often."""
    minutes = math.ceil(seconds / 60)
    page = _form(app, name=name, problem=f"Too many tries. Wait {minutes} min and try again.", status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def door_of(request: Request) -> Door:
    """What slows down those who guess at this server."""
    door: Door = request.app.state.door
    return door


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"
