"""My settings, my exposure, and what managers read of everybody together."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadInput
from havenwall.model import Blur, CaseTopic, Comfort, Viewer
from havenwall.web.access import Anyone, QueueManager, Served, person
from havenwall.web.console.paging import Paging, address
from havenwall.web.console.render import show

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
    app.comfort.set(person(viewer), comfort)
    return _settings(request, app, viewer, done="Your settings are kept.")


def show_exposure(request: Request, app: Served, viewer: Anyone, page: int = 1) -> Response:
    """What one has seen oneself."""
    page = max(1, page)
    before = (page - 1) * _SIZE
    found = app.comfort.ledger(person(viewer), _SIZE + 1, before)
    paging = Paging(
        number=page,
        size=_SIZE,
        total=before + len(found),
        previous=address("/account/exposure", page=page - 1) if page > 1 else None,
        next=address("/account/exposure", page=page + 1) if len(found) > _SIZE else None,
    )
    values: dict[str, Any] = {"lines": found[:_SIZE], "paging": paging}
    values |= {"standing": app.comfort.standing(viewer), "item": app.exhibits.limits.item_seconds}
    return show(request, viewer, "exposure.html", **values)


def show_weeks(request: Request, app: Served, viewer: QueueManager) -> Response:
    """Weeks of everybody together."""
    return show(request, viewer, "exposure_weeks.html", weeks=app.comfort.weeks(viewer))


def _settings(request: Request, app: App, viewer: Viewer, done: str = "") -> Response:
    values: dict[str, Any] = {"blurs": list(Blur), "topics": list(CaseTopic), "done": done}
    return show(request, viewer, "settings.html", comfort=app.comfort.settings(viewer), **values)
