"""Who else has a case open."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from havenwall.app import App
from havenwall.model import Viewer
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.words import who
from havenwall.web.tongue import gettext, ngettext


def say_present(app: Served, viewer: AnyCaseViewer, case_id: str) -> Response:
    """A sign of life from the case's page; answers with who else is there, in words."""
    return PlainTextResponse(presence_words(app, person(viewer), case_id))


def presence_words(app: App, viewer: Viewer, case_id: str) -> str:
    """`Also looking at this: mira`; empty when nobody is. Names only for those who may work on the case."""
    if not viewer.name.startswith("user:"):
        return ""
    others = app.console.look(viewer, case_id)
    if not others:
        return ""
    names = [who(one.person) for one in others if one.person]
    if names:
        return gettext("Also looking at this: %s") % ", ".join(names)
    words = ngettext(
        "%s other person is looking at this.", "%s other people are looking at this.", len(others)
    )
    return words % len(others)
