"""Pages for those who are not signed in, and for when something went wrong."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from havenwall.web.console.render import show_anybody


def sign_in_page(
    *, problem: str | None = None, name: str = "", status: int = 200, oidc: bool = False
) -> HTMLResponse:
    """The form for name and password; it posts `name` and `password` to /sign-in.

    Args: `oidc`: whether to name the way by another server.
    """
    return show_anybody("sign_in.html", status=status, problem=problem, name=name, oidc=oidc)


def onward_page(path: str) -> HTMLResponse:
    """A page that leads on by itself, for one who comes from another server."""
    return show_anybody("onward.html", path=path)


def link_page(*, problem: str | None = None, status: int = 200) -> HTMLResponse:
    """The form for a one-time code; it posts `code` to /sign-in/link."""
    return show_anybody("link.html", status=status, problem=problem)


def code_page(*, problem: str | None = None, status: int = 200) -> HTMLResponse:
    """The form for a second factor; it posts `code` to /sign-in/code."""
    return show_anybody("code.html", status=status, problem=problem)


def error_page(status: int, title: str, detail: str, hint: str | None = None) -> HTMLResponse:
    """What went wrong, in words, with a way out."""
    return show_anybody("error.html", status=status, code=status, title=title, detail=detail, hint=hint)
