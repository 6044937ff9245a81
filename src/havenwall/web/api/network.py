"""/v1/network: scoring the whole graph."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from havenwall.errors import NotFound
from havenwall.model import Communities, PrecisionReport, Right, ScoreRun, ThingKind
from havenwall.web.access import CaseViewer, FiguresViewer, Manager, Served
from havenwall.web.api.codec import Page, describe, page, reply

_FROM_SCORE_ON = ("network", "returns", "policy", "casework", "disclose")


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """What a scoring did."""

    read: int
    """New records that went through the stages."""
    run: ScoreRun | None
    """The newest scoring."""


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

router = APIRouter(prefix="/v1/network", tags=["network"])


@router.post("/score", openapi_extra=describe(Scored))
def score(manager: Manager, app: Served) -> Response:
    """Score the graph if anything is new, and carry out what follows; answers when all is in force."""
    read = app.run(_FROM_SCORE_ON)
    return reply(Scored(read=read, run=app.store.figures.newest_run()))


@router.get("/run", openapi_extra=describe(ScoreRun))
def newest_run(viewer: FiguresViewer, app: Served) -> Response:
    """The newest scoring."""
    found = app.store.figures.newest_run()
    if found is None:
        raise NotFound("the graph was not scored yet", hint="send links and confirmed accounts, then score")
    return reply(found)


@router.get("/precision", openapi_extra=describe(PrecisionReport))
def precision(viewer: FiguresViewer, app: Served) -> Response:
    """What audits say of the accounts that rules suppress; names nobody."""
    return reply(app.precision(viewer))


@router.post("/discover", openapi_extra=describe(Communities))
def discover(viewer: CaseViewer, app: Served) -> Response:
    """Look for communities around accounts with signals, without confirmed ones; changes nothing.

    Reads the whole graph, so it needs the right to manage as well.
    """
    viewer.need(Right.MANAGE)
    return reply(app.discover(viewer))


@router.get("/things", openapi_extra=describe(Page))
def things(
    viewer: CaseViewer, app: Served, kind: ThingKind | None = None, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """Risks of groups, tags and other things in the newest scoring, highest lower bound first."""
    found = app.things(viewer, kind)[1]
    return page(found[offset : offset + limit + 1], limit, offset)


@router.get("/returns", openapi_extra=describe(Page))
def returns(viewer: CaseViewer, app: Served, limit: Limit = 50, offset: Offset = 0) -> Response:
    """Accounts that may be confirmed accounts again that were removed, newest first."""
    found = app.returns(viewer)
    return page(found[offset : offset + limit + 1], limit, offset)
