"""/v1/reports: what people report, by way of platforms and flaggers. Answered only once it is durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.casework.reports import check_report
from havenwall.errors import BadInput
from havenwall.model import (
    SEE_RIGHT,
    Receipt,
    Report,
    ReportDraft,
    ReporterMute,
    ReportOutcome,
    ReportReason,
    ReportSource,
    ReportState,
    Reputation,
    Viewer,
)
from havenwall.store.views.reports import ReportFilter, Sealed
from havenwall.web.access import CaseHandler, ReporterManager, ReportSender, ReportViewer, Served, person
from havenwall.web.api.codec import Page, body, decoded, describe, page, reply

MOST_REPORTS = 1_000
"""In one request."""


class ReportBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reports in an object; a bare array of them does as well, and so does one report by itself."""

    reports: list[ReportDraft]


class TakenReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one report of several."""

    index: int
    """Its place in what was sent, from 0."""
    source_id: str = ""
    receipt: Receipt | None = None
    """Set when it is kept."""
    field: str = ""
    """The field at fault, when it is not."""
    reason: str = ""
    """What is wrong, and what to do."""


class TakenReports(msgspec.Struct, frozen=True, kw_only=True):
    """What became of several reports, in their order."""

    accepted: int
    rejected: int
    results: list[TakenReport]


class ReportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A report with what its reporter was told."""

    report: Report
    outcomes: list[ReportOutcome]


class Contest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a report that was turned down needs a second look."""

    why: str


class Mute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many days a reporter is muted, and why; 0 ends it."""

    days: float
    why: str


class Flagger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether an API key is a trusted flagger's."""

    trusted: bool


class OutcomePage(msgspec.Struct, frozen=True, kw_only=True):
    """Part of the feed of outcomes."""

    items: list[ReportOutcome]
    next: int
    """Ask on with `after` set to this."""


class _Raw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reports: list[msgspec.Raw]


_DRAFT = msgspec.json.Decoder(ReportDraft)
_BATCH: msgspec.json.Decoder[list[msgspec.Raw] | _Raw] = msgspec.json.Decoder(list[msgspec.Raw] | _Raw)
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
router = APIRouter(prefix="/v1/reports", tags=["reports"])
reporters = APIRouter(prefix="/v1/reporters", tags=["reports"])


async def _sent(request: Request) -> bytes:
    return await request.body()


@router.post("", status_code=201, openapi_extra=describe(Receipt, ReportDraft, 201))
def send_reports(sender: ReportSender, app: Served, sent: Annotated[bytes, Depends(_sent)]) -> Response:
    """Keep one report, or up to 1,000 (`{"reports": [...]}` or an array), which gives a result for each.

    Sending a report again gives the same receipt, with status 200.
    """
    if _is_one(sent):
        receipt = app.reports.take(sender, [decoded(_DRAFT, sent)])[0]
        return reply(receipt, 201 if receipt.new else 200)
    found = decoded(_BATCH, sent)
    raws = found.reports if isinstance(found, _Raw) else found
    if len(raws) > MOST_REPORTS:
        raise BadInput(f"are more than {MOST_REPORTS:,}", field="reports", hint="send them in parts")
    return reply(_take(app, sender, [bytes(raw) for raw in raws]))


