"""Decisions that wait for a second person, with whom they touched when proposed and would touch now."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import msgspec
from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, Forbidden, NotFound
from havenwall.model import Right, Viewer
from havenwall.model.proposal import Proposal, ProposalState, Radius
from havenwall.web.access import AnyCaseDecider, Served, person
from havenwall.web.console.filters import spaced
from havenwall.web.console.paging import Choice, address, case_path, paged
from havenwall.web.console.render import show
from havenwall.web.console.words import problem_words

_SEE_OTHER = 303
_SIZE = 10
_NAMED = 20


class ProposalRow(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as the page shows it."""

    one: Proposal
    href: str
    now: Radius | None
    """While it waits."""
    named: tuple[str, ...]
    more: int
    mine: bool
    """Whether the viewer proposed it, and so cannot approve it."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and could not be done."""

    id: str = ""
    why: str = ""
    problem: str = ""


def show_approvals(
    request: Request,
    app: Served,
    viewer: AnyCaseDecider,
    state: ProposalState = ProposalState.WAITING,
    page: int = 1,
    done: str = "",
) -> HTMLResponse:
    """The page. `done` is the proposal just made or settled."""
    return _page(request, app, viewer, state, page, done=done)


def settle_proposal(
    request: Request,
    app: Served,
    viewer: AnyCaseDecider,
    proposal_id: str,
    choice: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Approve or reject a proposal, then go back to those that wait."""
    try:
        if choice == "approve":
            app.actions.approve(person(viewer), proposal_id, why)
        elif choice == "reject":
            app.actions.reject(person(viewer), proposal_id, why)
        else:
            raise BadInput("choose to approve or to reject")
    except (BadInput, Conflict, Forbidden) as problem:
        kept = Kept(id=proposal_id, why=why, problem=problem_words(problem))
        return _page(request, app, viewer, ProposalState.WAITING, 1, kept=kept, status=problem.status)
    return RedirectResponse(address("/approvals", done=proposal_id), _SEE_OTHER)


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    state: ProposalState,
    page: int,
    *,
    done: str = "",
    kept: Kept | None = None,
    status: int = 200,
) -> HTMLResponse:
    every = app.store.proposals.count(app.actions.classes(viewer))
    paging = paged(page, _SIZE, every.get(state.value, 0), lambda number: _address(state, number))
    found = app.actions.proposals(viewer, state, _SIZE, paging.offset)
    kept = kept or Kept()
    return show(
        request,
        viewer,
        "approvals.html",
        status=status,
        rows=[_row(app, viewer, one) for one in found],
        filters=[_filter(each, state, every.get(each.value, 0)) for each in ProposalState],
        paging=paging,
        state=state.value,
        told=_done(app, viewer, done),
        kept=kept,
        elsewhere="" if kept.id in {one.id for one in found} else kept.problem,
        may_approve=viewer.may(Right.APPROVE),
        me=viewer.name,
    )


def _done(app: App, viewer: Viewer, proposal_id: str) -> Proposal | None:
    if not proposal_id:
        return None
    with suppress(NotFound):
        return app.actions.proposal(viewer, proposal_id)[0]
    return None


def _row(app: App, viewer: Viewer, one: Proposal) -> ProposalRow:
    names = one.decision.entities
    return ProposalRow(
        one=one,
        href=case_path(one.case_id),
        now=app.store.radius.of(names) if one.state is ProposalState.WAITING else None,
        named=names[:_NAMED],
        more=len(names[_NAMED:]),
        mine=one.by == viewer.name,
    )


def _address(state: ProposalState, page: int = 1) -> str:
    return address("/approvals", state="" if state is ProposalState.WAITING else state.value, page=page)


def _filter(each: ProposalState, chosen: ProposalState, count: int) -> Choice:
    return Choice(label=spaced(each.value), href=_address(each), count=count, here=each is chosen)
