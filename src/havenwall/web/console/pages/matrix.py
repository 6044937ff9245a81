"""What each role may do, as a table of boxes."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import BadInput, Conflict
from havenwall.model import Right, Role, RoleRights, Viewer
from havenwall.web.access import PeopleManager, Served
from havenwall.web.console.accounts import right_words
from havenwall.web.console.render import show

_RIGHTS = tuple((right, right_words(right)) for right in Right)


def show_matrix(request: Request, app: Served, viewer: PeopleManager) -> HTMLResponse:
    """The page."""
    return _page(request, app, viewer)


async def change_matrix(request: Request, app: Served, viewer: PeopleManager) -> HTMLResponse:
    """Keep the boxes that are ticked; all roles, or none where one cannot be changed."""
    form = await request.form(max_files=0)
    ticked = {key: value for key, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_changed, request, app, viewer, ticked)


def _changed(request: Request, app: App, viewer: Viewer, ticked: Mapping[str, str]) -> HTMLResponse:
    try:
        wanted = [_wanted(role, ticked) for role in Role]
        app.store.roles.change_all(wanted, by=viewer)
    except (BadInput, Conflict) as problem:
        return _page(request, app, viewer, problem=problem.message, status=problem.status)
    return _page(request, app, viewer, done=True)


def _page(
    request: Request, app: App, viewer: Viewer, *, problem: str = "", done: bool = False, status: int = 200
) -> HTMLResponse:
    values = {"roles": app.store.roles.all(), "rights": _RIGHTS, "problem": problem, "done": done}
    return show(request, viewer, "matrix.html", status=status, **values)


def _wanted(role: Role, ticked: Mapping[str, str]) -> RoleRights:
    version = ticked.get(f"{role.value}.version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise BadInput("reload the page and try again", field=role.value)
    return RoleRights(
        role=role,
        rights=frozenset(right for right in Right if f"{role.value}.{right.value}" in ticked),
        second_factor=f"{role.value}.second_factor" in ticked,
        version=int(version),
    )
