"""The list of cases, most urgent first."""

from __future__ import annotations

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.model import Case, CaseState, now
from havenwall.store.views.cases import CaseView
from havenwall.web.access import CaseViewer, Served
from havenwall.web.console.bars import parts_bar, share_bar
from havenwall.web.console.filters import capitalised
from havenwall.web.console.paging import Choice, address, paged
from havenwall.web.console.render import show
from havenwall.web.console.words import due_words, state_word

_SIZE = 25


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the list shows it."""

    case: Case
    due: str
    late: bool
    priority_bar: Markup
    parts_bar: Markup


def show_cases(
    request: Request, app: Served, viewer: CaseViewer, state: CaseState | None = None, page: int = 1
) -> HTMLResponse:
    """The page. `state` narrows it."""
    view, chosen = app.store.cases(viewer), state.value if state else ""
    states = (chosen,) if chosen else ()
    paging = paged(page, _SIZE, view.count(states=states), lambda n: address("/cases", state=chosen, page=n))
    rows = [case_row(case) for case in view.cases(states=states, limit=_SIZE, offset=paging.offset)]
    filters = _filters(view, chosen)
    return show(
        request, viewer, "cases.html", rows=rows, paging=paging, filters=filters, filtered=bool(chosen)
    )


def case_row(case: Case) -> CaseRow:
    """A case with what is drawn and said about it."""
    due, late = due_words(case, now())
    parts = [("confirmed", case.confirmed), ("proposed", case.proposed), ("cleared", case.cleared)]
    bar = share_bar(case.priority / 100)
    return CaseRow(case=case, due=due, late=late, priority_bar=bar, parts_bar=parts_bar(parts))


def _filters(view: CaseView, chosen: str) -> list[Choice]:
    every = Choice(label="All", href="/cases", count=view.count(), here=not chosen)
    return [every, *(_filter(view, state.value, chosen) for state in CaseState)]


def _filter(view: CaseView, state: str, chosen: str) -> Choice:
    return Choice(
        label=capitalised(state_word(state)),
        href=address("/cases", state=state),
        count=view.count(states=(state,)),
        here=state == chosen,
    )
