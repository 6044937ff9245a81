"""Steps on a case from its page: holding it, passing it on, notes, merging, splitting, closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.app.queues import may_work
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError, NotFound
from havenwall.model import DECIDE_RIGHT, SEE_RIGHT, Case, CaseState, Queue, Right, Viewer, now
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.moments import moment_of
from havenwall.web.console.paging import address, case_path
from havenwall.web.console.render import show
from havenwall.web.console.words import span

_SEE_OTHER = 303
_WORK = frozenset({CaseState.OPEN, CaseState.IN_REVIEW})
Sent = Mapping[str, str]


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody can do with a case as a whole."""

    mine: bool
    held_by: str | None
    held_until: datetime | None
    left: str
    may_work: bool
    may_decide: bool
    may_investigate: bool
    waiting: bool
    snoozed: bool
    queue: Queue
    others: tuple[str, ...]
    """Other queues of the class."""
    people: tuple[str, ...]
    """Who else may work on it."""
    owners: tuple[str, ...]
    """Who can own a policy gap."""


def work_of(app: App, viewer: Viewer, case: Case) -> Work:
    """What a viewer can do with a case."""
    queues, everybody = app.store.queues.all(), app.store.people.all()
    active = [p for p in everybody if p.disabled_at is None]
    able = [p.name for p in active if may_work(p.viewer(), case.case_class)]
    others = [q.name for q in queues.values() if q.case_class is case.case_class and q.name != case.queue]
    return Work(
        mine=case.held_by == viewer.name,
        held_by=case.held_by,
        held_until=case.held_until,
        left=span(case.held_until - now()) if case.held_until else "",
        may_work=viewer.name.startswith("user:") and may_work(viewer, case.case_class),
        may_decide=viewer.may(DECIDE_RIGHT[case.case_class]),
        may_investigate=viewer.may(Right.INVESTIGATE) and viewer.may(DECIDE_RIGHT[case.case_class]),
        waiting=case.state in _WORK,
        snoozed=case.snoozed_until is not None and case.snoozed_until > now(),
        queue=queues[case.queue],
        others=tuple(others),
        people=tuple(name for name in able if f"user:{name}" != viewer.name),
        owners=tuple(p.name for p in active if p.viewer().may(SEE_RIGHT[case.case_class])),
    )


async def take_step(request: Request, app: Served, viewer: AnyCaseViewer, case_id: str) -> Response:
    """Take a step and go back to the case; when it is not possible, give back what was typed."""
    form = await request.form()
    sent = {name: str(value) for name, value in form.items() if name != "csrf"}
    sent["entities"] = "\n".join(str(value) for value in form.getlist("entities"))
    return await run_in_threadpool(_taken, request, app, person(viewer), case_id, sent)


def _taken(request: Request, app: App, viewer: Viewer, case_id: str, sent: Sent) -> Response:
    try:
        where = _do(app, viewer, case_id, sent)
    except (BadInput, Conflict, Forbidden, NotFound) as problem:
        return _again(request, app, viewer, case_id, sent, problem)
    return RedirectResponse(where, _SEE_OTHER)


def _do(app: App, viewer: Viewer, case_id: str, sent: Sent) -> str:
    step = _STEPS.get(sent.get("step", ""))
    if step is None:
        raise BadInput("choose what to do", field="step")
    return step(app, viewer, case_id, sent) or case_path(case_id)


def next_case(app: App, viewer: Viewer, case_id: str) -> str:
    """Give a case back and take the next of its queue; where that is, or the queues if nothing waits."""
    queue = app.store.cases(viewer).case(case_id).queue
    app.queues.give_back(viewer, case_id, "decided; on to the next")
    case = app.queues.take_next(viewer, queue, case_id)
    return case_path(case.id) if case else address("/queues", empty=queue)


def _take(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.queues.take(viewer, case_id)


def _give_back(app: App, viewer: Viewer, case_id: str, sent: Sent) -> str:
    app.queues.give_back(viewer, case_id, sent.get("why", ""))
    return "/queues"


def _hand_over(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.queues.hand_over(viewer, case_id, sent.get("to", ""), sent.get("why", ""))


def _snooze(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.queues.snooze(viewer, case_id, moment_of(sent.get("until", "")), sent.get("why", ""))


def _escalate(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.queues.escalate(viewer, case_id, sent.get("queue", ""), sent.get("why", ""))


def _note(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.case_desk.note(viewer, case_id, sent.get("why", ""), outward=bool(sent.get("outward")))


def _close(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.case_desk.close(viewer, case_id, sent.get("why", ""))


def _reopen(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    app.case_desk.reopen(viewer, case_id, sent.get("why", ""))


def _no_rule(app: App, viewer: Viewer, case_id: str, sent: Sent) -> None:
    days = sent.get("days", "")
    if not days.isdecimal():
        raise BadInput("must be a number of days", field="days")
    app.case_desk.no_rule(viewer, case_id, sent.get("why", ""), sent.get("owner", ""), int(days))


def _merge(app: App, viewer: Viewer, case_id: str, sent: Sent) -> str:
    into = app.case_desk.merge(viewer, case_id, sent.get("into", "").strip(), sent.get("why", ""))
    return case_path(into.id)


def _split(app: App, viewer: Viewer, case_id: str, sent: Sent) -> str:
    entities = sent.get("entities", "").split()
    return case_path(
        app.case_desk.split(viewer, case_id, entities, sent.get("title", ""), sent.get("why", "")).id
    )


_STEPS: dict[str, Callable[[App, Viewer, str, Sent], str | None]] = {
    "take": _take,
    "give_back": _give_back,
    "hand_over": _hand_over,
    "snooze": _snooze,
    "escalate": _escalate,
    "note": _note,
    "close": _close,
    "reopen": _reopen,
    "no_rule": _no_rule,
    "merge": _merge,
    "split": _split,
}


def _again(
    request: Request, app: App, viewer: Viewer, case_id: str, sent: Sent, problem: HavenwallError
) -> Response:
    # Who may not know of the case gets no form.
    case = app.store.cases(viewer).case(case_id)
    told: dict[str, Any] = {"problem": problem.message, "hint": problem.hint or "", "sent": dict(sent)}
    return show(request, viewer, "work_again.html", status=problem.status, case=case, **told)
