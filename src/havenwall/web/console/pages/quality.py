"""Quality: the figures, and the next blind review."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError
from havenwall.model import Right, Viewer
from havenwall.model.quality import AsItWas, Judged
from havenwall.web.access import FiguresViewer, Served, person
from havenwall.web.api.quality import QualityReviewer
from havenwall.web.console.render import show

_SEE_OTHER = 303
_WORDS = {
    Judged.CONFIRMED: "It breaks a rule",
    Judged.CLEARED: "It breaks none",
    Judged.CARE: "It may be a minor’s or a victim’s: help, no punishment",
}


def show_quality(request: Request, app: Served, viewer: FiguresViewer) -> HTMLResponse:
    """The figures. They name nobody, and there is no figure for any one reviewer."""
    return show(
        request,
        viewer,
        "quality.html",
        found=app.quality.figures(viewer),
        judged=[each.value for each in Judged],
        may_review=viewer.may(Right.REVIEW_QUALITY),
    )


def show_next(request: Request, app: Served, viewer: QualityReviewer) -> HTMLResponse:
    """The next review, or that there is none."""
    return _page(request, viewer, app.quality.next(person(viewer)))


def answer_review(
    request: Request,
    app: Served,
    viewer: QualityReviewer,
    review_id: str,
    judged: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Keep the answer and go on to the next; or the form again with what was typed."""
    try:
        app.quality.answer(person(viewer), review_id, _judged(judged), why)
    except (BadInput, Conflict, Forbidden) as fault:
        found = app.quality.review(viewer, review_id)
        return _page(request, viewer, found, fault=fault, chosen=judged, why=why)
    return RedirectResponse("/quality/next", _SEE_OTHER)


def mark_golden(
    app: Served,
    viewer: QualityReviewer,
    decision_id: Annotated[str, Form()] = "",
    entity: Annotated[str, Form()] = "",
    judged: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Make a decision a golden case."""
    app.quality.mark_golden(person(viewer), decision_id.strip(), entity.strip(), _judged(judged), why)
    return RedirectResponse("/quality", _SEE_OTHER)


def _judged(sent: str) -> Judged:
    if sent not in set(Judged):
        raise BadInput("choose an answer", field="judged")
    return Judged(sent)


def _page(
    request: Request,
    viewer: Viewer,
    found: AsItWas | None,
    *,
    fault: HavenwallError | None = None,
    chosen: str = "",
    why: str = "",
) -> HTMLResponse:
    return show(
        request,
        viewer,
        "review.html",
        status=fault.status if fault else 200,
        problem=fault.message.removeprefix(f"{getattr(fault, 'field', None)}: ") if fault else "",
        found=found,
        words={each.value: said for each, said in _WORDS.items()},
        chosen=chosen,
        why=why,
    )
