"""Watches every request: an id, one log line, the metrics, and an answer when all else fails."""

from __future__ import annotations

import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from havenwall.model import new_id
from havenwall.web.metrics import Metrics
from havenwall.web.problems import answer, problem_of

_log = structlog.get_logger()


class Observe:
    """Logs the route, never the address: paths name accounts, and queries could hold anything."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = new_id()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            _log.exception("crashed")
            if status:
                raise
            await answer(Request(scope), problem_of(error))(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "none"
        self._metrics.request(scope["method"], route, status, seconds)
        # A recommender asks a thousand times a second: what went well is for debugging only.
        log = _log.info if status >= 400 else _log.debug
        log("request", method=scope["method"], route=route, status=status, ms=round(1000 * seconds, 1))
