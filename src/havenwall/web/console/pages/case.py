"""A case: its network drawn, its history, and its accounts to decide on."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.app import App
from havenwall.app.drawing import path_to_confirmed
from havenwall.model import DECIDE_RIGHT, Case, CaseClass, Member, MemberState, NetworkRole, Right, Viewer
from havenwall.store.views.cases import CaseView
from havenwall.web.access import AnyCaseViewer, Served
from havenwall.web.console.bars import share_bar
from havenwall.web.console.drawing import MOST_MEMBERS, network_svg
from havenwall.web.console.filters import capitalised
from havenwall.web.console.flash import flash_of
from havenwall.web.console.pages.cases import case_row
from havenwall.web.console.pages.presence import presence_words
from havenwall.web.console.pages.reports import reports_on_case
from havenwall.web.console.pages.subject import subject_on_case
from havenwall.web.console.pages.work import work_of
from havenwall.web.console.paging import (
    Choice,
    Paging,
    address,
    case_path,
    member_path,
    one_more,
    page_number,
    paged,
)
from havenwall.web.console.reasons import short_reason
from havenwall.web.console.render import show
from havenwall.web.console.words import drawing_words, likelihood, state_word
from havenwall.web.tongue import gettext

_SIZE = 25
_LINES = 8
_MOST_TIES = 200
_ALL = "all"
_CONFIRMED = MemberState.CONFIRMED
_ORDER = (
    MemberState.PROPOSED.value,
    MemberState.CONFIRMED.value,
    MemberState.CLEARED.value,
    MemberState.CARE.value,
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What of the case the address asks for."""

    state: str = ""
    role: str = ""
    q: str = ""
    drawn: bool = False
    """Only those drawn by lot for an audit."""
    page: int = 1
    h: int = 1
    """Page of the history."""
    path: str = ""
    """From which account the drawing marks the shortest path to a confirmed one."""


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the table shows it."""

    member: Member
    href: str
    likely: str
    bar: Markup
    reason: str
    drawn: bool


def show_case(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    case_id: str,
    state: MemberState | Literal["all", ""] = "",
    role: NetworkRole | Literal[""] = "",
    q: str = "",
    drawn: bool = False,
    page: int = 1,
    h: int = 1,
    path: Annotated[str, Query(max_length=300)] = "",
    done: str = "",
) -> HTMLResponse:
    """The page. `state`, `role`, `q` and `drawn` narrow the accounts, `done` is the decision just made."""
    view = app.store.cases(viewer)
    case = view.case(case_id)
    asked = Asked(state=_first(case, state), role=role, q=q.strip(), drawn=drawn, page=page, h=h, path=path)
    row = case_row(case)
    return show(
        request,
        viewer,
        "case.html",
        case=case,
        due=row.due,
        late=row.late,
        priority_bar=row.priority_bar,
        parts_bar=row.parts_bar,
        may_decide=viewer.may(DECIDE_RIGHT[case.case_class]),
        may_remove=viewer.may(Right.REMOVE),
        policies=app.actions.policies,
        may_refer=viewer.may(Right.REFER) and viewer.may(Right.DECIDE_CHILD_SAFETY),
        work=work_of(app, viewer, case),
        presence=presence_words(app, viewer, case.id),
        flash=flash_of(app, view, case.id, done),
        exhibits=view.exhibit_count(case.id),
        referrals=view.referrals(case.id),
        **subject_on_case(app, viewer, case),
        **reports_on_case(app, viewer, case.id, case.key),
        **_members(app, view, case, asked),
        **_history(view, case, asked),
        **_drawing(app, viewer, case, asked.path),
    )


def _first(case: Case, state: str) -> str:
    # Who opens a case comes to review; the confirmed accounts would fill the first page.
    return state or (MemberState.PROPOSED.value if case.proposed else _ALL)


def _members(app: App, view: CaseView, case: Case, asked: Asked) -> dict[str, Any]:
    drawn = app.store.audits.drawn()
    members, paging = _found(view, case, asked, drawn)
    # A risk names confirmed accounts of child safety, whatever case its entity is in.
    may = view.may_see(CaseClass.CHILD_SAFETY)
    risks = app.store.casework.risks(member.entity for member in members) if may else {}
    return {
        "rows": [
            MemberRow(
                member=member,
                href=member_path(case.id, member.entity),
                likely=_likely(member),
                bar=share_bar(member.probability),
                reason=short_reason(member, risks.get(member.entity)),
                drawn=member.entity in drawn,
            )
            for member in members
        ],
        "paging": paging,
        "filters": [_filter(case, asked, name) for name in (*_ORDER, _ALL)],
        "here": _href(case, asked, asked.page),
        "q": asked.q,
        "roles": list(NetworkRole),
        "role": asked.role,
        "drawn": asked.drawn,
    }


def _likely(member: Member) -> str:
    known = member.state is MemberState.CONFIRMED and member.risk_id is None
    return gettext("known") if known else likelihood(member.probability)


def _found(view: CaseView, case: Case, asked: Asked, drawn: Collection[str]) -> tuple[list[Member], Paging]:
    href = partial(_href, case, asked)
    state = None if asked.state == _ALL else MemberState(asked.state)
    if not (asked.q or asked.role or asked.drawn):
        paging = paged(asked.page, _SIZE, _count(case, asked.state), href)
        return view.members(case.id, state=state, limit=_SIZE, offset=paging.offset), paging
    at = page_number(asked.page)
    fits = partial(_fits, asked, drawn) if asked.role or asked.drawn else None
    found = view.members(
        case.id, state=state, text=asked.q, fits=fits, limit=_SIZE + 1, offset=(at - 1) * _SIZE
    )
    return found[:_SIZE], one_more(at, _SIZE, len(found), href)


def _fits(asked: Asked, drawn: Collection[str], member: Member) -> bool:
    return asked.role in ("", member.role) and (not asked.drawn or member.entity in drawn)


def _href(case: Case, asked: Asked, page: int) -> str:
    narrowed = {"state": asked.state, "role": asked.role, "q": asked.q, "drawn": _flag(asked)}
    return address(case_path(case.id), "accounts", **narrowed, page=page, h=asked.h)


def _filter(case: Case, asked: Asked, state: str) -> Choice:
    return Choice(
        label=capitalised(state_word(state)),
        href=address(
            case_path(case.id), "accounts", state=state, role=asked.role, q=asked.q, drawn=_flag(asked)
        ),
        count=_count(case, state),
        here=state == asked.state,
    )


def _flag(asked: Asked) -> str:
    return "true" if asked.drawn else ""


def _count(case: Case, state: str) -> int:
    return case.members if state == _ALL else int(getattr(case, state))


def _history(view: CaseView, case: Case, asked: Asked) -> dict[str, Any]:
    # One line more than a page tells whether there is another; the store does not count them.
    at = page_number(asked.h)
    lines = view.history(case.id, limit=_LINES + 1, offset=(at - 1) * _LINES)
    paging = one_more(at, _LINES, len(lines), lambda n: address(case_path(case.id), "history", h=n))
    return {"history": lines[:_LINES], "history_paging": paging}


def _drawing(app: App, viewer: Viewer, case: Case, start: str) -> dict[str, Any]:
    graph = app.case_graph(viewer, case.id, MOST_MEMBERS, also=start)
    path = path_to_confirmed(graph, start) if start else ()
    return {
        "path_from": start,
        "path_starts": any(member.entity == start and member.state is _CONFIRMED for member in graph.members),
        "path": [(link, *(member_path(case.id, end) for end in (link.entity, link.target))) for link in path],
        "drawing": network_svg(graph, partial(member_path, case.id), path=path),
        "drawing_words": drawing_words(graph, case.members),
        "ties": graph.links[:_MOST_TIES],
        "ties_shown": min(_MOST_TIES, len(graph.links)),
        "ties_total": len(graph.links),
    }
