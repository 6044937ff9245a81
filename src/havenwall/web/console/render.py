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
from havenwall.web.access import form_token
from havenwall.web.console.filters import FILTERS

HERE = Path(__file__).parent
STATIC = HERE / "static"
"""The style sheet, the script and the mark; to be served under /static."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the navigation."""

    path: str
    label: str
    here: bool = False


_PLACES: tuple[tuple[str, str, Right], ...] = (
    ("/", "Overview", Right.SEE_FIGURES),
    ("/cases", "Cases", Right.SEE_CHILD_SAFETY),
    ("/communities", "Communities", Right.SEE_CHILD_SAFETY),
    ("/things", "Groups and tags", Right.SEE_CHILD_SAFETY),
    ("/terms", "Terms", Right.SEE_CHILD_SAFETY),
    ("/guard", "Guard", Right.SEE_FIGURES),
    ("/media", "Media", Right.MATCH_MEDIA),
    ("/figures", "Figures", Right.SEE_FIGURES),
    ("/precision", "Precision", Right.SEE_FIGURES),
    ("/people", "People", Right.MANAGE),
    ("/access-log", "Access log", Right.MANAGE),
)
"""Path, label and the right that shows it."""


def show(
    request: Request, viewer: Viewer, template: str, /, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page for somebody who is signed in."""
    values |= {"viewer": viewer, "csrf": form_token(request), "places": places(viewer, request.url.path)}
    return HTMLResponse(_environment().get_template(template).render(values), status)


def show_anybody(template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for somebody we do not know."""
    return HTMLResponse(_environment().get_template(template).render(values | {"viewer": None}), status)


def places(viewer: Viewer, path: str) -> list[Place]:
    """Where the viewer may go; a place they may not go to is not named."""
    return list(_open_to(viewer, path))


def _open_to(viewer: Viewer, path: str) -> Iterator[Place]:
    for target, label, right in _PLACES:
        if viewer.may(right):
            here = path == target or (target != "/" and path.startswith(target + "/"))
            yield Place(path=target, label=label, here=here)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment
