"""The pictures of a case: text first, thumbnails if wanted, and one picture at a time where it must be."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, HavenwallError
from havenwall.model import Exhibit, MediaFacts, Right, Viewer
from havenwall.store.views.exhibits import is_barred
from havenwall.web.access import AnyCaseViewer, ExhibitViewer, Served, person
from havenwall.web.console.paging import Paging, address, case_path, one_more, page_number
from havenwall.web.console.render import show
from havenwall.web.console.words import problem_words
from havenwall.web.picture import picture_answer

_SEE_OTHER = 303
_SIZE = 12


class PictureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as the list tells of it."""

    exhibit: Exhibit
    media: MediaFacts
    href: str
    """Where its own addresses begin."""
    seen: bool
    """Whether the viewer has revealed it, or one that is nearly the same."""
    barred: bool
    """Whether it is known media, which only those see who may see child-safety cases."""
    twins: int
    """How many others on this page are the same or nearly so."""


def show_exhibits(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    case_id: str,
    page: int = 1,
    thumbnails: bool = False,
) -> Response:
    """The list. `thumbnails` shows them blurred, whatever one's settings say."""
    return _page(request, app, viewer, case_id, page=page, thumbnails=thumbnails)


def show_thumbnail(app: Served, viewer: ExhibitViewer, case_id: str, exhibit_id: str) -> Response:
    """A small blurred picture."""
    return picture_answer(app.exhibits.thumbnail(viewer, case_id, exhibit_id))


def reveal_exhibit(
    request: Request,
    app: Served,
    viewer: ExhibitViewer,
    case_id: str,
    exhibit_id: str,
    why: Annotated[str, Form(max_length=10_000)] = "",
    again: Annotated[bool, Form()] = False,
) -> Response:
    """A page with the picture, which its address gives once; or the list again, with why not."""
    try:
        exhibit, ticket = app.exhibits.ask(person(viewer), case_id, exhibit_id, why, again=again)
    except (BadInput, Conflict) as problem:
        return _page(request, app, viewer, case_id, problem=problem)
    return show(
        request,
        viewer,
        "exhibit.html",
        case_id=case_id,
        exhibit=exhibit,
        media=exhibit.media,
        picture=f"{_path(case_id, exhibit_id)}/picture/{ticket}",
        seconds=round(app.exhibits.limits.item_seconds),
        standing=app.comfort.standing(viewer),
    )


def fetch_picture(app: Served, viewer: ExhibitViewer, case_id: str, exhibit_id: str, ticket: str) -> Response:
    """The picture, once."""
    return picture_answer(app.exhibits.fetch(viewer, case_id, exhibit_id, ticket))


def leave_exhibit(
    app: Served, viewer: AnyCaseViewer, case_id: str, exhibit: Annotated[str, Form()] = ""
) -> Response:
    """Back to the list; the picture is gone. Another one, revealed meanwhile, stays open."""
    app.exhibits.leave(viewer, exhibit)
    return RedirectResponse(f"{case_path(case_id)}/exhibits", _SEE_OTHER)


def pass_case(app: Served, viewer: AnyCaseViewer, case_id: str) -> Response:
    """Leave a case to others, and go to the queues."""
    app.comfort.pass_case(person(viewer), case_id)
    return RedirectResponse("/queues", _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    case_id: str,
    *,
    page: int = 1,
    thumbnails: bool = False,
    problem: HavenwallError | None = None,
) -> Response:
    case = app.store.cases(viewer).case(case_id)
    rows, paging = _rows(app, viewer, case.id, page_number(page))
    may_see = viewer.may(Right.SEE_EXHIBITS)
    values: dict[str, Any] = {
        "case": case,
        "rows": rows,
        "paging": paging,
        "may_see": may_see,
        "thumbnails": may_see and (thumbnails or app.comfort.settings(viewer).thumbnails),
        "with_thumbnails": address(f"{case_path(case.id)}/exhibits", page=paging.number, thumbnails="true"),
        "standing": app.comfort.standing(viewer),
        "problem": problem_words(problem) if problem else "",
    }
    return show(request, viewer, "exhibits.html", status=problem.status if problem else 200, **values)


def _rows(app: App, viewer: Viewer, case_id: str, page: int) -> tuple[list[PictureRow], Paging]:
    # One more than a page tells whether there is another; they are not counted.
    found = app.exhibits.pictures(viewer, case_id, _SIZE + 1, (page - 1) * _SIZE)
    shown, seen = found[:_SIZE], app.exhibits.seen(viewer, found)
    clusters = [one.media.cluster for one in shown if one.media]
    rows = [
        PictureRow(
            exhibit=one,
            media=one.media,
            href=_path(case_id, one.id),
            seen=one.id in seen,
            barred=is_barred(viewer, one.media),
            twins=clusters.count(one.media.cluster) - 1,
        )
        for one in shown
        if one.media
    ]
    here = f"{case_path(case_id)}/exhibits"
    return rows, one_more(page, _SIZE, len(found), lambda n: address(here, page=n))


def _path(case_id: str, exhibit_id: str) -> str:
    return f"{case_path(case_id)}/exhibits/{exhibit_id}"
