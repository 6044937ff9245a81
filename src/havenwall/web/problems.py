"""Every error that leaves the server: one problem document (RFC 9457), or one page for browsers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from havenwall.errors import BadInput, HavenwallError, Unauthenticated
from havenwall.web.console import error_page

_log = structlog.get_logger()
_SERVER_SIDE = "something failed on our side; the log has the details under this request's id"


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """One event that was not taken."""

    index: int
    """Its place in what was sent, from 0."""
    field: str
    """The field at fault; empty when it is the event itself."""
    reason: str
    """What is wrong, and what to do."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, as RFC 9457 has it."""

    type: str
    """`urn:havenwall:problem:` and the name of the error, or `about:blank` where the status says all."""
    title: str
    """The kind of problem."""
    status: int
    detail: str
    """This occurrence of it."""
    hint: str | None = None
    """What to do."""
    field: str | None = None
    """The field at fault."""
    request_id: str | None = None
    """Under which the log has this request."""
    rejected: tuple[Rejected, ...] = ()
    """Events that were not taken."""


def problem_of(error: Exception) -> Problem:
    """The problem document of an error. What broke on our side stays in the log."""
    if isinstance(error, HavenwallError):
        return _of_ours(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, RequestValidationError):
        return _of_ours(_first_fault(error))
    return _of_http(HTTPException(500, _SERVER_SIDE))


def answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as the answer to a request: JSON, or a page for a browser outside the API."""
    if not wants_html(request):
        known = msgspec.structs.replace(problem, request_id=getattr(request.state, "request_id", None))
        return Response(
            msgspec.json.encode(known), problem.status, headers, media_type="application/problem+json"
        )
    page = error_page(problem.status, problem.title, problem.detail, problem.hint)
    page.headers.update(headers or {})
    return page


def wants_html(request: Request) -> bool:
    """Whether a person with a browser asks for a page."""
    path = request.url.path
    return not path.startswith(("/v1/", "/metrics")) and "text/html" in request.headers.get("accept", "")


def add_handlers(server: FastAPI) -> None:
    """Let every error of a route end in a problem document."""
    for kind in (HavenwallError, HTTPException, RequestValidationError):
        server.add_exception_handler(kind, handled)


async def handled(request: Request, error: Exception) -> Response:
    """What is answered when a route ends in an error."""
    if isinstance(error, Unauthenticated) and request.method == "GET" and wants_html(request):
        return RedirectResponse("/sign-in", 303)
    problem = problem_of(error)
    if problem.status >= 500:
        _log.error("failed", problem=problem.type, exc_info=error)
    return answer(request, problem, _headers(error))


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return dict(getattr(error, "headers", None) or {})


def _of_ours(error: HavenwallError) -> Problem:
    ours = error.status >= 500
    return Problem(
        type=f"urn:havenwall:problem:{error.slug}",
        title=_title(type(error)),
        status=error.status,
        detail=_SERVER_SIDE if ours else error.message,
        hint=None if ours else error.hint,
        field=getattr(error, "field", None),
    )


def _of_http(error: HTTPException) -> Problem:
    status = HTTPStatus(error.status_code)
    detail = error.detail if error.detail != status.phrase else status.description or status.phrase
    return Problem(type="about:blank", title=status.phrase, status=status.value, detail=detail)


def _first_fault(error: RequestValidationError) -> BadInput:
    first = cast("dict[str, Any]", error.errors()[0])
    return BadInput(str(first["msg"]), field=".".join(str(part) for part in first["loc"][1:]) or None)


def _title(kind: type[HavenwallError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0].rstrip(".")
