"""What people outside are told, by language: the operator's words instead of those that come along."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.casework.messages import PLACEHOLDERS
from havenwall.casework.reports.texts import LANGUAGES
from havenwall.errors import BadInput
from havenwall.model import ReportState, Viewer
from havenwall.web.access import QueueManager, Served
from havenwall.web.console.render import show

_SEE_OTHER = 303


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message in one language, as it is sent now."""

    name: str
    language: str
    subject: str
    body: str
    fills: tuple[str, ...]
    own: bool
    """Whether it is the operator's."""


def show_messages(request: Request, app: Served, viewer: QueueManager, done: bool = False) -> Response:
    """The page."""
    return _page(request, app, viewer, done=done)


def change_message(
    request: Request,
    app: Served,
    viewer: QueueManager,
    name: Annotated[str, Form()],
    language: Annotated[str, Form()],
    subject: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    drop: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a message, or go back to the one that comes with Havenwall."""
    try:
        if drop:
            app.console.drop_template(viewer, name, language)
        else:
            app.console.keep_template(viewer, name, language, subject, body)
    except BadInput as problem:
        typed = {"name": name, "language": language, "subject": subject, "body": body}
        return _page(request, app, viewer, problem=problem, typed=typed)
    return RedirectResponse("/messages?done=true", _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    *,
    problem: BadInput | None = None,
    typed: dict[str, str] | None = None,
    done: bool = False,
) -> Response:
    values: dict[str, Any] = {"rows": _rows(app, viewer), "typed": typed or {}, "done": done}
    values["problem"] = problem.plain if problem else ""
    return show(request, viewer, "messages.html", status=problem.status if problem else 200, **values)


def _rows(app: App, viewer: Viewer) -> list[MessageRow]:
    own = {(one.name, one.language): one for one in app.console.templates(viewer)}
    keys = [(name, tag) for name in PLACEHOLDERS for tag in LANGUAGES]
    keys += [key for key in own if key not in keys]
    return [_row(*key, *_text(own, *key), own=key in own) for key in keys]


def _row(name: str, language: str, subject: str, body: str, *, own: bool) -> MessageRow:
    fills = tuple(f"{{{each}}}" for each in sorted(PLACEHOLDERS[name]))
    return MessageRow(name=name, language=language, subject=subject, body=body, fills=fills, own=own)


def _text(own: dict[tuple[str, str], Any], name: str, language: str) -> tuple[str, str]:
    if found := own.get((name, language)):
        return found.subject, found.body
    state, _, when = name.removeprefix("report.").partition(".")
    said = LANGUAGES[language][("", "again", "before").index(when)][ReportState(state)]
    return said.title, said.text
