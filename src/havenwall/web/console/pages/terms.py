"""Terms that a machine proposed: their evidence, and the form by which a person accepts or rejects one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict
from havenwall.model import Right, TermProposal, TermState, Viewer
from havenwall.web.access import CaseDecider, CaseViewer, Served, person
from havenwall.web.console.paging import Choice, address, member_path, paged
from havenwall.web.console.render import show
from havenwall.web.console.words import problem_words

_SIZE = 10
_SEE_OTHER = 303
_LABELS = {TermState.OPEN: "To decide", TermState.ACCEPTED: "Accepted", TermState.REJECTED: "Rejected"}


class ExampleLink(msgspec.Struct, frozen=True, kw_only=True):
    """An account that used a term; without an address if it is in no case."""

    entity: str
    href: str


class TermRow(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as the page shows it."""

    one: TermProposal
    examples: tuple[ExampleLink, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed into the form of a proposal that could not be decided."""

    id: str = ""
    problem: str = ""
    why: str = ""
    state: str = ""


def show_terms(
    request: Request,
    app: Served,
    viewer: CaseViewer,
    state: TermState = TermState.OPEN,
    page: int = 1,
    done: str = "",
) -> HTMLResponse:
    """The page: proposals in one state. `done` is the id of one that was just decided."""
    return _page(request, app, viewer, state, page, done=done)


def decide_term(
    request: Request,
    app: Served,
    viewer: CaseDecider,
    proposal_id: str,
    version: Annotated[int, Form()],
    choice: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
) -> Response:
    """Accept (`block` or `suppress`) or reject a proposal, then go back to the list."""
    try:
        state, severity = _chosen(choice)
        app.terms.decide(person(viewer), proposal_id, version, state, why, severity)
    except (BadInput, Conflict) as problem:
        kept = Kept(id=proposal_id, problem=problem_words(problem), why=why, state=choice)
        before = app.store.terms.proposal(proposal_id).state
        return _page(request, app, viewer, before, 1, kept=kept, status=problem.status)
    return RedirectResponse(address("/terms", done=proposal_id), _SEE_OTHER)


def _chosen(choice: str) -> tuple[TermState, str]:
    if choice == "reject":
        return TermState.REJECTED, ""
    if choice in ("block", "suppress"):
        return TermState.ACCEPTED, choice
    raise BadInput("choose to block, to suppress or to reject")


def _page(
    request: Request,
    app: App,
    viewer: Viewer,
    state: TermState,
    page: int,
    *,
    done: str = "",
    kept: Kept | None = None,
    status: int = 200,
) -> HTMLResponse:
    every = app.terms.proposals(viewer)
    found = [one for one in every if one.state is state]
    if kept:
        found.sort(key=lambda one: one.id != kept.id)
    paging = paged(page, _SIZE, len(found), lambda n: address("/terms", state=state.value, page=n))
    shown = found[paging.offset : paging.offset + _SIZE]
    return show(
        request,
        viewer,
        "terms.html",
        status=status,
        rows=_rows(app, viewer, shown),
        paging=paging,
        filters=_filters(every, state),
        state=state.value,
        kept=kept or Kept(),
        told=next((one for one in every if one.id == done and one.state is not TermState.OPEN), None),
        may_decide=viewer.may(Right.DECIDE_CHILD_SAFETY),
    )


def _rows(app: App, viewer: Viewer, shown: Sequence[TermProposal]) -> list[TermRow]:
    named = {entity for one in shown for entity in one.evidence.examples}
    cases = app.store.communities(viewer).cases_of(named)
    return [
        TermRow(one=one, examples=tuple(_link(entity, cases) for entity in one.evidence.examples))
        for one in shown
    ]


def _link(entity: str, cases: dict[str, str]) -> ExampleLink:
    return ExampleLink(entity=entity, href=member_path(cases[entity], entity) if entity in cases else "")


def _filters(every: Sequence[TermProposal], chosen: TermState) -> list[Choice]:
    counts = Counter(one.state for one in every)
    return [
        Choice(
            label=label,
            href=address("/terms", state=state.value if state is not TermState.OPEN else ""),
            count=counts[state],
            here=state is chosen,
        )
        for state, label in _LABELS.items()
    ]
