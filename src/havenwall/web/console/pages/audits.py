"""Audits: what the gate of a release found, one finding, and findings of one plan over time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.app import App
from havenwall.audit.release.finding import Finding, Replay
from havenwall.audit.release.page import charts
from havenwall.audit.release.tables import release_tables, told
from havenwall.audit.release.trend_chart import trend_charts
from havenwall.audit.verdict import Outcome
from havenwall.model import Right, Viewer
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.console.paging import Choice, address, paged
from havenwall.web.console.render import show

_SIZE = 25
_MOST_REPLAYS = 24
_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing and what it shows."""

    svg: Markup
    caption: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How one test account came to its first member."""

    told: str
    replay: Replay


def show_audits(
    request: Request, app: Served, viewer: FiguresViewer, outcome: str = "", page: int = 1
) -> HTMLResponse:
    """The list, newest first; `outcome` narrows it."""
    wanted = next((each for each in _OUTCOMES if each == outcome), None)
    total = app.audits.count(viewer, outcome=wanted)
    paging = paged(page, _SIZE, total, lambda n: address("/audits", outcome=wanted or "", page=n))
    return show(
        request,
        viewer,
        "audits.html",
        rows=app.audits.list(viewer, _SIZE, paging.offset, outcome=wanted),
        paging=paging,
        choices=_choices(app, viewer, wanted),
        outcome=wanted or "",
        may_plan=viewer.may(Right.MANAGE),
    )


def show_finding(request: Request, app: Served, viewer: FiguresViewer, finding_id: str) -> HTMLResponse:
    """One finding; its replays only for who may see the accounts in them."""
    finding = app.audits.one(viewer, finding_id)
    verdict, *others = release_tables(finding)
    return show(
        request,
        viewer,
        "finding.html",
        finding=finding,
        verdict=verdict,
        tables=others,
        charts=_drawn(charts(finding)),
        may_replay=viewer.may(Right.SEE_CHILD_SAFETY),
        ways=_ways(finding),
        most=_MOST_REPLAYS,
        trend=address("/audits/trend", name=finding.plan.name),
    )


def show_trend(request: Request, app: Served, viewer: FiguresViewer, name: str = "") -> HTMLResponse:
    """Findings of one plan over time, drawn, and as a table beside it."""
    trend = app.audits.trend(viewer, name)
    return show(request, viewer, "trend.html", trend=trend, charts=_drawn(trend_charts(trend)))


def _drawn(found: Iterable[tuple[str, str]]) -> list[Chart]:
    # Our own drawings, which escape what they write.
    return [Chart(svg=Markup(svg), caption=caption) for svg, caption in found]  # noqa: S704


def _ways(finding: Finding) -> list[Way]:
    quickest = sorted(finding.replays, key=lambda each: (each.round, each.persona, each.arm))
    return [Way(told=told(each), replay=each) for each in quickest[:_MOST_REPLAYS]]


def _choices(app: App, viewer: Viewer, here: Outcome | None) -> list[Choice]:
    wanted: tuple[Outcome | None, ...] = (None, *_OUTCOMES)
    return [
        Choice(
            label=outcome.capitalize() if outcome else "All",
            href=address("/audits", outcome=outcome or ""),
            count=app.audits.count(viewer, outcome=outcome),
            here=outcome == here,
        )
        for outcome in wanted
    ]
