"""Takes a reviewer's decision from a form; gives it back, input kept, when it cannot be recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, HavenwallError, NotFound
from havenwall.model import Member, Right, Verb, Viewer, now
from havenwall.model.proposal import Proposal, Radius
from havenwall.web.access import AnyCaseDecider, Referrer, Served, person
from havenwall.web.console.filters import capitalised
from havenwall.web.console.pages.work import next_case
from havenwall.web.console.paging import address, case_path
from havenwall.web.console.render import show

_LINES = 5
_SEE_OTHER = 303


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as the form sent it."""

    case_id: str
    version: int
    verb: str
    entities: tuple[str, ...]
    why: str
    back: str
    days: str = ""
    policy: str = ""


def read_form(
    case_id: str,
    version: Annotated[int, Form()],
    verb: Annotated[str, Form()] = "",
    entity: Annotated[list[str] | None, Form()] = None,
    why: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
    policy: Annotated[str, Form()] = "",
) -> Sent:
    """The decision that a form sent, unchecked but for where it goes back to."""
    return Sent(
        case_id=case_id,
        version=version,
        verb=verb,
        entities=tuple(entity or ()),
        why=why,
        back=_safe(back, case_id),
        days=days,
        policy=policy,
    )


SentForm = Annotated[Sent, Depends(read_form)]


def record_decision(
    request: Request, app: Served, viewer: AnyCaseDecider, sent: SentForm, next: Annotated[str, Form()] = ""
) -> Response:
    """Decide on accounts, then go back to where the form was, or to what waits for a second person."""
    decider = person(viewer)
    try:
        done = app.decide(
            decider,
            sent.case_id,
            sent.version,
            _verb(sent.verb),
            sent.entities,
            sent.why,
            expires_at=_end(sent.days, sent.verb),
            policy=sent.policy,
        )
    except (BadInput, Conflict, Forbidden, NotFound) as problem:
        return _again(request, app, viewer, sent, problem)
    if isinstance(done, Proposal):
        return RedirectResponse(address("/approvals", done=done.id), _SEE_OTHER)
    if next:
        return RedirectResponse(next_case(app, viewer, sent.case_id), _SEE_OTHER)
    return RedirectResponse(_with_done(sent.back, done.id), _SEE_OTHER)


def preview_decision(request: Request, app: Served, viewer: AnyCaseDecider, sent: SentForm) -> Response:
    """Show whom the decision would touch, and the form again; nothing is decided."""
    try:
        radius = app.actions.preview(viewer, sent.case_id, sent.entities)
    except (BadInput, Forbidden, NotFound) as problem:
        return _again(request, app, viewer, sent, problem)
    return _again(request, app, viewer, sent, None, radius)


def draft_referral(request: Request, app: Served, viewer: Referrer, case_id: str) -> Response:
    """Draft a referral from the case and go back to it."""
    del request
    app.refer(person(viewer), case_id)
    return RedirectResponse(case_path(case_id) + "#history", _SEE_OTHER)


_VERBS = (Verb.SUPPRESS, Verb.CONFIRM, Verb.CLEAR, Verb.RESTRICT, Verb.REMOVE, Verb.LIFT, Verb.CARE)
_MOST_DAYS = 3650


def _verb(sent: str) -> Verb:
    if sent not in _VERBS:
        raise BadInput("choose what to decide")
    return Verb(sent)


def _end(days: str, verb: str) -> datetime | None:
    if not days.strip() or verb != Verb.RESTRICT:
        return None
    if not days.isdecimal() or not 1 <= int(days) <= _MOST_DAYS:
        raise BadInput(f"a restriction ends after 1 to {_MOST_DAYS} days, or not by itself")
    return now() + timedelta(days=int(days))


def _safe(back: str, case_id: str) -> str:
    # A form field can be forged; only pages of this case are gone back to.
    home = case_path(case_id)
    return back if back.startswith((home + "?", home + "#", home + "/members/")) else home


def _with_done(back: str, decision_id: str) -> str:
    # Without the fragment, so that the page opens at its top, where it says what was done.
    path, _, query = back.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("done=")]
    return f"{path}?{'&'.join([*kept, f'done={decision_id}'])}"


def _again(
    request: Request,
    app: App,
    viewer: Viewer,
    sent: Sent,
    problem: HavenwallError | None,
    radius: Radius | None = None,
) -> Response:
    view = app.store.cases(viewer)
    case = view.case(sent.case_id)
    return show(
        request,
        viewer,
        "again.html",
        status=problem.status if problem else 200,
        title=_title(problem),
        detail=_detail(problem) if problem else "",
        may_remove=viewer.may(Right.REMOVE),
        policies=app.actions.policies,
        radius=radius,
        days=sent.days,
        policy=sent.policy,
        case=case,
        queue_policy=app.store.queues.all()[case.queue].policy,
        members=_chosen(app, sent),
        verb=sent.verb,
        why=sent.why,
        back=sent.back,
        history=view.history(sent.case_id, limit=_LINES),
    )


def _title(problem: HavenwallError | None) -> str:
    if problem is None:
        return "Whom this decision would touch"
    changed = isinstance(problem, Conflict)
    return "The case changed while you decided" if changed else "This decision cannot be recorded yet"


def _detail(problem: HavenwallError) -> str:
    if not isinstance(problem, Conflict):
        return f"{problem.plain}. {capitalised(problem.hint)}." if problem.hint else problem.plain
    return (
        "Nothing was recorded. See what happened last and how the accounts stand now, "
        "and record your decision again if it still holds."
    )


def _chosen(app: App, sent: Sent) -> list[Member]:
    members = app.store.casework.members(sent.case_id)
    return [members[entity] for entity in dict.fromkeys(sent.entities) if entity in members]
