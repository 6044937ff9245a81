"""/v1/quality: decisions reviewed blind by a second person, and the figures from that."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.errors import NotFound
from havenwall.model import Right, Viewer
from havenwall.model.quality import AsItWas, Judged, QualityFigures
from havenwall.web.access import FiguresViewer, Served, need, person
from havenwall.web.api.case_work import Lease
from havenwall.web.api.codec import body, describe, reply


class ReviewAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reviewer concludes from the case as it was, and why."""

    judged: Judged
    why: str
    part: int
    """As the case was given out: 2 for the second person, 3 for the third."""


class GoldenCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision on one entity whose right answer is known."""

    decision_id: str
    entity: str
    judged: Judged
    why: str


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A golden case that is none, and why."""

    decision_id: str
    entity: str
    why: str


QualityReviewer = Annotated[Viewer, Depends(need(Right.REVIEW_QUALITY))]
Skip = Annotated[list[str] | None, Query(max_length=50)]
router = APIRouter(prefix="/v1/quality", tags=["quality"])


@router.get("", openapi_extra=describe(QualityFigures))
def quality(viewer: FiguresViewer, app: Served) -> Response:
    """Agreement, overturn rate, confusion by policy, time to decision. Names nobody."""
    return reply(app.quality.figures(viewer))


@router.post("/next", openapi_extra=describe(AsItWas))
def next_review(viewer: QualityReviewer, app: Served, skip: Skip = None) -> Response:
    """A case as it was when somebody decided, for a reviewer who must not know the decision; 404 if none.

    Nobody else is given it for `lease_minutes`. `skip`, as often as needed, names reviews that the person
    does not take now; they go to others.
    """
    found = app.quality.next(person(viewer), skip or ())
    if found is None:
        raise NotFound("nothing waits for your review")
    return reply(found)


@router.post("/reviews/{review_id}", status_code=204, openapi_extra=describe(takes=ReviewAnswer, status=204))
def answer_review(
    viewer: QualityReviewer,
    app: Served,
    review_id: str,
    given: Annotated[ReviewAnswer, Depends(body(ReviewAnswer))],
) -> Response:
    """Answer a review. Persons only, once, and nobody who had a part in the decision."""
    app.quality.answer(person(viewer), review_id, given.judged, given.why, part=given.part)
    return Response(status_code=204)


@router.post("/reviews/{review_id}/heartbeat", openapi_extra=describe(Lease))
def review_heartbeat(viewer: QualityReviewer, app: Served, review_id: str) -> Response:
    """A sign of work: the review is one's own for longer; 409 if it is not any more. Persons only."""
    return reply(Lease(held_until=app.quality.beat(person(viewer), review_id)))


@router.post("/golden", status_code=204, openapi_extra=describe(takes=GoldenCase, status=204))
def mark_golden(
    viewer: QualityReviewer, app: Served, golden: Annotated[GoldenCase, Depends(body(GoldenCase))]
) -> Response:
    """Make a decision a golden case, which others get among their reviews without knowing it."""
    app.quality.mark_golden(person(viewer), golden.decision_id, golden.entity, golden.judged, golden.why)
    return Response(status_code=204)


@router.post("/golden/withdraw", status_code=204, openapi_extra=describe(takes=Withdrawn, status=204))
def withdraw_golden(
    viewer: QualityReviewer, app: Served, given: Annotated[Withdrawn, Depends(body(Withdrawn))]
) -> Response:
    """Give a golden case out no more; answers on it count for no figure."""
    app.quality.withdraw_golden(person(viewer), given.decision_id, given.entity, given.why)
    return Response(status_code=204)
