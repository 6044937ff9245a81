"""The public pages. They are open to anybody, ask for no name, and work without script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import msgspec
import structlog
from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError, NotFound
from havenwall.model import CONTEST_WITHIN, CaseEvent, Report, ReportOutcome, ReportState, now
from havenwall.web.access import Served, public
from havenwall.web.console.render import show_anybody
from havenwall.web.limits import Throttle
from havenwall.web.public.form import (
    CHILD_REASONS,
    GENERAL_REASONS,
    KINDS,
    TONGUES,
    Filled,
    blank,
    draft_of,
    field_of_form,
    filled,
)
from havenwall.web.tongue import N_, gettext, language

MOST_REPORTS, WITHIN = 20, 600.0
"""Reports by one address within so many seconds; past it the form asks to wait and keeps what was typed."""
_WORDS = {
    ReportState.RECEIVED: N_("We have your report. A person will look at it."),
    ReportState.IN_REVIEW: N_("Your report is in line for a person, or a person is looking at it now."),
    ReportState.NO_RULE: N_("A person has looked. Our rules do not cover this yet, and are being looked at."),
    ReportState.UPHELD: N_("A person has looked and agrees with your report."),
    ReportState.TURNED_DOWN: N_("A person has looked and found nothing to act on."),
    ReportState.CONTESTED: N_("You asked for a second look. Another person will decide."),
    ReportState.SET_ASIDE: N_("We have kept your report. It is not in line for a person now."),
}
_log = structlog.get_logger()

router = APIRouter(prefix="/report", tags=["report"], include_in_schema=False)
Text = Annotated[str, Form()]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report stands, for its reporter. Nothing of the account is in here."""

    number: str
    code: str
    words: str
    received: str
    outcomes: Sequence[ReportOutcome]
    notes: Sequence[CaseEvent]
    may_contest: bool
    due: str


@router.get("", dependencies=[Depends(public)])
def report_form(subject: str = "") -> Response:
    """The form. A platform links to it with `subject=kind:id`."""
    return _form(blank(subject[:400]))


@router.post("", dependencies=[Depends(public)])
def send_report(request: Request, app: Served, form: Annotated[Filled, Depends(filled)]) -> Response:
    """Keep a report and show its receipt; or the form again, with all that was typed."""
    check_site(request)
    try:
        draft = draft_of(form)
        if seconds := _throttle(request).wait(_address(request)):
            # Not from where: whoever reports was told that they need not say who they are.
            _log.warning("reports slowed")
            return _told_to_wait(form, seconds)
        receipt = app.reports.take_public(draft)
    except BadInput as fault:
        _log.info("report form not complete", field=fault.field)
        return _form(form, status=422, problem=told(fault), field=field_of_form(fault.field))
    except HavenwallError as failed:
        _log.error("report not kept", exc_info=failed)
        words = gettext(
            "We could not keep your report just now. It was not sent. Please try again in a minute."
        )
        return _form(form, status=failed.status, problem=words)
    return show_anybody("report_receipt.html", status=201, receipt=receipt, url=app.config.url)


@router.get("/status", dependencies=[Depends(public)])
def status_form() -> Response:
    """The form for the reporter's code. A link has it after the #, which browsers keep to themselves."""
    return _status()


@router.post("/status", dependencies=[Depends(public)])
def show_status(request: Request, app: Served, code: Text = "") -> Response:
    """Where a report stands."""
    check_site(request)
    try:
        return _status(standing=_standing(app, code))
    except NotFound as unknown:
        return _status(status=404, problem=told(unknown))


@router.post("/status/contest", dependencies=[Depends(public)])
def contest(request: Request, app: Served, code: Text = "", why: Text = "") -> Response:
    """Ask for the second look, then show where the report stands."""
    check_site(request)
    try:
        app.reports.contest_by_code(code, why)
    except NotFound as unknown:
        return _status(status=404, problem=told(unknown))
    except (BadInput, Conflict) as fault:
        shown = _standing(app, code)
        return _status(status=fault.status, problem=told(fault), standing=shown, why=why)
    return _status(standing=_standing(app, code), done=True)


def _form(form: Filled, *, status: int = 200, problem: str = "", field: str = "") -> Response:
    if not form.once:
        form = msgspec.structs.replace(form, once=blank().once)
    return show_anybody(
        "report.html",
        status=status,
        form=form,
        problem=problem,
        field=field,
        kinds=KINDS,
        child_reasons=CHILD_REASONS,
        general_reasons=GENERAL_REASONS,
        tongues=TONGUES,
    )


def _told_to_wait(form: Filled, seconds: float) -> Response:
    minutes = math.ceil(seconds / 60)
    words = gettext(
        "Many reports came from your connection. Your report was not sent yet: please wait %s min "
        "and press the button again. What you wrote is still below."
    )
    page = _form(form, status=429, problem=words % minutes)
    page.headers["Retry-After"] = str(math.ceil(seconds))
    return page


def _status(
    *,
    status: int = 200,
    problem: str = "",
    standing: Standing | None = None,
    why: str = "",
    done: bool = False,
) -> Response:
    return show_anybody(
        "report_status.html", status=status, problem=problem, standing=standing, why=why, done=done
    )


def _standing(app: App, code: str) -> Standing:
    report, outcomes = app.reports.status(code)
    return Standing(
        number=report.number,
        code=code,
        words=_WORDS[report.state],
        received=report.received_at.isoformat(),
        outcomes=outcomes,
        notes=app.reports.notes(report),
        may_contest=_may_contest(report),
        due=report.due_at.isoformat() if report.due_at else "",
    )


def _may_contest(report: Report) -> bool:
    if report.state is not ReportState.TURNED_DOWN or report.contested_at or report.decided_at is None:
        return False
    return now() <= report.decided_at + CONTEST_WITHIN


def told(fault: HavenwallError) -> str:
    """A fault in words, without the name of its field."""
    said = fault.plain
    message, hint = gettext(said), (gettext(fault.hint) if fault.hint else "")
    if language() != "en" and message == said:
        # It names what was typed, so no catalogue can hold it.
        message = gettext("this cannot be taken as it is")
    return f"{message}. {hint}." if hint else f"{message}."


def check_site(request: Request) -> None:
    """Do nothing if a form was not sent from another site. Raises Forbidden."""
    # Nobody is signed in here, so a form sent from elsewhere can do no more than a script could; but pages
    # elsewhere must not make their visitors report. A browser that does not say where from is let in.
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("this was sent from another site", hint="open the form here and send it again")


def _throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.reporting
    return throttle


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
