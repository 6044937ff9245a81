"""How precise suppression is, as far as audits tell."""

from __future__ import annotations

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.model import PrecisionReport
from havenwall.model.precision import BucketRow, Share
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.console.bars import share_bar
from havenwall.web.console.render import show
from havenwall.web.console.words import percent


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One estimated share as a large number."""

    label: str
    value: str
    between: str


class BucketLine(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket as the table shows it."""

    row: BucketRow
    bar: Markup
    share: str
    between: str


def show_precision(request: Request, app: Served, viewer: FiguresViewer) -> HTMLResponse:
    """The page."""
    told = app.precision(viewer)
    return show(
        request,
        viewer,
        "precision.html",
        told=told,
        measures=measures(told),
        buckets=[_line(row) for row in told.buckets],
    )


def measures(told: PrecisionReport) -> list[Measure]:
    """The headline figures; none before there is an estimate."""
    if told.estimate is None:
        return []
    return [
        _measure("Precision", told.estimate.precision),
        _measure("Recall among those reported", told.estimate.recall_reported),
        _measure("Recall among all candidates", told.estimate.recall),
    ]


def between(share: Share) -> str:
    """The interval in words."""
    return f"95\u00a0% interval {percent(share.low)} to {percent(share.high)}"


def _measure(label: str, share: Share) -> Measure:
    return Measure(label=label, value=percent(share.value), between=between(share))


def _line(row: BucketRow) -> BucketLine:
    ends = f"{percent(row.share.low)} to {percent(row.share.high)}"
    return BucketLine(row=row, bar=share_bar(row.share.value), share=percent(row.share.value), between=ends)
