"""All pages of the console."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from havenwall.web.console.pages import (
    access_log,
    case,
    cases,
    communities,
    decide,
    figures,
    guard,
    lists,
    media,
    member,
    overview,
    people,
    precision,
    terms,
    things,
)

_PAGES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/", overview.show_overview),
    ("GET", "/cases", cases.show_cases),
    ("GET", "/cases/{case_id}", case.show_case),
    ("POST", "/cases/{case_id}/decisions", decide.record_decision),
    ("POST", "/cases/{case_id}/referrals", decide.draft_referral),
    ("GET", "/cases/{case_id}/members/{entity:path}", member.show_member),
    ("GET", "/communities", communities.show_communities),
    ("GET", "/communities/{community_id}", communities.show_community),
    ("GET", "/things", things.show_things),
    ("GET", "/terms", terms.show_terms),
    ("POST", "/terms/{proposal_id}", terms.decide_term),
    ("GET", "/guard", guard.show_guard),
    ("POST", "/guard/query", guard.try_query),
    ("GET", "/media", media.show_media),
    ("POST", "/media", media.try_media),
    ("GET", "/media/lists", lists.show_lists),
    ("POST", "/media/lists/{name}/{entry}", lists.let_count),
    ("GET", "/figures", figures.show_figures),
    ("GET", "/precision", precision.show_precision),
    ("GET", "/people", people.show_people),
    ("POST", "/people", people.add_person),
    ("GET", "/access-log", access_log.show_access_log),
)
"""Method, path and what answers; each says itself which right it needs."""


def build_console() -> APIRouter:
    """The routes of the console; they are not part of the API's description."""
    router = APIRouter(include_in_schema=False)
    for method, path, answer in _PAGES:
        router.add_api_route(path, answer, methods=[method], response_model=None)
    return router
