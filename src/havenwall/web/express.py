"""Requests for hot routes go to them past the router, which would cost more than the guard's answer."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from havenwall.errors import HavenwallError
from havenwall.web.api.hot import HotRoute
from havenwall.web.problems import handled


class Express:
    """Answers requests for hot routes itself and passes all others on.

    The innermost middleware: a request has its id, its limits and its log line by then. Who may come in is
    asked by the route's own dependencies, as on the way through the router.
    """

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._hot = {
            (method, context.path): context.route
            for context in iter_route_contexts(list(routes))
            if isinstance(context.route, HotRoute)
            for method in context.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        route = self._hot.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            response = await route.answer(request)
        except (HavenwallError, HTTPException) as error:
            response = await handled(request, error)
        await response(scope, receive, send)
