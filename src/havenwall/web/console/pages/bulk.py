"""One step on many cases of the list: shown first, done when that is confirmed."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.app.bulk import MOST_CASES, Bulk, BulkLine, BulkStep
from havenwall.errors import BadInput
from havenwall.model import Viewer
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.moments import moment_of
from havenwall.web.console.render import show
from havenwall.web.tongue import N_

STEPS: dict[str, str] = {
    "move": N_("move to another queue"),
    "snooze": N_("put off"),
    "close": N_("close"),
    "confirm": N_("confirm all that wait, by two persons"),
    "clear": N_("clear all that wait, by two persons"),
    "restrict": N_("restrict all that wait, by two persons"),
}
"""What can be done to many cases."""


def bulk_step(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    case: Annotated[list[str] | None, Form()] = None,
    step: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    queue: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
    do: Annotated[bool, Form()] = False,
) -> Response:
    """Show what would happen to each chosen case; with `do` let it happen, if `seen` is the step shown."""
    problem, fresh = "", not step
    # Whoever chooses another step after the preview has not seen what that one would do.
    do = do and bool(step) and step == seen
    try:
        bulk = _bulk(step or "close", case or [], why, queue, until)
        lines = app.bulk.run(person(viewer), bulk) if do else app.bulk.preview(person(viewer), bulk)
    except BadInput as wrong:
        problem, do = wrong.plain, False
        bulk = Bulk(step=_step_or_close(step), cases=case or [], why=why, queue=queue)
        lines = _still(app, viewer, bulk)
    view = app.store.cases(viewer)
    queues = [name for name, one in app.store.queues.all().items() if view.may_see(one.case_class)]
    return show(
        request,
        viewer,
        "bulk.html",
        status=422 if problem else 200,
        problem=problem,
        bulk=bulk,
        until=until,
        lines=lines,
        done=do,
        fresh=fresh,
        step=step,
        possible=sum(line.possible for line in lines),
        proposals=sum(bool(line.proposal) for line in lines),
        touched=[line.radius for line in lines if line.possible and line.radius],
        steps=STEPS,
        queues=queues,
    )


def _bulk(step: str, cases: list[str], why: str, queue: str, until: str) -> Bulk:
    if step not in get_args(BulkStep):
        raise BadInput("choose a step", field="step")
    until_at = moment_of(until) if until else None
    return Bulk(step=_step_or_close(step), cases=cases, why=why, queue=queue, until=until_at)


def _still(app: App, viewer: Viewer, bulk: Bulk) -> list[BulkLine]:
    # Too many cases are not shown either.
    return app.bulk.preview(viewer, bulk) if 0 < len(set(bulk.cases)) <= MOST_CASES else []


def _step_or_close(step: str) -> BulkStep:
    return step if step in get_args(BulkStep) else "close"  # type: ignore[return-value]
