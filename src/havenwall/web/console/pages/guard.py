"""The guard: how it stands, what it drops, why it dropped somebody, and what it makes of a text."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import HavenwallError
from havenwall.guard import Surface, Verdict, ViewerClass
from havenwall.guard.query import QuerySurface, as_surface
from havenwall.guard.snapshot import snapshot_info
from havenwall.model import Right, Standing, Viewer, now
from havenwall.web.access import CaseViewer, FiguresViewer, Served
from havenwall.web.console.drops import DropRow, drop_rows, span_choices
from havenwall.web.console.paging import member_path
from havenwall.web.console.render import show
from havenwall.web.console.words import plural, span


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard says of one entity."""

    entity: str
    standing: Standing | None
    href: str
    """The member's page with the decision; empty if it is in no case of the viewer's."""
    verdicts: tuple[tuple[str, Verdict], ...]
    """By surface."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard makes of a text."""

    text: str
    outcome: str
    term: str
    near: bool
    loaded: bool
    """Whether any list of terms is in force."""
    views: tuple[tuple[str, str, bool], ...]
    """Name of each view, the text as it reads it, and whether it undid a disguise."""
    help: tuple[str, ...]


def show_guard(
    request: Request,
    app: Served,
    viewer: FiguresViewer,
    entity: str = "",
    viewer_class: str = "",
    days: int = 1,
) -> HTMLResponse:
    """The page. `entity` is looked up for those who may see accounts; `viewer_class` says who would look."""
    values: dict[str, Any] = {"entity": entity.strip(), "chosen": viewer_class}
    if values["entity"]:
        viewer.need(Right.SEE_CHILD_SAFETY)
        try:
            values["why"] = _why(app, viewer, values["entity"], viewer_class)
        except HavenwallError as problem:
            return _page(request, app, viewer, days, status=422, problem=problem.message, **values)
    return _page(request, app, viewer, days, **values)


def try_query(
    request: Request,
    app: Served,
    viewer: CaseViewer,
    text: Annotated[str, Form()] = "",
    surface: Annotated[str, Form()] = QuerySurface.SEARCH_QUERY,
) -> HTMLResponse:
    """The page with what the guard makes of a text. The text is neither logged nor part of an address."""
    values: dict[str, Any] = {"text": text, "text_surface": surface}
    try:
        tried = _tried(app, text, surface)
    except HavenwallError as problem:
        return _page(request, app, viewer, 1, status=422, text_problem=problem.message, **values)
    return _page(request, app, viewer, 1, tried=tried, **values)


def _page(
    request: Request, app: App, viewer: Viewer, days: int, status: int = 200, **values: Any
) -> HTMLResponse:
    long = days > 1
    rows: list[DropRow] = drop_rows(app.tally.rows(), now(), long=long)
    stands = app.guard.status()
    silent = stands.age == float("inf")
    defaults: dict[str, Any] = {
        "entity": "",
        "chosen": "",
        "why": None,
        "problem": None,
        "text": "",
        "text_surface": "search_query",
        "text_problem": None,
        "tried": None,
    }
    return show(
        request,
        viewer,
        "guard.html",
        status=status,
        guard=stands,
        built=built.built_at if (built := snapshot_info(app.config.guard_folder)) else None,
        age="never heard from" if silent else f"{_span_words(stands.age)} ago",
        rows=rows,
        spans=span_choices(long=long),
        steps="days" if long else "hours",
        may_look=viewer.may(Right.SEE_CHILD_SAFETY),
        classes=[each.value for each in ViewerClass],
        text_surfaces=[each.value for each in QuerySurface],
        **(defaults | values),
    )


def _span_words(seconds: float) -> str:
    """`4 seconds`, `3 hours`."""
    return span(timedelta(seconds=seconds)) if seconds >= 60 else plural(int(seconds), "second")


def _why(app: App, viewer: Viewer, entity: str, viewer_class: str) -> Why:
    kind = ViewerClass(viewer_class) if viewer_class in tuple(ViewerClass) else None
    verdicts = tuple(
        (surface.value, app.guard.check(entity, surface, viewer_class=kind)) for surface in Surface
    )
    app.store.guard.note(viewer, entity)
    case = app.store.cases(viewer).cases_of([entity]).get(entity)
    return Why(
        entity=entity,
        standing=app.store.casework.standings([entity]).get(entity),
        href=member_path(case, entity) if case else "",
        verdicts=verdicts,
    )


def _tried(app: App, text: str, surface: str) -> Tried:
    guard = app.query_guard
    verdict = guard.query(text, as_surface(surface))
    return Tried(
        text=text,
        outcome=verdict.outcome.value,
        term=verdict.term or "",
        near="near" in verdict.views,
        loaded=bool(verdict.version),
        views=tuple((name, read, name in verdict.views) for name, read in guard.views(text).items()),
        help=tuple(resource.name for resource in verdict.help),
    )
