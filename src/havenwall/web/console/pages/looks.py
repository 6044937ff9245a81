"""How somebody wants the console to be: colours, language, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput
from havenwall.model import Viewer
from havenwall.model.console import ConsoleChoice, Language, Theme
from havenwall.web.access import Anyone, Served, person
from havenwall.web.console.keymap import NAMES, checked, shown
from havenwall.web.console.render import show
from havenwall.web.tongue import LANGUAGES, N_, gettext

_THEMES = {"": N_("as the browser"), "light": N_("light"), "dark": N_("dark")}
_SEE_OTHER = 303


def show_looks(request: Request, app: Served, viewer: Anyone, done: bool = False) -> Response:
    """The page."""
    return _page(request, viewer, app.console.choice(person(viewer)), done=done)


async def change_looks(request: Request, app: Served, viewer: Anyone) -> Response:
    """Keep what the form says; keys that are used twice are shown again."""
    form = await request.form()
    sent = {name: str(form[name]) for name in form}
    return await run_in_threadpool(_changed, request, app, person(viewer), sent)


def _changed(request: Request, app: App, viewer: Viewer, sent: Mapping[str, str]) -> Response:
    keys = {name: sent.get(f"key-{name}", "") for name in NAMES} if "reset" not in sent else {}
    raw = {"theme": sent.get("theme", ""), "language": sent.get("language", ""), "keys": keys}
    raw_choice: dict[str, Any] = raw | {"keys_off": "keys_off" in sent}
    try:
        choice = _choice(raw_choice)
    except BadInput as problem:
        kept = app.console.choice(viewer)
        choice = msgspec.structs.replace(kept, keys=keys)
        return _page(request, viewer, choice, problem=problem)
    app.console.choose(viewer, choice)
    return RedirectResponse("/account/console?done=true", _SEE_OTHER)


def _choice(raw: dict[str, Any]) -> ConsoleChoice:
    if raw["theme"] not in get_args(Theme) or raw["language"] not in get_args(Language):
        raise BadInput(gettext("choose one of those"), field="theme")
    return msgspec.convert(raw | {"keys": checked(raw["keys"])}, ConsoleChoice)


def _page(
    request: Request,
    viewer: Viewer,
    choice: ConsoleChoice,
    *,
    problem: BadInput | None = None,
    done: bool = False,
) -> Response:
    return show(
        request,
        viewer,
        "looks.html",
        status=problem.status if problem else 200,
        mine=choice,
        lines=shown(choice.keys),
        themes=_THEMES,
        tongues={"": N_("as the browser")} | LANGUAGES,
        problem=problem.plain if problem else "",
        wrong=problem.field if problem else "",
        done=done,
    )
