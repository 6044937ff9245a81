"""Turns a template and its values into an answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from havenwall.model import Right, Viewer
from havenwall.model.console import ConsoleChoice
from havenwall.web import tongue
from havenwall.web.access import form_token
from havenwall.web.console.filters import FILTERS
from havenwall.web.console.keymap import shown
from havenwall.web.tongue import N_, gettext, ngettext

HERE = Path(__file__).parent
STATIC = HERE / "static"
"""The style sheet, the script and the mark; to be served under /static."""


_NOBODY: dict[str, Any] = {"viewer": None, "choice": ConsoleChoice()}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the navigation."""

    path: str
    label: str
    here: bool = False


_ANY_CASE = (Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY)
_PLACES: tuple[tuple[str, str, Right | tuple[Right, ...]], ...] = (
    ("/", N_("Overview"), Right.SEE_FIGURES),
    ("/queues", N_("Queues"), (Right.MANAGE_QUEUES, *_ANY_CASE)),
    ("/cases", N_("Cases"), _ANY_CASE),
    ("/gaps", N_("Policy gaps"), _ANY_CASE),
    ("/reports", N_("Reports"), Right.SEE_GENERAL),
    ("/approvals", N_("Approvals"), Right.APPROVE),
    ("/appeals", N_("Appeals"), Right.DECIDE_APPEALS),
    ("/communities", N_("Communities"), Right.SEE_CHILD_SAFETY),
    ("/things", N_("Groups and tags"), Right.SEE_CHILD_SAFETY),
    ("/terms", N_("Terms"), Right.SEE_CHILD_SAFETY),
    ("/guard", N_("Guard"), Right.SEE_FIGURES),
    ("/media", N_("Media"), Right.MATCH_MEDIA),
    ("/figures", N_("Figures"), Right.SEE_FIGURES),
    ("/audits", N_("Audits"), Right.SEE_FIGURES),
    ("/precision", N_("Precision"), Right.SEE_FIGURES),
    ("/deliveries", N_("Deliveries"), Right.MANAGE),
    ("/exposure", N_("Exposure"), Right.MANAGE_QUEUES),
    ("/quality", N_("Quality"), Right.SEE_FIGURES),
    ("/messages", N_("Messages"), Right.MANAGE_QUEUES),
    ("/people", N_("People"), Right.MANAGE_PEOPLE),
    ("/access-log", N_("Access log"), Right.SEE_ACCESS_LOG),
)
"""Path, label and the right, or the rights of which one, that shows it."""


def show(
    request: Request, viewer: Viewer, template: str, /, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page for somebody who is signed in."""
    choice: ConsoleChoice = getattr(request.state, "choice", ConsoleChoice())
    values |= {"viewer": viewer, "csrf": form_token(request), "places": places(viewer, request.url.path)}
    values |= {"choice": choice, "keymap": shown(choice.keys)}
    return HTMLResponse(_environment().get_template(template).render(values), status)


def show_anybody(template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for somebody we do not know."""
    return HTMLResponse(_environment().get_template(template).render(_NOBODY | values), status)


def places(viewer: Viewer, path: str) -> list[Place]:
    """Where the viewer may go; a place they may not go to is not named."""
    return list(_open_to(viewer, path))


def _open_to(viewer: Viewer, path: str) -> Iterator[Place]:
    for target, label, rights in _PLACES:
        if any(map(viewer.may, rights if isinstance(rights, tuple) else (rights,))):
            here = path == target or (target != "/" and path.startswith(target + "/"))
            yield Place(path=target, label=gettext(label), here=here)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.globals |= {"tongue": tongue}
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    return environment
