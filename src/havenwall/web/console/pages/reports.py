"""Reports: the list, one report with its answers, and what its reporter gave of themselves, on demand."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.model import Report, ReportReason, ReportsOf, ReportSource, ReportState, Reputation, Viewer
from havenwall.store.views.reports import ReportFilter, ReportView, Sealed
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.paging import address, case_path, paged
from havenwall.web.console.render import show

_SIZE = 25
_ON_CASE = 5
E = TypeVar("E", bound=StrEnum)


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report as lists show it."""

    report: Report
    href: str
    case_href: str
    excerpt: str


def show_reports(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    state: str = "",
    source: str = "",
    reason: str = "",
    case_id: str = "",
    reporter: str = "",
    page: int = 1,
) -> HTMLResponse:
    """The page. Filters that are none are left out."""
    narrowed = ReportFilter(
        state=_one_of(ReportState, state),
        source=_one_of(ReportSource, source),
        reason=_one_of(ReportReason, reason),
        case_id=case_id or None,
        reporter=reporter or None,
    )
    asked = {"state": state, "source": source, "reason": reason, "case_id": case_id, "reporter": reporter}
    view = app.store.reports_for(viewer)
    paging = paged(page, _SIZE, view.count(narrowed), lambda n: address("/reports", **asked, page=n))
    rows = [row_of(one) for one in view.reports(narrowed, limit=_SIZE, offset=paging.offset)]
    return show(
        request,
        viewer,
        "reports.html",
        rows=rows,
        paging=paging,
        asked=asked,
        filtered=any(asked.values()),
        states=list(ReportState),
        sources=list(ReportSource),
        reasons=list(ReportReason),
    )


def show_report(request: Request, app: Served, viewer: AnyCaseViewer, report_id: str) -> HTMLResponse:
    """One report, without what its reporter gave of themselves."""
    return _page(request, app, viewer, report_id)


def reveal_reporter(request: Request, app: Served, viewer: AnyCaseViewer, report_id: str) -> HTMLResponse:
    """The same with contact data; the access log says who looked."""
    return _page(request, app, viewer, report_id, app.reports.reveal(person(viewer), report_id))


def reports_on_case(app: App, viewer: Viewer, case_id: str, key: str) -> dict[str, Any]:
    """What a case's page shows of its reports: the newest, how many, and how good their reporters were."""
    view, narrowed = app.store.reports_for(viewer), ReportFilter(case_id=case_id)
    newest = view.reports(narrowed, limit=_ON_CASE)
    return {
        "report_rows": [row_of(one) for one in newest],
        "report_count": view.count(narrowed) if newest else 0,
        "report_tally": view.of_subject(key) if newest and key else ReportsOf(),
        "reputations": _reputations(view, newest),
        "reports_href": address("/reports", case_id=case_id),
    }


def row_of(report: Report) -> ReportRow:
    """A report with where it leads."""
    words = " ".join(report.text.split())
    return ReportRow(
        report=report,
        href=f"/reports/{report.id}",
        case_href=case_path(report.case_id) if report.case_id else "",
        excerpt=words if len(words) <= 160 else words[:159] + "…",
    )


def _reputations(view: ReportView, reports: list[Report]) -> dict[str, Reputation]:
    known = {one.reporter for one in reports if one.reporter}
    return {reporter: view.reporters.reputation(reporter) for reporter in known}


def _page(
    request: Request, app: App, viewer: Viewer, report_id: str, revealed: Sealed | None = None
) -> HTMLResponse:
    view = app.store.reports_for(viewer)
    report = view.report(report_id)
    return show(
        request,
        viewer,
        "report_one.html",
        row=row_of(report),
        report=report,
        outcomes=view.outcomes_of(report.id),
        reputation=view.reporters.reputation(report.reporter) if report.reporter else None,
        revealed=revealed,
    )


def _one_of(kind: type[E], sent: str) -> E | None:
    return kind(sent) if sent in set(kind) else None
