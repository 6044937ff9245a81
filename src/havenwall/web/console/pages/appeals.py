"""Appeals: the list by when they are due, and one with the form to decide it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.casework.appeals import statement
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError
from havenwall.model import DECIDE_RIGHT, ReportState, Viewer, now
from havenwall.model.appeal import AppealState, Finding
from havenwall.store.views.appeals import AppealView
from havenwall.store.views.reports import ReportFilter
from havenwall.web.access import Served, person
from havenwall.web.api.appeals import AppealDecider
from havenwall.web.console.filters import capitalised, spaced
from havenwall.web.console.paging import Choice, address, case_path, paged
from havenwall.web.console.render import show
from havenwall.web.tongue import N_, gettext, language

_SIZE = 25
_SEE_OTHER = 303
_OVERDUE = "overdue"
_FINDINGS = {
    Finding.STANDS: N_("Facts and ground hold: the restriction stays"),
    Finding.NOT_SHOWN: N_("What it rested on does not hold"),
    Finding.NO_BREACH: N_("It holds, and breaks no rule"),
    Finding.CONTEXT: N_("It is allowed in its context (news, research, help, art)"),
    Finding.MISTAKEN: N_("Another account was meant"),
}
"""What a person can have found."""
_CHOICES = (N_("all"), N_("overdue"))
"""Of the list, beside the states."""


def show_appeals(
    request: Request, app: Served, viewer: AppealDecider, state: str = "waiting", page: int = 1
) -> HTMLResponse:
    """The list; `state` is one of the states, `overdue`, or `all`."""
    view, late = app.store.appeals_for(viewer), state == _OVERDUE
    narrowed = AppealState(state) if state in set(AppealState) else None
    total = view.count(narrowed, overdue=late)
    paging = paged(page, _SIZE, total, lambda n: address("/appeals", state=state, page=n))
    contested = ReportFilter(state=ReportState.CONTESTED)
    return show(
        request,
        viewer,
        "appeals.html",
        rows=view.appeals(narrowed, overdue=late, limit=_SIZE, offset=paging.offset),
        paging=paging,
        choices=_choices(view, state),
        contested=app.store.reports_for(viewer).count(contested),
        at=now(),
    )


def show_appeal(request: Request, app: Served, viewer: AppealDecider, appeal_id: str) -> Response:
    """One appeal."""
    return _page(request, app, viewer, appeal_id)


def decide_appeal(
    request: Request,
    app: Served,
    viewer: AppealDecider,
    appeal_id: str,
    finding: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Decide, and go back to the appeal; or the form again with what was typed."""
    try:
        if finding not in set(Finding):
            raise BadInput("choose what you found")
        app.appeals.decide(person(viewer), appeal_id, Finding(finding), why)
    except (BadInput, Conflict, Forbidden) as fault:
        return _page(request, app, viewer, appeal_id, fault=fault, chosen=finding, why=why)
    return RedirectResponse(f"/appeals/{appeal_id}", _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    appeal_id: str,
    *,
    fault: HavenwallError | None = None,
    chosen: str = "",
    why: str = "",
) -> Response:
    view = app.store.appeals_for(viewer)
    appeal = view.appeal(appeal_id)
    return show(
        request,
        viewer,
        "appeal.html",
        status=fault.status if fault else 200,
        problem=fault.plain if fault else "",
        appeal=appeal,
        case_href=case_path(appeal.case_id) if appeal.case_id else "",
        told=statement(appeal.grounds, language(), appeal.received_at),
        took_part=view.took_part(appeal),
        may_decide=viewer.may(DECIDE_RIGHT[appeal.case_class]),
        findings={finding.value: gettext(words) for finding, words in _FINDINGS.items()},
        chosen=chosen,
        why=why,
        at=now(),
    )


def _choices(view: AppealView, here: str) -> list[Choice]:
    counts = {state.value: view.count(state) for state in AppealState}
    counts = {
        "waiting": counts.pop("waiting"),
        _OVERDUE: view.count(overdue=True),
        **counts,
        "all": view.count(),
    }
    return [
        Choice(
            label=capitalised(spaced(name)),
            href=address("/appeals", state=name),
            count=count,
            here=name == here,
        )
        for name, count in counts.items()
    ]