def _is_one(sent: bytes) -> bool:
    try:
        keys = msgspec.json.decode(sent, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return "reports" not in keys


def _take(app: App, sender: Viewer, sent: Sequence[bytes]) -> TakenReports:
    good: dict[int, ReportDraft] = {}
    results: dict[int, TakenReport] = {}
    for index, raw in enumerate(sent):
        try:
            good[index] = check_report(decoded(_DRAFT, raw))
        except BadInput as fault:
            results[index] = _refused(index, fault)
    for (index, draft), receipt in zip(
        good.items(), app.reports.take(sender, list(good.values())), strict=True
    ):
        results[index] = TakenReport(index=index, source_id=draft.source_id, receipt=receipt)
    in_order = [results[index] for index in range(len(sent))]
    return TakenReports(accepted=len(good), rejected=len(sent) - len(good), results=in_order)


def _refused(index: int, fault: BadInput) -> TakenReport:
    reason = fault.plain
    told = f"{reason}; {fault.hint}" if fault.hint else reason
    return TakenReport(index=index, field=fault.field or "", reason=told)


@router.get("", openapi_extra=describe(Page))
def list_reports(
    viewer: ReportViewer,
    app: Served,
    state: ReportState | None = None,
    source: ReportSource | None = None,
    reason: ReportReason | None = None,
    case_id: str | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Reports, newest first: to people those of their case classes, to a key those it sent."""
    narrowed = ReportFilter(state=state, source=source, reason=reason, case_id=case_id)
    found = app.store.reports_for(viewer).reports(narrowed, limit=limit + 1, offset=offset)
    return page([as_seen(viewer, report) for report in found], limit, offset)


@router.get("/outcomes", openapi_extra=describe(OutcomePage))
def outcomes(
    viewer: ReportSender, app: Served, after: Annotated[int, Query(ge=0)] = 0, limit: Limit = 100
) -> Response:
    """What became of the reports this key sent, for it to pass on: a feed, read on from `next`."""
    found = app.store.reports_for(viewer).outcomes(after, limit)
    return reply(OutcomePage(items=found, next=found[-1].seq if found else after))


@router.get("/{report_id}", openapi_extra=describe(ReportAnswer))
def one_report(viewer: ReportViewer, app: Served, report_id: str) -> Response:
    """A report, by its id or number, with what its reporter was told. A key that only sends is not told who
    decided, in which case, nor what is thought of the reporter."""
    view = app.store.reports_for(viewer)
    report = view.report(report_id)
    return reply(ReportAnswer(report=as_seen(viewer, report), outcomes=view.outcomes_of(report.id)))


def as_seen(viewer: Viewer, report: Report) -> Report:
    """A report as a viewer may know it: who sent it, but may not see its case, learns nothing of our work."""
    if viewer.may(SEE_RIGHT[report.case_class]):
        return report
    ours = {"decided_by": None, "case_id": None, "muted": False, "again_of": None, "reporter": ""}
    return msgspec.structs.replace(report, **ours)


@router.post("/{report_id}/contest", openapi_extra=describe(Report, Contest))
def contest(
    sender: ReportSender, app: Served, report_id: str, wanted: Annotated[Contest, Depends(body(Contest))]
) -> Response:
    """Ask for a second look, once, at a report that was turned down; another person decides."""
    return reply(as_seen(sender, app.reports.contest(sender, report_id, wanted.why)))


@router.post("/{report_id}/reveal", openapi_extra=describe(Sealed))
def reveal(viewer: CaseHandler, app: Served, report_id: str) -> Response:
    """What a reporter gave of themselves. Persons only; the access log says who looked."""
    return reply(app.reports.reveal(person(viewer), report_id))


@reporters.get("", openapi_extra=describe(Page))
def list_reporters(viewer: CaseHandler, app: Served, limit: Limit = 50, offset: Offset = 0) -> Response:
    """Reporters by key, those with the most reports first, with how often they were right."""
    found = app.store.reports_for(viewer).reporters.reputations(limit=limit + 1, offset=offset)
    return page(found, limit, offset)


@reporters.get("/{reporter}", openapi_extra=describe(Reputation))
def one_reporter(viewer: CaseHandler, app: Served, reporter: str) -> Response:
    """How often a reporter was right, and whether they are muted."""
    return reply(app.store.reports_for(viewer).reporters.reputation(reporter))


@reporters.post("/{reporter}/mute", openapi_extra=describe(ReporterMute, Mute))
def mute(
    viewer: ReporterManager, app: Served, reporter: str, wanted: Annotated[Mute, Depends(body(Mute))]
) -> Response:
    """Set a reporter's reports aside for some days. They are kept; those about a child are looked at."""
    return reply(app.reports.mute(viewer, reporter, wanted.why, wanted.days))


@reporters.put("/flaggers/{name}", openapi_extra=describe(Page, Flagger))
def set_flagger(
    viewer: ReporterManager, app: Served, name: str, wanted: Annotated[Flagger, Depends(body(Flagger))]
) -> Response:
    """Say whether an API key is a trusted flagger's; answers with the names of all that are."""
    found = app.reports.set_flagger(viewer, name, trusted=wanted.trusted)
    return page(found, max(1, len(found)), 0)
