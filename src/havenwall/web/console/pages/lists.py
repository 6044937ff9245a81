"""Lists of known media: how each stands, and entries set aside for matching far too much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.model import Right, Viewer
from havenwall.model.bank import BankStatus
from havenwall.model.bank_entry import BankEntry, EntryState
from havenwall.web.access import FiguresViewer, Manager, Served, person
from havenwall.web.console.render import show

_SEE_OTHER = 303
_MOST = 20


def show_lists(request: Request, app: Served, viewer: FiguresViewer, done: int = 0) -> HTMLResponse:
    """The page; `done` is the number of an entry that was just let count again."""
    lists = app.banks.statuses(viewer)
    return show(
        request,
        viewer,
        "lists.html",
        lists=lists,
        aside=_set_aside(app, viewer, lists),
        done=_done(app, viewer, done),
        search=app.store.bank_backfills.newest(),
        files=(*app.config.hash_lists, *app.config.clip_lists),
    )


def _done(app: Served, viewer: Viewer, entry_id: int) -> BankEntry | None:
    # The address is anybody's to write: it tells of no entry but to who could have let it count.
    if not entry_id or not viewer.may(Right.MANAGE):
        return None
    found = next(iter(app.store.bank_view.by_ids([entry_id])), None)
    return found if found and found.state is EntryState.ACTIVE else None


def let_count(
    app: Served, manager: Manager, name: str, entry: int, why: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Let an entry that was set aside count again, then go back to the page."""
    app.banks.set_entry(person(manager), name, entry, EntryState.ACTIVE, why)
    return RedirectResponse(f"/media/lists?done={entry}", _SEE_OTHER)


def _set_aside(app: Served, viewer: Viewer, lists: Sequence[BankStatus]) -> list[BankEntry]:
    # What an entry is called may say much about it: only who manages lists sees that.
    if not viewer.may(Right.MANAGE):
        return []
    names = [each.bank.name for each in lists if each.set_aside]
    view = app.store.bank_view
    return [entry for name in names for entry in view.entries(name, EntryState.SET_ASIDE, _MOST)]
