"""One step on many cases of the list: shown first, done when that is confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, get_args

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app.bulk import Bulk, BulkStep
from havenwall.errors import BadInput
from havenwall.web.access import AnyCaseViewer, Served, person
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
    do: Annotated[bool, Form()] = False,
) -> Response:
    """Show what would happen to each chosen case, or with `do` let it happen."""
    problem, fresh = "", not step
    try:
        bulk = _bulk(step or "close", case or [], why, queue, until)
        lines = app.bulk.run(person(viewer), bulk) if do else app.bulk.preview(person(viewer), bulk)
    except BadInput as wrong:
        problem, do = wrong.message.partition(": ")[2] or wrong.message, False
        bulk = Bulk(step="move", cases=case or [], why=why)
        lines = app.bulk.preview(viewer, bulk) if case else []
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
        possible=sum(line.possible for line in lines),
        proposals=sum(bool(line.proposal) for line in lines),
        touched=[line.radius for line in lines if line.possible and line.radius],
        steps=STEPS,
        queues=queues,
    )


def _bulk(step: str, cases: list[str], why: str, queue: str, until: str) -> Bulk:
    if step not in get_args(BulkStep):
        raise BadInput("choose a step", field="step")
    kind: BulkStep = step  # type: ignore[assignment]
    return Bulk(step=kind, cases=cases, why=why, queue=queue, until=_moment(until))


def _moment(sent: str) -> datetime | None:
    try:
        return datetime.fromisoformat(sent).replace(tzinfo=UTC) if sent else None
    except ValueError as problem:
        raise BadInput("must be a date and a time", field="until") from problem
