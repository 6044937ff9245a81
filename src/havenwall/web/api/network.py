"""/v1/network: scoring the whole graph."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from havenwall.errors import NotFound
from havenwall.model import ScoreRun
from havenwall.web.access import FiguresViewer, Manager, Served
from havenwall.web.api.codec import describe, reply

_FROM_SCORE_ON = ("network", "policy", "casework", "disclose")


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """What a scoring did."""

    read: int
    """New records that went through the stages."""
    run: ScoreRun | None
    """The newest scoring."""


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
