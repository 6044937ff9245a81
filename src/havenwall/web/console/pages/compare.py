"""Two members of a case beside each other: signals, risk, ties and dates."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App, CaseGraph
from havenwall.errors import NotFound
from havenwall.model import Case, CaseClass, Member, Restriction, Risk, Viewer
from havenwall.web.access import AnyCaseViewer, Served
from havenwall.web.console.bars import share_bar
from havenwall.web.console.drawing import MOST_MEMBERS
from havenwall.web.console.paging import address, case_path, member_path
from havenwall.web.console.reasons import short_reason
from havenwall.web.console.render import show

_SEE_OTHER = 303


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two."""

    member: Member
    href: str
    risk: Risk | None
    bar: Markup
    reason: str
    restriction: Restriction
    signals: dict[str, int]
    neighbours: frozenset[str]
    """Whom it is tied to among the members that are drawn."""


def show_compared(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    case_id: str,
    one: Annotated[str, Query(max_length=300)] = "",
    two: Annotated[str, Query(max_length=300)] = "",
) -> HTMLResponse:
    """The page; without two members of the case the form that asks for them."""
    case = app.store.cases(viewer).case(case_id)
    names, sides, problem = (one.strip(), two.strip()), [], ""
    graph = app.case_graph(viewer, case.id, MOST_MEMBERS)
    try:
        sides = [_side(app, viewer, case, graph, name) for name in names if name]
    except NotFound as fault:
        problem = fault.message
    if not problem and (not all(names) or names[0] == names[1]):
        problem, sides = "choose two different accounts of the case", []
    told: dict[str, Any] = {"case": case, "names": names, "problem": problem, "sides": sides}
    both = _both(graph, *sides) if len(sides) == 2 else {}
    return show(request, viewer, "compare.html", status=422 if problem else 200, **told, **both)


def compare_selected(
    case_id: str, viewer: AnyCaseViewer, entity: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Go to the page with the accounts that were selected in a table; the page says if they are not two."""
    del viewer
    one, two = (entity or [])[:2] if len(entity or []) == 2 else ("", "")
    return RedirectResponse(address(f"{case_path(case_id)}/compare", one=one, two=two), _SEE_OTHER)


def _side(app: App, viewer: Viewer, case: Case, graph: CaseGraph, name: str) -> Side:
    view = app.store.cases(viewer)
    member = view.member(case.id, name)
    # A risk and its signals name confirmed accounts of child safety, whatever case their entity is in.
    named = [name] if view.may_see(CaseClass.CHILD_SAFETY) else []
    risk = app.store.casework.risks(named).get(name)
    standing = app.store.casework.standings([name]).get(name)
    return Side(
        member=member,
        href=member_path(case.id, name),
        risk=risk,
        bar=share_bar(member.probability),
        reason=short_reason(member, risk),
        restriction=standing.restriction if standing else Restriction.NONE,
        signals=dict(sorted(app.store.policy.signal_counts(named).get(name, {}).items())),
        neighbours=_neighbours(graph, name),
    )


def _neighbours(graph: CaseGraph, name: str) -> frozenset[str]:
    ties = ({link.entity, link.target} for link in graph.links)
    return frozenset().union(*(ends - {name} for ends in ties if name in ends))


def _both(graph: CaseGraph, one: Side, two: Side) -> dict[str, Any]:
    ends = {one.member.entity, two.member.entity}
    return {
        "between": [link for link in graph.links if {link.entity, link.target} == ends],
        "shared": sorted(one.neighbours & two.neighbours),
        "detectors": sorted(one.signals | two.signals),
    }
