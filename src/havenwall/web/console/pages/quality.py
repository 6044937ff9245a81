"""Quality: the figures, and the next blind review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError, NotFound
from havenwall.model import Right, Viewer, now
from havenwall.model.quality import AsItWas, Judged
from havenwall.web.access import FiguresViewer, Served, person
from havenwall.web.api.quality import QualityReviewer
from havenwall.web.console.render import show
from havenwall.web.console.words import span
from havenwall.web.tongue import N_, gettext

_SEE_OTHER = 303
_MOST_PASSED = 20
_WORDS = {
    Judged.CONFIRMED: N_("It breaks a rule"),
    Judged.CLEARED: N_("It breaks none"),
    Judged.CARE: N_("It may be a minor’s or a victim’s: help, no punishment"),
}


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """A golden case as the form sent it."""

    decision_id: str = ""
    entity: str = ""
    judged: str = ""
    why: str = ""


def show_quality(request: Request, app: Served, viewer: FiguresViewer) -> HTMLResponse:
    """The figures. They name nobody, and there is no figure for any one reviewer."""
    return _figures(request, app, viewer)


def _figures(
    request: Request,
    app: App,
    viewer: Viewer,
    sent: Golden | None = None,
    fault: HavenwallError | None = None,
) -> HTMLResponse:
    return show(
        request,
        viewer,
        "quality.html",
        status=fault.status if fault else 200,
        problem=fault.plain if fault else "",
        sent=sent or Golden(),
        found=app.quality.figures(viewer),
        judged=[each.value for each in Judged],
        may_review=viewer.may(Right.REVIEW_QUALITY),
    )


def show_next(request: Request, app: Served, viewer: QualityReviewer) -> HTMLResponse:
    """The next review but those that were passed over, or that there is none."""
    passed = request.query_params.getlist("skip")[-_MOST_PASSED:]
    return _page(request, viewer, app.quality.next(person(viewer), passed), passed=passed)


def answer_review(
    request: Request,
    app: Served,
    viewer: QualityReviewer,
    review_id: str,
    judged: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    part: Annotated[int, Form()] = 2,
) -> Response:
    """Keep the answer and go on to the next; or the form again with what was typed."""
    try:
        app.quality.answer(person(viewer), review_id, _judged(judged), why, part=part)
    except (BadInput, Conflict, Forbidden) as fault:
        found = app.quality.review(viewer, review_id)
        return _page(request, viewer, found, fault=fault, chosen=judged, why=why)
    return RedirectResponse("/quality/next", _SEE_OTHER)


def mark_golden(
    request: Request,
    app: Served,
    viewer: QualityReviewer,
    decision_id: Annotated[str, Form()] = "",
    entity: Annotated[str, Form()] = "",
    judged: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    withdraw: Annotated[bool, Form()] = False,
) -> Response:
    """Make a decision a golden case, or withdraw it; or the form again with what was typed."""
    sent = Golden(decision_id=decision_id.strip(), entity=entity.strip(), judged=judged, why=why)
    marker = person(viewer)
    try:
        if withdraw:
            app.quality.withdraw_golden(marker, sent.decision_id, sent.entity, why)
        else:
            app.quality.mark_golden(marker, sent.decision_id, sent.entity, _judged(judged), why)
    except (BadInput, Conflict, Forbidden, NotFound) as fault:
        return _figures(request, app, viewer, sent, fault)
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
    passed: Sequence[str] = (),
) -> HTMLResponse:
    skip = [*passed, found.review_id] if found else []
    return show(
        request,
        viewer,
        "review.html",
        status=fault.status if fault else 200,
        problem=fault.plain if fault else "",
        found=found,
        left=span(found.held_until - now()) if found and found.held_until else "",
        words={each.value: gettext(said) for each, said in _WORDS.items()},
        another="/quality/next?" + urlencode({"skip": skip}, doseq=True),
        chosen=chosen,
        why=why,
    )
