"""My settings, my exposure, and what managers read of everybody together."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadInput
from havenwall.model import Blur, CaseTopic, Comfort, Viewer
from havenwall.web.access import Anyone, QueueManager, Served, person
from havenwall.web.console.paging import address, one_more, page_number
from havenwall.web.console.render import show
from havenwall.web.tongue import gettext

_SIZE = 25


def show_settings(request: Request, app: Served, viewer: Anyone) -> Response:
    """The page."""
    return _settings(request, app, person(viewer))


async def change_settings(request: Request, app: Served, viewer: Anyone) -> Response:
    """Keep what the form says; a box that is not ticked is off."""
    form = await request.form()
    try:
        comfort = Comfort(
            blur=Blur(str(form.get("blur", ""))),
            grey="grey" in form,
            thumbnails="thumbnails" in form,
            opt_out=tuple(CaseTopic(str(topic)) for topic in form.getlist("opt_out")),
        )
    except ValueError as problem:
        raise BadInput(str(problem), field="settings", hint="choose from what the page offers") from problem
    return await run_in_threadpool(_kept, request, app, person(viewer), comfort)


def _kept(request: Request, app: App, viewer: Viewer, comfort: Comfort) -> Response:
    app.comfort.set(viewer, comfort)
    return _settings(request, app, viewer, done=gettext("Your settings are kept."))


def show_exposure(request: Request, app: Served, viewer: Anyone, page: int = 1) -> Response:
    """What one has seen oneself."""
    at = page_number(page)
    found = app.comfort.ledger(person(viewer), _SIZE + 1, (at - 1) * _SIZE)
    paging = one_more(at, _SIZE, len(found), lambda n: address("/account/exposure", page=n))
    values: dict[str, Any] = {"lines": found[:_SIZE], "paging": paging}
    values |= {"standing": app.comfort.standing(viewer), "item": app.exhibits.limits.item_seconds}
    return show(request, viewer, "exposure.html", **values)


def show_weeks(request: Request, app: Served, viewer: QueueManager) -> Response:
    """Weeks of everybody together."""
    return show(request, viewer, "exposure_weeks.html", weeks=app.comfort.weeks(viewer))


def _settings(request: Request, app: App, viewer: Viewer, done: str = "") -> Response:
    values: dict[str, Any] = {"blurs": list(Blur), "topics": list(CaseTopic), "done": done}
    return show(request, viewer, "settings.html", comfort=app.comfort.settings(viewer), **values)
