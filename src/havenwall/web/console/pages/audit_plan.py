"""The plan editor: a plan is checked by the server, and some plans can be run from here."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app.audit_bounds import FOLDER, TOKENS
from havenwall.app.findings import LONGEST_PLAN, CheckedPlan, check_plan
from havenwall.errors import BadInput, Conflict, HavenwallError
from havenwall.model import Viewer
from havenwall.web.access import Manager, Served, person
from havenwall.web.console.render import show

_SEE_OTHER = 303
EXAMPLE = """\
# What a release must keep to, written down before it is measured.
name: nightly gate
platform: {adapter: sandbox, recommender: cofollow, accounts: 1000}
labels: sandbox
personas: [control, curious, seek]
arms:
  none: {}
  candidate: {drop_labelled: true}
thresholds:
  - {metric: exposure, arm: candidate, persona: seek, at_most: 0.1}
  - {metric: exposure, arm: candidate, persona: control, margin: 0.05, against: none}
accounts: 20
rounds: 4
platform_seeds: 5
"""


def show_plan(request: Request, viewer: Manager) -> HTMLResponse:
    """The editor, with an example."""
    return _editor(request, viewer, EXAMPLE)


def check_or_run(
    request: Request,
    app: Served,
    viewer: Manager,
    text: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "check",
) -> Response:
    """Check the plan, or run it and go to its progress; or the editor again with what is wrong."""
    try:
        if step == "run":
            app.audit_runs.start(person(viewer), text)
            return RedirectResponse("/audits/run", _SEE_OTHER)
        return _editor(request, viewer, text, good=check_plan(text))
    except (BadInput, Conflict) as problem:
        return _editor(request, viewer, text, problem=problem)


def show_run(request: Request, app: Served, viewer: Manager) -> HTMLResponse:
    """How the newest run stands."""
    return show(request, viewer, "audit_run.html", run=app.audit_runs.newest())


def stop_run(app: Served, viewer: Manager) -> Response:
    """Stop the run at its next step."""
    app.audit_runs.stop(person(viewer))
    return RedirectResponse("/audits/run", _SEE_OTHER)


def _editor(
    request: Request,
    viewer: Viewer,
    text: str,
    *,
    good: CheckedPlan | None = None,
    problem: HavenwallError | None = None,
) -> HTMLResponse:
    return show(
        request,
        viewer,
        "audit_plan.html",
        status=problem.status if problem else 200,
        text=text[:LONGEST_PLAN],
        most=LONGEST_PLAN,
        good=good,
        problem=problem,
        field=getattr(problem, "field", None) or "",
        folder=FOLDER,
        tokens=TOKENS,
    )
