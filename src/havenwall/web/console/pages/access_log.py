"""Who looked at what."""

from __future__ import annotations

from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.web.access import AccessLogViewer, Served
from havenwall.web.console.render import show

_LINES = 200


def show_access_log(request: Request, app: Served, viewer: AccessLogViewer) -> HTMLResponse:
    """The page: the newest lines."""
    return show(request, viewer, "access_log.html", lines=app.store.access_log(_LINES))
