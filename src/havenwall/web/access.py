"""The one way into a route: each says here who may come in. A route that does not say is not served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple, cast

import structlog
from fastapi import Depends
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from havenwall.app import App, Config
from havenwall.errors import Forbidden, HavenwallError, Unauthenticated
from havenwall.model import Right, Viewer
from havenwall.web.keyring import Keyring
from havenwall.web.security import SAFE_METHODS, check_csrf, csrf_token
from havenwall.web.tongue import speak


class Need:
    """Lets in who has a right, and gives the route its Viewer. Made by `need`."""

    def __init__(self, right: Right | None, *others: Right) -> None:
        self.right = right
        self.others = others

    async def __call__(self, request: Request) -> Viewer:
        """Who asks.

        Raises:
            Unauthenticated: neither a live session nor a live key came along.
            Forbidden: they may not, or a browser sent this on behalf of another page.
        """
        key = _bearer(request)
        session = None if key else request.cookies.get(cookie_name(served(request).config))
        viewer = await _viewer(request, key, session)
        structlog.contextvars.bind_contextvars(by=viewer.name)
        request.state.session = session
        if session:
            await _as_chosen(request, viewer)
        if session and request.method not in SAFE_METHODS:
            await check_csrf(request, session)
        if self.right is not None and not any(map(viewer.may, self.others)):
            viewer.need(self.right)
        return viewer


def need(right: Right | None, *others: Right) -> Need:
    """The dependency of a route for those with `right` or one of the others; None for all who are signed in.

    A route that several rights open checks in itself what each may do.

    Use: `viewer: Annotated[Viewer, Depends(need(Right.SEE_FIGURES))]`.
    """
    return Need(right, *others)


async def public() -> None:
    """The dependency of a route that is open to anybody. There are few; a test lists them."""


def served(request: Request) -> App:
    """The application behind a request."""
    return cast("App", request.app.state.havenwall)


def form_token(request: Request) -> str:
    """The token that every form of a signed-in person carries in its field `csrf`; else empty."""
    session = getattr(request.state, "session", None)
    return csrf_token(session) if session else ""


def cookie_name(config: Config) -> str:
    """Name of the session cookie; the prefix makes browsers refuse it from any other host or path."""
    return "__Host-havenwall" if is_https(config) else "havenwall"


def is_https(config: Config) -> bool:
    """Whether browsers reach the console by https."""
    return config.url.startswith("https://")


def person(viewer: Viewer) -> Viewer:
    """The viewer, if it is a person.

    Raises:
        Forbidden: it is an API key. What a person must decide, no machine decides for them.
    """
    if not viewer.name.startswith("user:"):
        raise Forbidden("a person must decide this", hint="sign in; an API key cannot")
    return viewer


class Entrance(NamedTuple):
    """Who may come in by a route."""

    path: str
    methods: frozenset[str]
    need: Need | None
    """None for a route that is open to anybody."""


def entrances(routes: Iterable[BaseRoute]) -> list[Entrance]:
    """Who may come in by each route. Static files are open and left out.

    Raises:
        HavenwallError: a route says neither `need` nor `public`.
    """
    found = iter_route_contexts(list(routes))
    return [_entrance(r) for r in found if not isinstance(getattr(r, "app", None), StaticFiles)]


async def _served(request: Request) -> App:
    # A dependency that is not async costs a thread; these run on every request.
    return served(request)


Served = Annotated[App, Depends(_served)]
Anyone = Annotated[Viewer, Depends(need(None))]
FiguresViewer = Annotated[Viewer, Depends(need(Right.SEE_FIGURES))]
CaseViewer = Annotated[Viewer, Depends(need(Right.SEE_CHILD_SAFETY))]
AnyCaseViewer = Annotated[Viewer, Depends(need(Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY))]
"""For cases of any class, by way of `store.cases(viewer)`, which shows each viewer their own classes."""
AnyCaseDecider = Annotated[Viewer, Depends(need(Right.DECIDE_GENERAL, Right.DECIDE_CHILD_SAFETY))]
"""As `AnyCaseViewer`; what is decided on names the right."""
QueueViewer = Annotated[Viewer, Depends(need(Right.MANAGE_QUEUES, Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY))]
QueueManager = Annotated[Viewer, Depends(need(Right.MANAGE_QUEUES))]
CaseDecider = Annotated[Viewer, Depends(need(Right.DECIDE_CHILD_SAFETY))]
Referrer = Annotated[Viewer, Depends(need(Right.REFER))]
ExhibitViewer = Annotated[Viewer, Depends(need(Right.SEE_EXHIBITS))]
"""For seeing preserved media; the case it belongs to asks for its class's right besides."""
GuardAsker = Annotated[Viewer, Depends(need(Right.ASK_GUARD))]
EventSender = Annotated[Viewer, Depends(need(Right.SEND_EVENTS))]
ReportSender = Annotated[Viewer, Depends(need(Right.SEND_REPORTS))]
ReportViewer = Annotated[Viewer, Depends(need(Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY, Right.SEND_REPORTS))]
"""For reports, by way of `store.reports_for(viewer)`: people see their case classes, a key what it sent."""
CaseHandler = Annotated[Viewer, Depends(need(Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY, Right.MANAGE_PEOPLE))]
ReporterManager = Annotated[Viewer, Depends(need(Right.MANAGE_PEOPLE))]
MediaViewer = Annotated[Viewer, Depends(need(Right.MATCH_MEDIA))]
Manager = Annotated[Viewer, Depends(need(Right.MANAGE))]
PeopleManager = Annotated[Viewer, Depends(need(Right.MANAGE_PEOPLE))]
AccessLogViewer = Annotated[Viewer, Depends(need(Right.SEE_ACCESS_LOG))]


def _entrance(route: RouteContext) -> Entrance:
    calls = list(_calls(getattr(route, "dependant", None)))
    needs = [call for call in calls if isinstance(call, Need)]
    if not needs and public not in calls:
        raise HavenwallError(f"the route {route.path} does not say who may come in")
    return Entrance(route.path or "", frozenset(route.methods or ()), needs[0] if needs else None)


def _calls(dependant: Any) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        yield dependency.call
        yield from _calls(dependency)


def _bearer(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


async def _as_chosen(request: Request, viewer: Viewer) -> None:
    # Before the page is made: its words are put together in the viewer's language.
    choice = await run_in_threadpool(served(request).store.console.choice, viewer.name)
    request.state.choice = choice
    if choice.language:
        speak(choice.language)


async def _viewer(request: Request, key: str | None, session: str | None) -> Viewer:
    if key:
        keyring: Keyring = request.app.state.keyring
        return await keyring.viewer(key)
    if session:
        return await run_in_threadpool(served(request).store.people.session_viewer, session)
    raise Unauthenticated(hint="sign in, or send Authorization: Bearer KEY")
