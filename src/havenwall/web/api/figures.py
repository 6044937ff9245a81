"""/v1/figures: counts by period, for the public. No personal data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from havenwall.errors import BadInput
from havenwall.model import Figures, now
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.api.codec import describe, reply

_MONTH = timedelta(days=30)
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime | None, Query(description="With a time zone: 2026-01-31T00:00:00Z")]

router = APIRouter(prefix="/v1/figures", tags=["figures"])


@router.get("", openapi_extra=describe(Figures))
def figures(viewer: FiguresViewer, app: Served, start: Moment = None, end: Moment = None) -> Response:
    """The figures from `start` (30 days before the end unless given) up to `end` (now unless given)."""
    until = _known("end", end or now())
    since = _known("start", start or until - _MONTH)
    if since >= until:
        raise BadInput("must lie before the end", field="start")
    return reply(app.figures(viewer, since, until))


def _known(field: str, moment: datetime) -> datetime:
    if not _EARLIEST <= moment < _LATEST:
        raise BadInput("must lie in the years 2000 to 2199", field=field)
    return moment
