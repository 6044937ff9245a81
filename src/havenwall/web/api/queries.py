"""/v1/guard/query: what to do with queries, suggestions and tags."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.guard.query import QuerySurface, QueryVerdict
from havenwall.web.access import GuardAsker, Served
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
    found = app.query_guard.query(
        wanted.text, wanted.surface, country=wanted.country, language=wanted.language
    )
    app.tally.add(wanted.surface, 1, int(found.outcome != "allow"))
    return reply(found)
