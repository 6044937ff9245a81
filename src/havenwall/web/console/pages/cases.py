"""The list of cases, most urgent first: narrowed, searched and sorted by its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.app import App
from havenwall.app.queues import may_work
from havenwall.model import Case, CaseClass, CaseState, CaseTopic, Viewer, now
from havenwall.model.console import SavedFilter
from havenwall.store.views.case_list import MOST, CaseFilter, CaseSort
from havenwall.store.views.cases import CaseView
from havenwall.web.access import AnyCaseViewer, Served, person
from havenwall.web.console.bars import parts_bar, share_bar
from havenwall.web.console.filters import capitalised
from havenwall.web.console.paging import Choice, address, paged
from havenwall.web.console.render import show
from havenwall.web.console.words import due_words, state_word
from havenwall.web.tongue import N_, gettext

_SIZE = 25
_SEE_OTHER = 303
_SORTS: dict[CaseSort, str] = {
    "priority": N_("most urgent"),
    "due": N_("due first"),
    "oldest": N_("oldest"),
}


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the list shows it."""

    case: Case
    due: str
    late: bool
    priority_bar: Markup
    parts_bar: Markup


def show_cases(
    request: Request,
    app: Served,
    viewer: AnyCaseViewer,
    state: CaseState | None = None,
    queue: str = "",
    topic: Annotated[str, Query(pattern=f"^({'|'.join(CaseTopic)})?$")] = "",
    case_class: Annotated[str, Query(pattern=f"^({'|'.join(CaseClass)})?$")] = "",
    overdue: bool = False,
    mine: bool = False,
    q: Annotated[str, Query(max_length=300)] = "",
    sort: CaseSort = "priority",
    page: int = 1,
) -> HTMLResponse:
    """The page."""
    view = app.store.cases(viewer)
    asked = CaseFilter(
        queue=queue,
        states=(state.value,) if state else (),
        topic=CaseTopic(topic) if topic else None,
        case_class=CaseClass(case_class) if case_class else None,
        overdue=overdue,
        mine=mine,
        text=q.strip(),
        sort=sort,
    )
    paging = paged(page, _SIZE, view.count(asked=asked), lambda n: _href(asked, page=n))
    queues = [name for name, one in app.store.queues.all().items() if view.may_see(one.case_class)]
    return show(
        request,
        viewer,
        "cases.html",
        rows=[case_row(case) for case in view.cases(asked=asked, limit=_SIZE, offset=paging.offset)],
        paging=paging,
        filters=_filters(view, asked),
        filtered=asked != CaseFilter(sort=sort),
        asked=asked,
        queues=queues,
        topics=list(CaseTopic),
        classes=[each for each in CaseClass if view.may_see(each)],
        sorts=_SORTS,
        many=paging.total >= MOST,
        saved=saved_filters(app, viewer),
        query=_href(asked).partition("?")[2],
        may_bulk=viewer.name.startswith("user:") and any(may_work(viewer, each) for each in CaseClass),
    )


def saved_filters(app: App, viewer: Viewer) -> list[SavedFilter]:
    """The filters a viewer has; a key has none."""
    return app.console.filters(viewer) if viewer.name.startswith("user:") else []


def change_filters(
    app: Served,
    viewer: AnyCaseViewer,
    name: Annotated[str, Form()] = "",
    query: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = False,
    drop: Annotated[str, Form()] = "",
) -> Response:
    """Keep the list as it is narrowed under a name, or delete a filter; then back to the list."""
    if drop:
        app.console.drop_filter(person(viewer), drop)
    else:
        app.console.save_filter(person(viewer), name, query, shared=shared)
    return RedirectResponse("/cases" + (f"?{query}" if query else ""), _SEE_OTHER)


def case_row(case: Case) -> CaseRow:
    """A case with what is drawn and said about it."""
    due, late = due_words(case, now())
    parts = [("confirmed", case.confirmed), ("proposed", case.proposed)]
    parts += [("cleared", case.cleared), ("care", case.care)]
    bar = share_bar(case.priority / 100)
    return CaseRow(case=case, due=due, late=late, priority_bar=bar, parts_bar=parts_bar(parts))


def _filters(view: CaseView, asked: CaseFilter) -> list[Choice]:
    # Indexes tell how many are in a state; where something else narrows too, each case must be looked at.
    plain = msgspec.structs.replace(asked, states=()) == CaseFilter()
    counts = view.counts() if plain else {}
    return [_filter(asked, state, counts) for state in (None, *CaseState)]


def _filter(asked: CaseFilter, state: CaseState | None, counts: Mapping[str, int]) -> Choice:
    states = (state.value,) if state else ()
    there = msgspec.structs.replace(asked, states=states)
    count = counts.get(state.value if state else "", -1)
    return Choice(
        label=capitalised(state_word(state.value)) if state else gettext("All"),
        href=_href(there),
        count=count,
        here=there.states == asked.states,
        more=count >= MOST,
    )


def _href(asked: CaseFilter, page: int = 1) -> str:
    said: dict[str, Any] = {
        "state": asked.states[0] if asked.states else "",
        "queue": asked.queue,
        "topic": asked.topic or "",
        "case_class": asked.case_class or "",
        "overdue": "true" if asked.overdue else "",
        "mine": "true" if asked.mine else "",
        "q": asked.text,
        "sort": asked.sort if asked.sort != "priority" else "",
    }
    return address("/cases", **said, page=page)
