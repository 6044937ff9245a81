"""/v1/guard/query: what to do with queries, suggestions and tags."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadConfig, BadInput
from havenwall.guard.query import QueryGuard, QuerySurface, QueryVerdict, TermStatus
from havenwall.web.access import FiguresViewer, GuardAsker, Served
from havenwall.web.api.codec import body, describe, reply


class QueryRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text on a surface."""

    text: str
    """At most 2,000 characters. It is not logged."""
    surface: QuerySurface
    country: str | None = None
    """Of the viewer, as `de`: chooses the help resources."""
    language: str | None = None
    """Of the viewer: chooses the help resources, and leaves out terms of other languages."""


router = APIRouter(prefix="/v1/guard", tags=["guard"])


@router.post("/query", openapi_extra=describe(QueryVerdict, QueryRequest))
def query(
    asker: GuardAsker, app: Served, wanted: Annotated[QueryRequest, Depends(body(QueryRequest))]
) -> Response:
    """What to do with a query, a suggestion or a tag; a term is called by its id only."""
    found = _guard(app).query(wanted.text, wanted.surface, country=wanted.country, language=wanted.language)
    app.tally.add(wanted.surface, 1, int(found.outcome != "allow"))
    return reply(found)


@router.get("/terms", openapi_extra=describe(TermStatus))
def terms(viewer: FiguresViewer, app: Served) -> Response:
    """How the term lists in force stand, and why newer ones were refused."""
    return reply(_guard(app).status())


def _guard(app: App) -> QueryGuard:
    try:
        return app.query_guard
    except BadInput as error:
        # Who asks did nothing wrong, and must not be told so: a client would take it for its own mistake.
        raise BadConfig(str(error), hint=error.hint) from None
