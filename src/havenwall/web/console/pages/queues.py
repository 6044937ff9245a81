"""Queues: what waits where, taking the next case, and, for those who may, the rules."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.app.queues import may_work
from havenwall.errors import BadInput, HavenwallError
from havenwall.model import CaseClass, CaseSource, CaseTopic, EntityKind, Queue, QueueRule, Right, Viewer, now
from havenwall.store.queues import QueueCount
from havenwall.web.access import AnyCaseViewer, QueueManager, QueueViewer, Served, person
from havenwall.web.console.paging import address, case_path
from havenwall.web.console.render import show
from havenwall.web.console.words import number, span
from havenwall.web.tongue import N_, gettext

_SEE_OTHER = 303
_LEGENDS = (N_("topics"), N_("sources"), N_("kinds"))
"""What the form of a queue may narrow, as its template names them."""


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A queue as the list shows it."""

    queue: Queue
    count: QueueCount
    href: str
    rule: str
    late: str
    may_take: bool


def show_queues(
    request: Request, app: Served, viewer: QueueViewer, edit: str = "", empty: str = "", moved: int = -1
) -> Response:
    """The page. `edit` names the queue in the form, `empty` the one in which nothing was left to take."""
    return _page(request, app, viewer, edit=edit, empty=empty, moved=moved)


def take_next(
    app: Served, viewer: AnyCaseViewer, queue: Annotated[str, Form()], but: Annotated[str, Form()] = ""
) -> Response:
    """Take the next case of a queue and go to it."""
    case = app.queues.take_next(person(viewer), queue, but)
    where = case_path(case.id) if case else address("/queues", empty=queue)
    return RedirectResponse(where, _SEE_OTHER)


async def save_queue(request: Request, app: Served, viewer: QueueManager) -> Response:
    """Set up or change a queue, or take it away."""
    form = await request.form()
    sent = {name: [str(v) for v in form.getlist(name)] for name in form}
    return await run_in_threadpool(_saved, request, app, viewer, sent)


def _saved(request: Request, app: App, viewer: Viewer, sent: dict[str, list[str]]) -> Response:
    try:
        if "delete" in sent:
            change = app.queues.delete(viewer, sent["delete"][0])
        else:
            change = app.queues.save(viewer, _queue(sent))
    except HavenwallError as problem:
        return _page(request, app, viewer, status=problem.status, sent=sent, problem=problem.message)
    return RedirectResponse(f"/queues?moved={change.moved}", _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    *,
    edit: str = "",
    empty: str = "",
    moved: int = -1,
    status: int = 200,
    sent: dict[str, list[str]] | None = None,
    problem: str = "",
) -> Response:
    rows = [queue_row(viewer, queue, count) for queue, count in app.queues.queues(viewer)]
    edited = {row.queue.name: row.queue for row in rows}.get(edit)
    return show(
        request,
        viewer,
        "queues.html",
        status=status,
        rows=rows,
        empty=empty,
        moved=moved,
        problem=problem,
        may_manage=viewer.may(Right.MANAGE_QUEUES),
        form=sent if sent is not None else _form(edited),
        edited=edited,
        classes=list(CaseClass),
        topics=list(CaseTopic),
        sources=list(CaseSource),
        kinds=list(EntityKind),
    )


def queue_row(viewer: Viewer, queue: Queue, count: QueueCount) -> QueueRow:
    """A queue with what is said about it."""
    late = count.oldest_due_at is not None and count.oldest_due_at < now()
    return QueueRow(
        queue=queue,
        count=count,
        href=address("/cases", queue=queue.name),
        rule=gettext("all that no other queue takes") if queue.is_default else rule_words(queue.rule),
        late=span(now() - count.oldest_due_at) if late and count.oldest_due_at else "",
        may_take=viewer.name.startswith("user:") and may_work(viewer, queue.case_class),
    )


def rule_words(rule: QueueRule) -> str:
    """What a rule takes, in words."""
    lists = (
        (gettext("topic"), rule.topics),
        (gettext("source"), rule.sources),
        (gettext("language"), rule.languages),
        (gettext("kind"), rule.kinds),
    )
    either = gettext(" or ")
    told = [f"{name} {either.join(map(gettext, values))}" for name, values in lists if values]
    told += [gettext("priority %s or more") % f"{rule.min_priority:g}"] if rule.min_priority else []
    told += [gettext("%s members or more") % number(rule.min_members)] if rule.min_members else []
    told += [gettext("danger now")] if rule.imminent else []
    return "; ".join(told) or gettext("every case of the class")


def _form(queue: Queue | None) -> dict[str, list[str]]:
    if queue is None:
        return {}
    rule = queue.rule
    return {
        "name": [queue.name],
        "case_class": [queue.case_class.value],
        "position": [str(queue.position)],
        "hours": [f"{queue.hours:g}" if queue.hours is not None else ""],
        "policy": [queue.policy],
        "topics": [*rule.topics],
        "sources": [*rule.sources],
        "kinds": [*rule.kinds],
        "languages": [" ".join(rule.languages)],
        "min_priority": [f"{rule.min_priority:g}"],
        "min_members": [str(rule.min_members)],
        "imminent": ["1"] if rule.imminent else [],
    }


def _queue(sent: dict[str, list[str]]) -> Queue:
    def one(name: str, otherwise: str = "") -> str:
        return (sent.get(name) or [""])[0].strip() or otherwise

    rule = {
        "topics": sent.get("topics", []),
        "sources": sent.get("sources", []),
        "kinds": sent.get("kinds", []),
        "languages": one("languages").replace(",", " ").split(),
        "min_priority": one("min_priority", "0"),
        "min_members": one("min_members", "0"),
        "imminent": bool(sent.get("imminent")),
    }
    raw: dict[str, Any] = {
        "name": one("name"),
        "case_class": one("case_class"),
        "policy": one("policy"),
        "rule": rule,
    }
    raw |= {"position": one("position", "100"), "hours": one("hours") or None}
    try:
        return msgspec.convert(raw, Queue, strict=False)
    except msgspec.ValidationError as problem:
        reason, _, place = str(problem).partition(" - at `$")
        raise BadInput(reason, field=place.strip("`.") or "queue") from problem
