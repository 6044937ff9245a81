"""Try a picture or a video: what it is known as, and why. Nothing of it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.detect.media.matching import MatchedMedia
from havenwall.detect.media.record import Outcome
from havenwall.errors import HavenwallError
from havenwall.web.access import MediaViewer, Served
from havenwall.web.console.render import show
from havenwall.web.console.words import problem_words
from havenwall.web.uploads import upload_of

_OUTCOMES = {
    Outcome.HASHED: "It was read and looked up.",
    Outcome.LOW_QUALITY: "It is too plain to tell from others, so only its exact hashes were looked up.",
    Outcome.UNREADABLE: "It could not be read as a picture or a video; its exact hashes were looked up.",
    Outcome.TOO_LARGE: "It is larger than what is read here.",
}


async def uploaded(request: Request) -> bytes:
    """The file of the form; empty when none was chosen."""
    return (await upload_of(request)).files.get("file", b"")


def show_media(request: Request, app: Served, viewer: MediaViewer) -> HTMLResponse:
    """The empty page."""
    return _page(request, app, viewer)


def try_media(
    request: Request, app: Served, viewer: MediaViewer, data: Annotated[bytes, Depends(uploaded)]
) -> HTMLResponse:
    """The page with what the file is known as."""
    if not data:
        return _page(request, app, viewer, status=422, problem="Choose a file first.")
    try:
        answer = app.media.match_bytes(data)
    except HavenwallError as problem:
        return _page(request, app, viewer, status=problem.status, problem=problem_words(problem))
    return _page(request, app, viewer, answer=answer, said=_OUTCOMES[answer.media.outcome])


def _page(
    request: Request,
    app: Served,
    viewer: MediaViewer,
    *,
    status: int = 200,
    answer: MatchedMedia | None = None,
    said: str = "",
    problem: str = "",
) -> HTMLResponse:
    loaded = bool(app.config.hash_lists or app.config.clip_lists or app.store.bank_view.all())
    return show(
        request,
        viewer,
        "media.html",
        status=status,
        answer=answer,
        said=said,
        problem=problem,
        loaded=loaded,
        most=app.config.media_most_bytes // 1_000_000,
    )
