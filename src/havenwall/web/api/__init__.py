"""The JSON API, one file per noun, and its OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from havenwall.web.api import (
    actions,
    appeals,
    asides,
    audits,
    case_work,
    cases,
    columns,
    compare,
    console,
    endpoints,
    events,
    exhibits,
    figures,
    findings,
    gaps,
    guard,
    hma,
    keys,
    lists,
    live,
    me,
    media,
    network,
    people,
    proposals,
    quality,
    queries,
    queues,
    reports,
    roles,
    subjects,
    system,
    terms,
)
from havenwall.web.api.codec import components
from havenwall.web.api.schemas import SCHEMAS

_ABOUT = """Every route but /v1/health needs `Authorization: Bearer KEY` or the session of somebody signed in.
Errors are problem documents (RFC 9457)."""


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_OTHERWISE: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem document.", "content": _PROBLEM}
}


def add_api(server: FastAPI) -> None:
    """Add all routes of the API.

    Each router goes to the server itself: a router within a router has its routes taken apart twice, and
    that takes most of the time in which a server is made.
    """
    # Routes are tried in their order, so those that are asked most stand first.
    server.include_router(columns.router, responses=_OTHERWISE)
    server.include_router(guard.hot, responses=_OTHERWISE)
    server.include_router(hma.hot, responses=_OTHERWISE)
    nouns = (events, guard, queries, cases, lists, media, live, hma, network, terms, audits, figures, system)
    for noun in (
        *nouns,
        asides,
        compare,
        findings,
        queues,
        exhibits,
        me,
        console,
        case_work,
        subjects,
        gaps,
        actions,
        endpoints,
        proposals,
        people,
        roles,
        keys,
    ):
        server.include_router(noun.router, responses=_OTHERWISE)
    for part in (quality.router, appeals.router, appeals.statements, reports.router, reports.reporters):
        server.include_router(part, responses=_OTHERWISE)


def openapi(server: FastAPI) -> dict[str, Any]:
    """The API's OpenAPI description, with the schemas of the types it speaks."""
    described = get_openapi(
        title="Havenwall", version=server.version, description=_ABOUT, routes=server.routes
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    schemas |= components(SCHEMAS)
    described["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"key": []}]
    return described


__all__ = ["add_api", "openapi"]
